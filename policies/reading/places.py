"""Reads the numbers of a place in whatever brackets and marks a model puts around them."""

import re
from collections.abc import Iterator

from pydantic import JsonValue

from ...errors import BadModelOutput
from .limits import MAX_NUMBER_CHARS, quoted

NUMBER = re.compile(r"[-+]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][-+]?\d++)?", re.ASCII)
_BETWEEN = r"[\s,;，；、:：()（）\[\]【】{}]"
_NAMES = r"[xXyY][12]?[ \t]?=[ \t]?(?=[-+.0-9])"
_MARKS = r"</?(?:point|points|bbox|box)>|<\|(?:box|quad|point)_(?:start|end)\|>"
_RUN = re.compile(rf"(?:{_MARKS}|{_BETWEEN}|{_NAMES})*+")
_BRACKETS = re.compile(rf"{_BETWEEN}*+")
# One bracket or mark, the last of them: with all of them, every bracket in a row would be looked at from each.
_OPENING = re.compile(rf"(?:{_MARKS}|[(（\[【])\s*+(?:{_NAMES})?+(?=[-+.\d])", re.ASCII)
_CLOSING = re.compile(r"[)）\]】}]|</|_end\|>")
_NEXT = re.compile(r",[ \t]?(?=[A-Za-z_]{1,32}+=)")
_NAMED = re.compile(r"([xXyY])[12]?[ \t]?=[ \t]?\Z")


def place_spans(text: str, start: int = 0) -> Iterator[list[tuple[int, int]]]:
    """Where the numbers of each place stand, from `start` on. A place is two numbers or more behind a bracket or mark.

    Numbers that only brackets, commas and marks part belong to one place, names such as `x=` before them or not. No
    place is one that nothing closes, which may be cut off within a number, nor one whose y is named before its x.
    """
    opening = _OPENING.search(text, start)
    while opening is not None:
        spans, end = _row(text, opening.end())
        if len(spans) > 1 and _is_whole(text, spans[-1][1], end) and _is_in_order(text, spans):
            yield spans
        opening = _OPENING.search(text, max(end, opening.end()))


def read_numbers(text: str) -> tuple[float, ...]:
    """The numbers of a text that holds one place and nothing else but brackets and marks.

    Raises BadModelOutput for anything else in it, for a bracket that nothing closes, for a y that is named before its
    x, and for a count that is not 2, 4 or 8.
    """
    spans, end = _row(text, 0)
    is_read = end == len(text) and len(spans) in (2, 4, 8) and _is_in_order(text, spans)
    if not is_read or (_OPENING.search(text) and not _CLOSING.search(text, spans[-1][1])):
        raise BadModelOutput(f"expected a place such as (x,y) or (x1,y1,x2,y2), saw {quoted(text)}")
    return tuple(number_at(text, span) for span in spans)


def numbers_of(value: JsonValue) -> tuple[float, ...]:
    """The numbers of a place that was given as a list, as lists in a list, or as text. Raises BadModelOutput."""
    match value:
        case str():
            return read_numbers(value)
        case [list() as inner]:
            return numbers_of(inner)
        case [[x1, y1], [x2, y2]]:
            return numbers_of([x1, y1, x2, y2])
        case [*items] if len(items) in (2, 4, 8):
            return tuple(_number(item) for item in items)
        case _:
            raise BadModelOutput(f"expected a place such as [x, y], saw {quoted(str(value)[:80])}")


def numbers_from(text: str, start: int) -> tuple[list[tuple[int, int]], int]:
    """Where the numbers of the place stand that begins at `start`, with its brackets, and where it ends.

    No mark belongs to it.
    """
    return _row(text, start, _BRACKETS)


def number_at(text: str, span: tuple[int, int]) -> float:
    """The number that stands there. Raises BadModelOutput for one that is too long."""
    if span[1] - span[0] > MAX_NUMBER_CHARS:
        raise BadModelOutput(f"{quoted(text[slice(*span)])} is not a coordinate")
    return float(text[slice(*span)])


def _row(text: str, start: int, between: re.Pattern[str] = _RUN) -> tuple[list[tuple[int, int]], int]:
    """The numbers in a row from `start` on, and where the row ends, with the brackets behind it."""
    spans: list[tuple[int, int]] = []
    end = _end(between, text, start)
    while number := NUMBER.match(text, end):
        if spans and number.start() == spans[-1][1]:
            break  # nothing parts the two
        spans.append(number.span())
        end = _end(between, text, number.end())
    return spans, end


def _is_whole(text: str, last: int, end: int) -> bool:
    """Whether behind the last number something closes the place, or the next argument of a call begins."""
    return _CLOSING.search(text, last, end) is not None or _NEXT.match(text, last) is not None


def _is_in_order(text: str, spans: list[tuple[int, int]]) -> bool:
    """Whether numbers with names stand as those without: x, y, x, y."""
    names = (_NAMED.search(text, max(0, start - 6), start) for start, _ in spans)
    return all(name is None or name[1].lower() == "xy"[n % 2] for n, name in enumerate(names))


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return start if found is None else found.end()


def _number(value: JsonValue) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15:
        raise BadModelOutput(f"{quoted(str(value)[:80])} is not a coordinate")
    return float(value)
