"""A suite that asks, opened: its settings are read, its questions when they are first wanted."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from ....errors import UsageError
from ....files import open_data
from ....model.video import FRAMES_PER_SECOND
from ...suite import Choice
from ..samples import SampleSuite
from ..settings import flag, number, one_of, require_known
from .calling import read_bfcl, read_fncall
from .choosing import CHOOSING, read_choosing
from .films import FILMS, read_films
from .free import FREE, read_free
from .questions import Question
from .sciences import read_mathvista, read_mmmu

COMMON = ("file", "max_new_tokens")
"""Settings of each: which files are read, instead of those that are known; and how long an answer may be."""


def open_asking(name: str, metric: str, choice: Choice) -> SampleSuite:
    """A suite by its name. Raises UsageError for settings that it does not have and where no data are given."""
    read = _reader(name, choice)
    tokens = choice.settings.get("max_new_tokens")
    longest = int(number(choice.settings, "max_new_tokens", 0)) if tokens else None
    if longest == 0:
        raise UsageError(f"max_new_tokens is a whole number from 1 on, not {tokens!r}")

    def questions() -> Sequence[Question]:
        found = _distinct(read())
        return [replace(question, max_new_tokens=longest) for question in found] if longest else found

    return SampleSuite(choice, metric=metric, read=questions)


def _distinct(questions: Sequence[Question]) -> Sequence[Question]:
    """The same; of several with one name, each later one has its count behind it: OCRBench numbers its parts apart."""
    seen: Counter[str] = Counter()
    found: list[Question] = []
    for question in questions:
        seen[question.name] += 1
        count = seen[question.name]
        found.append(question if count == 1 else replace(question, name=f"{question.name}#{count}"))
    return found


def _reader(name: str, choice: Choice) -> Callable[[], Sequence[Question]]:
    settings, folder = choice.settings, open_data(choice.data, name)
    files = (settings["file"],) if "file" in settings else ()
    if name in FREE:
        require_known(settings, *COMMON)
        return lambda: read_free(name, folder, *files)
    if name in FILMS:
        return _films(name, choice, files)
    if name in CHOOSING:
        require_known(settings, *COMMON, *(("circular",) if name == "mmbench" else ()))
        is_circular = flag(settings, "circular", True)
        return lambda: read_choosing(name, folder, *files, is_circular=is_circular)
    if name == "mmmu":
        require_known(settings, *COMMON, "split", "layout")
        split = settings.get("split", "validation")
        is_interleaved = one_of(settings, "layout", "first", "interleaved") == "interleaved"
        return lambda: read_mmmu(folder, *files, split=split, is_interleaved=is_interleaved)
    require_known(settings, *COMMON)
    plain = {"mathvista": read_mathvista, "fncall": read_fncall, "bfcl": read_bfcl}[name]
    return lambda: plain(folder, *files)


def _films(name: str, choice: Choice, files: tuple[str, ...]) -> Callable[[], Sequence[Question]]:
    settings, folder = choice.settings, open_data(choice.data, name)
    require_known(settings, *COMMON, "fps", *(("subtitles",) if name == "videomme" else ()))
    fps, has_subtitles = number(settings, "fps", FRAMES_PER_SECOND), flag(settings, "subtitles", False)
    return lambda: read_films(name, folder, *files, fps=fps, has_subtitles=has_subtitles)
