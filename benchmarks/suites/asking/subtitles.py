"""Subtitles of a video, as SubRip files have them."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ....errors import UsageError

_TIMES = re.compile(r"(\d+):(\d\d):(\d\d)[,.](\d{1,3})\s*-->\s*(\d+):(\d\d):(\d\d)[,.](\d{1,3})")
_MARKUP = re.compile(r"<[^<>]*>")


def said_at(path: Path, times_s: Sequence[float]) -> str:
    """What is said at some times, a line for each, none twice. Raises UsageError for a file that cannot be read.

    As VLMEvalKit, vlmeval/dataset/videomme.py, which tells a line again for each frame that it is said at.
    """
    try:
        text = path.read_text("utf-8-sig", errors="replace")
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror}") from None
    told = [words for start, end, words in _lines(text) if any(start < time_s < end for time_s in times_s)]
    return "\n".join(dict.fromkeys(told))


def _lines(text: str) -> Iterator[tuple[float, float, str]]:
    """The seconds from which and to which each is shown, and its words in one line."""
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        times = _TIMES.search(block)
        words = " ".join(_MARKUP.sub("", block[times.end() :]).split()) if times else ""
        if times and words:
            yield _seconds(*times.groups()[:4]), _seconds(*times.groups()[4:]), words


def _seconds(hours: str, minutes: str, seconds: str, thousandths: str) -> float:
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(thousandths.ljust(3, "0")) / 1000
