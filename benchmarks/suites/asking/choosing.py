"""Benchmarks about a picture in which one of a few options is right: AI2D, MMBench, MMStar, RealWorldQA."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from ....errors import UsageError
from ....files import DataFolder, Entry, Record
from ...metrics.choices import LETTERS, kit_choice
from .fields import (
    Text,
    Texts,
    entries_of,
    letter_of,
    named,
    options_of,
    patterns,
    pictures,
    require_answer,
    told_groups,
)
from .prompts import SELECT, multiple_choice
from .questions import Asking, Judge, Question, among, in_words

MAX_NEW_TOKENS = 512
CYCLE = 1_000_000
"""MMBench gives the ways of asking a question numbers that differ by it: VLMEvalKit, utils/multiple_choice.py."""


class Chosen(Record):
    """A question with options, in the form of VLMEvalKit's tables or of the hub."""

    name: Text = named("index", "question_id", "id", default="")
    question: Text = named("question")
    hint: Text = named("hint", default="")
    options: Texts = named("options", "choices", default=())
    A: Text = ""
    B: Text = ""
    C: Text = ""
    D: Text = ""
    E: Text = ""
    F: Text = ""
    answer: Text = named("answer", default="")
    picture: object = named("image", "image_path", default=None)
    category: Text = ""
    finer: Text = named("l2-category", "L2-category", "l2_category", default="")
    split: Text = ""

    @property
    def by_letter(self) -> Mapping[str, str]:
        """The options by their letters; none where they stand in the words of the question."""
        told = (self.A, self.B, self.C, self.D, self.E, self.F)
        columns = {letter: text for letter, text in zip(LETTERS, told, strict=False) if text and text != "nan"}
        return columns or options_of(self.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosing:
    """Where one benchmark has its questions."""

    kit: str
    splits: tuple[str, ...]
    part: str = ""
    """Its folder in a data set of the hub that has several."""


CHOOSING: Mapping[str, Choosing] = {
    "ai2d": Choosing(kit="AI2D_TEST", splits=("test",)),
    "mmbench": Choosing(kit="MMBench_DEV_EN", splits=("dev",), part="en"),
    "mmstar": Choosing(kit="MMStar", splits=("val",)),
    "realworldqa": Choosing(kit="RealWorldQA", splits=("test",)),
}


def read_choosing(name: str, folder: DataFolder, *files: str, is_circular: bool = False) -> list[Question]:
    """The questions of a benchmark. Circular: each is asked with its options in every rotation, and all must be right.

    Raises UsageError where they cannot be read, and for a split whose answers are not published.
    """
    told = CHOOSING[name]
    entries = list(entries_of(folder, Chosen, *(files or patterns(told.kit, *told.splits, part=told.part))))
    if name == "mmbench":
        return [_circular(folder, ways, is_circular=is_circular) for ways in _cycles(entries)]
    return [_question(folder, entry) for entry in entries]


def _cycles(entries: Sequence[Entry[Chosen]]) -> Sequence[Sequence[Entry[Chosen]]]:
    """The ways of asking each question that the data have, the plain one first."""
    cycles: dict[int | str, list[Entry[Chosen]]] = {}
    for entry in entries:
        name = entry.value.name
        cycles.setdefault(int(name) % CYCLE if name.isdecimal() else name or entry.name, []).append(entry)
    return list(cycles.values())


def _circular(folder: DataFolder, ways: Sequence[Entry[Chosen]], *, is_circular: bool) -> Question:
    first = _question(folder, ways[0])
    options = ways[0].value.by_letter
    if not is_circular or not options:
        return first
    asked = [_asking(way.value, way.value.by_letter, _right(way)) for way in ways]
    if len(asked) == 1:
        asked = [_asking(ways[0].value, turned, letter) for turned, letter in rotations(options, _right(ways[0]))]
    return replace(first, asked=tuple(asked), expected=[asking.right for asking in asked])


def rotations(options: Mapping[str, str], letter: str) -> list[tuple[dict[str, str], str]]:
    """The options in their order and in every one that begins with another of them, each with the right letter then."""
    letters, texts = list(options), list(options.values())
    place, count = letters.index(letter), len(letters)
    return [
        (dict(zip(letters, texts[n:] + texts[:n], strict=True)), letters[(place - n) % count]) for n in range(count)
    ]


def _question(folder: DataFolder, entry: Entry[Chosen]) -> Question:
    chosen = entry.value
    require_answer(chosen.answer, entry.place)
    options = chosen.by_letter
    asking = _asking(chosen, options, _right(entry)) if options else _unlisted(chosen)
    return Question(
        name=chosen.name or entry.name,
        asked=(asking,),
        see=partial(pictures, folder, chosen.picture, ".", "images"),
        max_new_tokens=MAX_NEW_TOKENS,
        groups=told_groups([("category", chosen.category), ("finer", chosen.finer), ("split", chosen.split)]),
        expected=asking.right,
    )


def _asking(chosen: Chosen, options: Mapping[str, str], letter: str) -> Asking:
    prompt = multiple_choice(chosen.question, options, chosen.hint)
    return Asking(prompt=prompt, right=letter, judge=among(options, letter, kit_choice))


def _right(entry: Entry[Chosen]) -> str:
    """The letter of the right option; a list of options, as the hub has it, counts them from 0."""
    chosen = entry.value
    letter = letter_of(chosen.answer, chosen.by_letter, is_number=bool(chosen.options))
    if not letter:
        raise UsageError(f"{entry.place}: the answer {chosen.answer[:60]!r} is none of its options")
    return letter


def _unlisted(chosen: Chosen) -> Asking:
    """A question that tells its options itself, or has none: MMStar's and RealWorldQA's own rows."""
    answer = chosen.answer.strip()
    if len(answer) == 1 and answer in LETTERS:
        prompt = chosen.question if "letter" in chosen.question else f"{chosen.question}\n{SELECT}"
        letters = dict.fromkeys(LETTERS[: max(4, LETTERS.index(answer) + 1)], "")
        return Asking(prompt=prompt, right=answer, judge=among(letters, answer, kit_choice))
    return Asking(prompt=chosen.question, right=answer, judge=_same_words(answer))


def _same_words(truth: str) -> Judge:
    """The whole answer, in any case and with or without its full stop: lmms_eval/tasks/realworldqa/utils.py."""

    def same(answer: str, truths: Sequence[str]) -> float:
        return float(any(answer.lower().strip().rstrip(".") == one.lower() for one in truths))

    return in_words(same, (truth,))
