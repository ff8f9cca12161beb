"""Qwen2-VL's native grounding text: what is meant between object_ref marks, where it is between box or quad marks.

    <|object_ref_start|>the cat<|object_ref_end|><|box_start|>(176,106),(232,160)<|box_end|>

Two numbers are a point, four a box, eight between quad marks the corners of a quad.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import assert_never

from ...errors import BadModelOutput, UsageError
from ...screen import Box, Point, Quad, Size
from .limits import MAX_NUMBER_CHARS, quoted, require_short
from .thousandths import from_thousandths, to_thousandths

REF_START, REF_END = "<|object_ref_start|>", "<|object_ref_end|>"
BOX_START, BOX_END = "<|box_start|>", "<|box_end|>"
QUAD_START, QUAD_END = "<|quad_start|>", "<|quad_end|>"

Shape = Point | Box | Quad

_START = re.compile(r"<\|(object_ref|box|quad)_start\|>")
_NUMBERS = re.compile(r"[-+.0-9eE,;\s()\[\]（），]*+")
_NUMBER = re.compile(r"[-+.0-9eE]++")
_CLOSING = (")", "]", "）")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One thing that a model refers to, and every place where it sees it. The description may be empty."""

    description: str
    shapes: tuple[Shape, ...]


def parse_grounding(text: str, size: Size) -> tuple[Reference, ...]:
    """Every reference of a text, in order, in pixels of a screenshot of this size; empty where there is none.

    Tolerated: spaces, any brackets, corners in any order, decimals, 1000, end marks that are missing. Raises
    BadModelOutput for anything else between the marks and for places off the screen.
    """
    require_short(text)
    references: list[Reference] = []
    description, shapes = "", list[Shape]()
    for mark in _START.finditer(text):
        if mark[1] != "object_ref":
            shapes.append(_read_shape(text, mark, size))
            continue
        if shapes:
            references.append(Reference(description=description, shapes=tuple(shapes)))
        description, shapes = _read_description(text, mark.end()), []
    if shapes:
        references.append(Reference(description=description, shapes=tuple(shapes)))
    return tuple(references)


def thought_before(text: str) -> str:
    """What a model wrote before its first reference."""
    mark = _START.search(text)
    return (text if mark is None else text[: mark.start()]).strip()


def encode_references(references: Iterable[Reference], size: Size) -> str:
    """References as the model writes them, in thousandths of the screenshot's size.

    Raises UsageError for a description with marks of the grammar in it.
    """
    pieces: list[str] = []
    for reference in references:
        description = reference.description.strip()
        if "<|" in description or "<tool_call>" in description:
            raise UsageError(f"a description cannot hold marks of the grammar: {quoted(description)}")
        if description or pieces:
            pieces.append(f"{REF_START}{description}{REF_END}")
        pieces.extend(_encode_shape(shape, size) for shape in reference.shapes)
    return "".join(pieces)


def encode_grounding(description: str, box: Box, size: Size) -> str:
    """One description and its one box."""
    return encode_references([Reference(description=description, shapes=(box,))], size)


def number_spans(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Where the numbers of a place stand that is written from `start` on: from and to, one pair a number."""
    run = _NUMBERS.match(text, start)
    if run is not None:
        yield from (number.span() for number in _NUMBER.finditer(text, start, run.end()))


def _read_description(text: str, start: int) -> str:
    end = text.find("<|", start)  # the end mark, or whatever mark stands in its place
    return text[start : len(text) if end < 0 else end].strip()


def _read_shape(text: str, mark: re.Match[str], size: Size) -> Shape:
    kind, start = mark[1], mark.end()
    run = _NUMBERS.match(text, start)
    end = start if run is None else run.end()
    closed = text.startswith(f"<|{kind}_end|>", end) or text[start:end].rstrip().endswith(_CLOSING)
    numbers = [_read_number(text[slice(*span)]) for span in number_spans(text, start)]
    if closed and len(numbers) % 2 == 0:
        points = [from_thousandths(x, y, size) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        match kind, points:
            case "box", [point]:
                return point
            case "box", [_, _]:
                return Box.around(*points)
            case "quad", [a, b, c, d]:
                return Quad((a, b, c, d))
            case _:
                pass
    expected = "(x,y) or (x1,y1),(x2,y2)" if kind == "box" else "four (x,y)"
    raise BadModelOutput(f"expected {expected} after {mark[0]}, saw {quoted(text[start : start + 60])}")


def _read_number(word: str) -> float:
    if len(word) <= MAX_NUMBER_CHARS:
        with suppress(ValueError):
            return float(word)
    raise BadModelOutput(f"{quoted(word)} is not a coordinate")


def _encode_shape(shape: Shape, size: Size) -> str:
    match shape:
        case Point():
            return f"{BOX_START}{_pair(shape, size)}{BOX_END}"
        case Box(x1, y1, x2, y2):
            return f"{BOX_START}{_pair(Point(x1, y1), size)},{_pair(Point(x2, y2), size)}{BOX_END}"
        case Quad(corners):
            return f"{QUAD_START}{','.join(_pair(corner, size) for corner in corners)}{QUAD_END}"
        case _:
            assert_never(shape)


def _pair(point: Point, size: Size) -> str:
    x, y = to_thousandths(point, size)
    return f"({x},{y})"
