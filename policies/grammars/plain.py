"""Places as they stand, without native marks: `(812, 45)`, `[0.73, 0.21]`, `CLICK <point>[[493,578]]</point>`."""

import json
from dataclasses import dataclass

from ...model import Grammar
from ...screen import Box, Point
from ..reading.limits import require_short
from ..reading.places import number_at, place_spans, read_numbers
from .canvas import Canvas, Shape, box_of, center_of
from .grounding import Reference, parse_grounding
from .numbers import coordinate_rules

_NATIVE = ("<|box_start|>", "<|quad_start|>")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainPlaces:
    """A place written by a template: of a `point` with {x} and {y}, or of a `box` with {x1}, {y1}, {x2} and {y2}.

    The first template that is given is what answers are kept to, `is_padded` with all decimals. Any place is read,
    whatever its brackets and marks.
    """

    box: str | None = None
    point: str = "({x}, {y})"
    is_padded: bool = False

    def parse(self, text: str, canvas: Canvas) -> tuple[Reference, ...]:
        """Every place of a text. A text that is nothing but numbers is a place without brackets."""
        require_short(text)
        if any(mark in text for mark in _NATIVE):
            return parse_grounding(text, canvas)
        shapes = [
            canvas.shape([number_at(text, span) for span in spans])
            for spans in place_spans(text)
            if len(spans) in (2, 4, 8)
        ]
        if not shapes and text[:1] in "0123456789.-+":
            shapes = [canvas.shape(read_numbers(text.strip()))]
        return tuple(Reference(description="", shapes=(shape,)) for shape in shapes)

    def write(self, reference: Reference, canvas: Canvas) -> str:
        shape = reference.shapes[0]
        template, points = (self.box, _corners(shape)) if self.box else (self.point, _center(shape))
        decimals = canvas.space.decimals if self.is_padded else None
        return _filled(template, points, canvas, decimals)

    def grammar(self, canvas: Canvas) -> Grammar | None:
        """Exactly one place, written by the template."""
        template = self.box or self.point
        for name in ("x1", "y1", "x2", "y2", "x", "y"):
            template = template.replace(f"{{{name}}}", f"\0{name[0]}\0")
        pieces = [piece for piece in template.split("\0") if piece]
        start = " ".join(piece if piece in ("x", "y") else json.dumps(piece, ensure_ascii=False) for piece in pieces)
        return Grammar(f"start: {start}\n{coordinate_rules(canvas)}")


def _corners(shape: Shape) -> dict[str, Point]:
    box = box_of(shape) or Box.around(center_of(shape))
    return {"1": Point(box.x1, box.y1), "2": Point(box.x2, box.y2)}


def _center(shape: Shape) -> dict[str, Point]:
    return {"": center_of(shape)}


def _filled(template: str, points: dict[str, Point], canvas: Canvas, decimals: int | None) -> str:
    for suffix, point in points.items():
        x, y = (str(place) if decimals is None else f"{place:.{decimals}f}" for place in canvas.place(point))
        template = template.replace(f"{{x{suffix}}}", x).replace(f"{{y{suffix}}}", y)
    return template
