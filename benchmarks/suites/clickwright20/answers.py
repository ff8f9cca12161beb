"""Answers in words, held against the one that is right and those that are not."""

import re
from collections.abc import Sequence

from ....tools import Finish

_WORD = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+")


def amiss_with(finish: Finish | None, right: str, wrong: Sequence[str]) -> str:
    """Nothing for an answer that says what is right, and none of the other things; else what is amiss with it."""
    if finish is None or not finish.answer.strip():
        return "there is no answer"
    said = _words(finish.answer)
    if not _holds(said, _words(right)):
        return f"the answer is {finish.answer[:100]!r}, not {right!r}"
    others = [other for other in wrong if _holds(said, _words(other))]
    return f"the answer says {others[0]!r} as well" if others else ""


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _holds(said: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether the words come one after another."""
    return any(list(said[n : n + len(wanted)]) == list(wanted) for n in range(len(said) - len(wanted) + 1))
