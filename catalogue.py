"""What is known of the families of checkpoints, as lines for a terminal: read off their profiles."""

import re
import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import assert_never

from .policies.grammars import Canvas, Occasion
from .policies.profiles import (
    PROFILES,
    Alone,
    Checkpoint,
    Dialogue,
    History,
    Interleaved,
    Listed,
    Profile,
    Score,
    Stepped,
    find_profile,
)
from .screen import Size

OWN = "qwen2_vl"
"""The architecture that the own engine runs."""
SERVED = frozenset(("opencua", "kimi_vl", "qwen"))
"""Architectures that nothing but a server runs: their own code is never run here."""
NOTE_COLUMNS = 120
"""Where running text is broken at the latest."""
ABBREVIATED = {"SS": "ScreenSpot", "SSv2": "ScreenSpot-v2", "SSP": "ScreenSpot-Pro"}
AVERAGES = (
    "An average of a ScreenSpot differs between sources by a point or two: some weigh its subsets alike, others every "
    "sample. Compare figures of one source."
)
_HEADINGS = ("profile", "family", "sizes", "does", "places", "history", "runs in", *ABBREVIATED)
_FAMILY = 1
"""The column that goes first where there is no room."""
_SIZE = re.compile(r"(?<![\d.])(\d{1,4}(?:\.\d{1,3})?)B(?![A-Za-z0-9])")
_LABEL_COLUMNS = 16
_HARD_SPACE = "\u00a0"


def known(profiles: Mapping[str, Profile] = PROFILES, *, width: int) -> Iterator[str]:
    """One line for each profile, or a short paragraph where the width has no room for a line."""
    rows = [_HEADINGS, *(_row(profile) for profile in profiles.values())]
    layouts = (rows, [(*row[:_FAMILY], *row[_FAMILY + 1 :]) for row in rows])
    tables = (_aligned(layout) for layout in layouts)
    table = next((lines for lines in tables if max(map(len, lines)) <= width), None)
    if table is not None:
        yield from table
    else:
        for row in rows[1:]:
            yield from _paragraph(row, width)
    yield ""
    notes = [f"{short}: {name}" for short, name in ABBREVIATED.items()]
    yield from _wrapped(f"{', '.join(notes)}, the best published average of the family in per cent. {AVERAGES}", width)
    yield from _wrapped("clickwright models NAME tells all about a profile or a checkpoint.", width)
    yield from _wrapped("Any other checkpoint of one of these families: --model FOLDER --profile NAME.", width)


def told(name: str, profiles: Mapping[str, Profile] = PROFILES, *, width: int) -> Iterator[str]:
    """All about a profile or a checkpoint. Raises UsageError for a name that is neither."""
    profile, checkpoints = _found(name, profiles)
    yield f"{profile.name}: {profile.title}"
    yield ""
    for label, words in _facts(profile):
        yield from _wrapped(words, width, first=f"{label:<{_LABEL_COLUMNS}}", others=" " * _LABEL_COLUMNS)
    for checkpoint in checkpoints:
        yield ""
        yield from _checkpoint(checkpoint, width)
    if any(checkpoint.scores for checkpoint in checkpoints):
        yield ""
        yield from _wrapped(f"Scores are as published, in per cent. {AVERAGES}", width)
    yield ""
    yield from _commands(profile, checkpoints[0].name if checkpoints else name, width)


def size_words(checkpoint: Checkpoint) -> tuple[str, str]:
    """Its parameters, and the memory of its weights in bfloat16, which takes two bytes for each."""
    billions = checkpoint.parameters_b
    count = f"{billions:.1f} billion" if billions >= 0.1 else f"{1000 * billions:.0f} million"
    return count, f"{2 * billions:.1f} GB" if billions >= 0.05 else "under 0.1 GB"


def _row(profile: Profile) -> tuple[str, ...]:
    scores = [score for checkpoint in profile.checkpoints for score in checkpoint.scores]
    sizes = dict.fromkeys(_size(checkpoint) for checkpoint in profile.checkpoints)
    return (
        profile.name,
        profile.title,
        " ".join(sizes),
        " ".join(word for word, able in _abilities(profile) if able),
        _places_short(profile),
        "-" if profile.act is None else _history_short(profile.act.history),
        _engine_short(profile),
        *(_best(scores, benchmark) for benchmark in ABBREVIATED.values()),
    )


def _abilities(profile: Profile) -> tuple[tuple[str, bool], ...]:
    return ("acts", profile.act is not None), ("points", profile.ground is not None), ("answers", profile.asks)


def _size(checkpoint: Checkpoint) -> str:
    """As the name says it, or else counted."""
    named = _SIZE.search(checkpoint.name.rpartition("/")[2])
    billions = checkpoint.parameters_b
    return named[0] if named else f"{billions:.0f}B" if billions >= 1 else f"{1000 * billions:.0f}M"


def _best(scores: Collection[Score], benchmark: str) -> str:
    """The best figure; one with a note, of what is particular about it, only where there is no other."""
    found = [score for score in scores if score.benchmark.casefold().replace(" ", "-") == benchmark.casefold()]
    plain = [score for score in found if not score.note]
    return f"{max(score.value for score in plain or found):.1f}" if found else "-"


def _places_short(profile: Profile) -> str:
    if _has_head(profile):
        return "head"
    match profile.space.extent:
        case None:
            return "pixels"
        case 1:
            return "0-1"
        case extent:
            return f"0-{extent - 1}"


def _has_head(profile: Profile) -> bool:
    return profile.ground is not None and profile.ground.has_head


def _history_short(history: History) -> str:
    match history:
        case Dialogue(images=images) | Stepped(images=images):
            return f"{images} screenshots" if images > 1 else "1 screenshot"
        case Interleaved(last=last):
            return f"{last + 1} screenshots"
        case Listed():
            return "in words"
        case Alone():
            return "none"
        case _:
            assert_never(history)


def _history_words(history: History) -> str:
    match history:
        case Dialogue():
            kept = f"{history.images} screenshots at most, then cut to {history.images_after_cut}"
            also = "; also what did not work, and what the browser reports" if history.is_told else ""
            return f"told turn by turn, each answer behind its screenshot: {kept}{also}"
        case Listed(last=last):
            turns = "each turn" if last is None else f"each of the last {last} turns"
            return f"told in words, a line for {turns}, beside one screenshot"
        case Stepped():
            return f"told as answers, the last of them behind their screenshots: {history.images} with the one now"
        case Interleaved(last=last):
            return f"told within one question: {last} screenshots, each with the answer to it, then the one now"
        case Alone():
            return "not told: the goal and the screenshot alone"
        case _:
            assert_never(history)


def _facts(profile: Profile) -> Iterator[tuple[str, str]]:
    """What is true of every checkpoint of the family, by a label."""
    yield "does", ", ".join(word for word, able in _abilities(profile) if able) or "nothing"
    yield "places", _places_words(profile)
    if profile.act is not None:
        yield "history", _history_words(profile.act.history)
        yield "own tools", "can be told of them" if profile.act.is_told_of_tools else "cannot be told of any"
    yield "grammar", _grammar_words(profile)
    yield "doubt", _doubt_words(profile)
    yield "pictures", f"{_budget_words(profile)}, sides in multiples of {profile.factor}"
    yield "answers", f"{profile.max_new_tokens} tokens at most unless told"
    yield "architecture", ", ".join(profile.architectures)
    yield "runs in", ", ".join(_engines(profile))
    yield "checked here", profile.checked


def _places_words(profile: Profile) -> str:
    if _has_head(profile):
        return "from a pointer head, a patch of the picture, not written as text"
    space = profile.space
    if space.extent is None:
        return f"{space.name}, {'whatever size is read' if space.is_native else 'as it was read'}"
    return f"{space.name} of the width and the height, 0 to {space.extent - space.step:g}"


def _grammar_words(profile: Profile) -> str:
    """Which answers are kept to what can be read. A grammar may depend on the picture, so it is asked for with one."""
    canvas = Canvas(size=Size(1288, 728), space=profile.space, seen=Size(1288, 728))
    kept: list[str] = []
    if profile.act is not None and profile.act.language.grammar(canvas, Occasion(goal="Click it.")) is not None:
        kept.append("actions")
    if profile.ground is not None and profile.ground.places.grammar(canvas) is not None:
        kept.append("places")
    return f"keeps {' and '.join(kept)} to what can be read" if kept else "none: answers are only checked"


def _doubt_words(profile: Profile) -> str:
    sureness = "confidence is calibrated" if profile.calibration else "confidence is not calibrated"
    if profile.doubt is None:
        return f"{sureness}; no place is looked at again"
    looks = f"{profile.doubt.looks} looks in all"
    return f"{sureness}; a place that is less than {100 * profile.doubt.below:.0f} % sure is looked at again, {looks}"


def _budget_words(profile: Profile) -> str:
    match profile.min_pixels, profile.max_pixels:
        case None, None:
            return "read within the checkpoint's own pixel budget"
        case None, int(most):
            return f"read at {most:,} pixels at most"
        case int(least), None:
            return f"read at {least:,} pixels at least"
        case least, most:
            return f"read at {least:,} to {most:,} pixels"


def _engine_short(profile: Profile) -> str:
    if OWN in profile.architectures:
        return "own engine"
    return "server" if SERVED.issuperset(profile.architectures) else "transformers"


def _engines(profile: Profile) -> Iterator[str]:
    if OWN in profile.architectures:
        yield "the own engine"
    if not SERVED.issuperset(profile.architectures):
        yield "transformers (--backend transformers)"
    if not _has_head(profile):
        yield "a server (--base-url)"


def _checkpoint(checkpoint: Checkpoint, width: int) -> Iterator[str]:
    count, weights = size_words(checkpoint)
    yield from _wrapped(f"{checkpoint.name}  {count} parameters, {weights} in bfloat16", width, others="  ")
    rows = [(score.benchmark, f"{score.value:.1f}", _source(score)) for score in checkpoint.scores]
    names, values = (max((len(row[n]) for row in rows), default=0) for n in (0, 1))
    for benchmark, value, source in rows:
        first = f"  {benchmark:<{names}}  {value:>{values}}  "
        yield from _wrapped(source, width, first=first, others=" " * len(first))
    if not rows:
        yield "  no published score is known"


def _source(score: Score) -> str:
    return f"{score.source}; {score.note}" if score.note else score.source


def _commands(profile: Profile, checkpoint: str, width: int) -> Iterator[str]:
    """How to run it, in lines to copy."""
    options = [f"--model {checkpoint}"]
    if not any(checkpoint == one.name for one in profile.checkpoints):
        options.append(f"--profile {profile.name}")
    if SERVED.issuperset(profile.architectures):
        options.append("--base-url http://127.0.0.1:8000/v1")
    elif OWN not in profile.architectures:
        options.append("--backend transformers")
    able = dict(_abilities(profile))
    if able["acts"]:
        yield from _command('clickwright run "..." --url https://example.org', options, width)
    if able["points"]:
        yield from _command('clickwright ground screen.png "the search field"', options, width)
    if able["answers"]:
        yield from _command('clickwright ask screen.png "What is on this page?"', options, width)


def _command(start: str, options: Sequence[str], width: int) -> Iterator[str]:
    """One line, or one for each option where there is no room."""
    line = " ".join((start, *options))
    yield line if len(line) <= width else " \\\n  ".join((start, *options))


def _found(name: str, profiles: Mapping[str, Profile]) -> tuple[Profile, tuple[Checkpoint, ...]]:
    """A profile with all its checkpoints, or with the one that is meant."""
    if name in profiles:
        return profiles[name], profiles[name].checkpoints
    for profile in profiles.values():
        for checkpoint in profile.checkpoints:
            if name.casefold() in (checkpoint.name.casefold(), checkpoint.name.casefold().rpartition("/")[2]):
                return profile, (checkpoint,)
    return find_profile(name), ()


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns, each as wide as it must be."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(f"{cell:<{n}}" for cell, n in zip(row, widths, strict=True)).rstrip() for row in rows]


def _paragraph(row: Sequence[str], width: int) -> Iterator[str]:
    """A row as a heading and a sentence."""
    name, family, sizes, does, places, history, runs, *scores = row
    yield from _wrapped(f"{name}: {family} {sizes}".rstrip(), width, others="    ")
    scored = [(short, value) for short, value in zip(ABBREVIATED, scores, strict=True) if value != "-"]
    published = [f"{short}{_HARD_SPACE}{value}" for short, value in scored]
    facts = [does.replace(" ", ", "), f"places {places}", f"history {history}", runs, ", ".join(published)]
    yield from _wrapped("; ".join(fact for fact in facts if fact), width, first="    ", others="    ")


def _wrapped(text: str, width: int, *, first: str = "", others: str = "") -> list[str]:
    """The text in lines. What a hard space joins stays together."""
    columns = min(width, NOTE_COLUMNS)
    lines = textwrap.wrap(
        text, columns, initial_indent=first, subsequent_indent=others, break_long_words=False, break_on_hyphens=False
    )
    return [line.replace(_HARD_SPACE, " ") for line in lines]
