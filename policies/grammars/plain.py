"""Places as they stand, without native marks: `(812, 45)`, `[0.73, 0.21]`, `CLICK <point>[[493,578]]</point>`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import BadModelOutput
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
    whatever its brackets and marks. `refusal` is what a checkpoint was taught to write where nothing
    fits: numbers of -1, which are a BadModelOutput.
    """

    box: str | None = None
    point: str = "({x}, {y})"
    is_padded: bool = False
    refusal: str = ""

    def parse(self, text: str, canvas: Canvas) -> tuple[Reference, ...]:
        """Every place of a text. A text that is nothing but numbers is a place without brackets."""
        require_short(text)
        if any(mark in text for mark in _NATIVE):
            return parse_grounding(text, canvas)
        rows = (spans for spans in place_spans(text) if len(spans) in (2, 4, 8))
        places: list[Sequence[float]] = [[number_at(text, span) for span in spans] for spans in rows]
        if not places and text[:1] in "0123456789.-+":
            places = [read_numbers(text.strip())]
        for numbers in places:
            require_found(numbers)
        return tuple(Reference(description="", shapes=(canvas.shape(numbers),)) for numbers in places)

    def write(self, reference: Reference, canvas: Canvas) -> str:
        shape = reference.shapes[0]
        template, points = (self.box, _corners(shape)) if self.box else (self.point, _center(shape))
        decimals = canvas.space.decimals if self.is_padded else None
        return _filled(template, points, canvas, decimals)

    def grammar(self, canvas: Canvas) -> Grammar | None:
        """Exactly one place, written by the template, or the refusal."""
        template = self.box or self.point
        refusal = f" | {json.dumps(self.refusal)}" if self.refusal else ""
        for name in ("x1", "y1", "x2", "y2", "x", "y"):
            template = template.replace(f"{{{name}}}", f"\0{name[0]}\0")
        pieces = [piece for piece in template.split("\0") if piece]
        start = " ".join(piece if piece in ("x", "y") else json.dumps(piece, ensure_ascii=False) for piece in pieces)
        return Grammar(f"start: {start}{refusal}\n{coordinate_rules(canvas)}")


def require_found(numbers: Sequence[float]) -> None:
    """Raises BadModelOutput where all are -1: by that, several checkpoints say that nothing on the screen fits."""
    if all(number == -1 for number in numbers):
        raise BadModelOutput("the model says that nothing on the screen fits: it gave -1 for each coordinate")


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
