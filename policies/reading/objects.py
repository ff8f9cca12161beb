"""Reads every object of a text, whatever a model writes around them: lists, commas, fences, words."""

from collections.abc import Iterator

from pydantic import JsonValue

from ...errors import BadModelOutput
from .limits import quoted
from .values import read_object

MAX_OBJECTS = 64
"""In one answer."""


def read_objects(text: str, start: int, expected: str, *, is_bare: bool = False) -> Iterator[dict[str, JsonValue]]:
    """Every object from `start` on, in order; what stands between them is passed over.

    `is_bare`: quotes that stand inside of strings unescaped are read. Raises BadModelOutput as `read_object` does, for
    more than `MAX_OBJECTS`, and with what was `expected` for none.
    """
    opening = text.find("{", start)
    if opening < 0:
        raise BadModelOutput(f"expected {expected}, saw {quoted(text[start:]) if text[start:] else 'nothing'}")
    count = 0
    while opening >= 0:
        count += 1
        if count > MAX_OBJECTS:
            raise BadModelOutput(f"more than {MAX_OBJECTS} actions in one answer")
        found, end = read_object(text, opening, is_bare=is_bare)
        yield found
        opening = text.find("{", end)
