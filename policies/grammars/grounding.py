"""Qwen2-VL's native grounding text: what is meant between object_ref marks, where it is between box or quad marks.

    <|object_ref_start|>the cat<|object_ref_end|><|box_start|>(176,106),(232,160)<|box_end|>

Two numbers are a point, four a box, eight between quad marks the corners of a quad.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from ...errors import BadModelOutput, UsageError
from ...screen import Box, Point, Quad
from ..reading.limits import quoted, require_short
from ..reading.places import number_at, numbers_from
from .canvas import Canvas, Shape

REF_START, REF_END = "<|object_ref_start|>", "<|object_ref_end|>"
BOX_START, BOX_END = "<|box_start|>", "<|box_end|>"
QUAD_START, QUAD_END = "<|quad_start|>", "<|quad_end|>"

_START = re.compile(r"<\|(object_ref|box|quad)_start\|>")
_CLOSING = (")", "]", "）")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One thing that a model refers to, and every place where it sees it. The description may be empty."""

    description: str
    shapes: tuple[Shape, ...]


def parse_grounding(text: str, canvas: Canvas) -> tuple[Reference, ...]:
    """Every reference of a text, in order, in pixels of the screenshot; empty where there is none.

    Tolerated: spaces, any brackets, corners in any order, decimals, 1000, end marks that are missing. Raises
    BadModelOutput for anything else between the marks and for places off the screen.
    """
    require_short(text)
    references: list[Reference] = []
    description, shapes = "", list[Shape]()
    for mark in _START.finditer(text):
        if mark[1] != "object_ref":
            shapes.append(_read_shape(text, mark, canvas))
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


def encode_references(references: Iterable[Reference], canvas: Canvas) -> str:
    """References as the model writes them, in the coordinates of the canvas.

    Raises UsageError for a description with marks of the grammar in it.
    """
    pieces: list[str] = []
    for reference in references:
        description = reference.description.strip()
        if "<|" in description or "<tool_call>" in description:
            raise UsageError(f"a description cannot hold marks of the grammar: {quoted(description)}")
        if description or pieces:
            pieces.append(f"{REF_START}{description}{REF_END}")
        pieces.extend(_encode_shape(shape, canvas) for shape in reference.shapes)
    return "".join(pieces)


def encode_grounding(description: str, box: Box, canvas: Canvas) -> str:
    """One description and its one box."""
    return encode_references([Reference(description=description, shapes=(box,))], canvas)


def _read_description(text: str, start: int) -> str:
    end = text.find("<|", start)  # the end mark, or whatever mark stands in its place
    return text[start : len(text) if end < 0 else end].strip()


def _read_shape(text: str, mark: re.Match[str], canvas: Canvas) -> Shape:
    kind, start = mark[1], mark.end()
    spans, end = numbers_from(text, start)
    closed = text.startswith(f"<|{kind}_end|>", end) or text[start:end].rstrip().endswith(_CLOSING)
    if closed and len(spans) in ((2, 4) if kind == "box" else (8,)):
        return canvas.shape([number_at(text, span) for span in spans])
    expected = "(x,y) or (x1,y1),(x2,y2)" if kind == "box" else "four (x,y)"
    raise BadModelOutput(f"expected {expected} after {mark[0]}, saw {quoted(text[start : start + 60])}")


def _encode_shape(shape: Shape, canvas: Canvas) -> str:
    match shape:
        case Point():
            return f"{BOX_START}{_pair(shape, canvas)}{BOX_END}"
        case Box(x1, y1, x2, y2):
            return f"{BOX_START}{_pair(Point(x1, y1), canvas)},{_pair(Point(x2, y2), canvas)}{BOX_END}"
        case Quad(corners):
            return f"{QUAD_START}{','.join(_pair(corner, canvas) for corner in corners)}{QUAD_END}"
        case _:
            assert_never(shape)


def _pair(point: Point, canvas: Canvas) -> str:
    x, y = canvas.place(point)
    return f"({x},{y})"
