"""Places as Qwen2.5-VL and its successors write them: `[{"bbox_2d": [341, 258, 397, 360], "label": "the cake"}]`."""

import json
import re
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from ...errors import BadModelOutput
from ...model import Grammar
from ...screen import Point
from ..reading.limits import quoted, require_short
from ..reading.places import numbers_of
from ..reading.values import read_object
from .answers import without_thinking
from .canvas import Canvas, Shape, box_of, center_of
from .grounding import Reference
from .numbers import coordinate_rules
from .plain import PlainPlaces

_KEYS = ("bbox_2d", "point_2d", "bbox", "point", "box", "coordinate", "coordinates")
_OBJECT = re.compile(r"""\{\s*+["']""")
_POINTS = re.compile(r"<points?\s([^<>]{1,400}+)>([^<]{0,400}+)")
_ATTRIBUTE = re.compile(r"""\b([xy])\d{0,3}\s?=\s?["']([^"']{1,32}+)["']""")
_LABEL = r'"\"" /[^"\\\x00-\x1f]{1,80}/ "\""'


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonPlaces:
    """A list of objects with a box (`bbox_2d`) or a point (`point_2d`) and a label, in a fence of code.

    `indent` stands before each object. `thought` is the rule of what answers are kept to before it.
    """

    key: Literal["bbox_2d", "point_2d"] = "bbox_2d"
    indent: str = "\t"
    thought: str = ""

    def parse(self, text: str, canvas: Canvas) -> tuple[Reference, ...]:
        """Every place of a text, points in XML too. A last object that is cut off counts where others stand before it.

        Text without objects is read as `PlainPlaces` has it.
        """
        require_short(text)
        answer = without_thinking(text)
        found = _objects(answer, canvas) or _points(answer, canvas)
        return found or PlainPlaces().parse(answer, canvas)

    def write(self, reference: Reference, canvas: Canvas) -> str:
        place: list[JsonValue] = list(self._numbers(reference.shapes[0], canvas))
        label = reference.description or "element"
        one = json.dumps({self.key: place, "label": label}, ensure_ascii=False)
        return f"```json\n[\n{self.indent}{one}\n]\n```"

    def grammar(self, canvas: Canvas) -> Grammar | None:
        """Exactly one place, with a label of plain words."""
        numbers = 'x ", " y ", " x ", " y' if self.key == "bbox_2d" else 'x ", " y'
        begin = json.dumps(f'```json\n[\n{self.indent}{{"{self.key}": [')
        end = rf'"], \"label\": " {_LABEL} {json.dumps("}" + chr(10) + "]" + chr(10) + "```")}'
        return Grammar(f"start: {self.thought} {begin} {numbers} {end}\n{coordinate_rules(canvas)}")

    def _numbers(self, shape: Shape, canvas: Canvas) -> tuple[float, ...]:
        box = box_of(shape)
        if self.key == "point_2d":
            return canvas.place(center_of(shape))
        if box is None:
            return canvas.place(center_of(shape)) * 2
        return canvas.place(Point(box.x1, box.y1)) + canvas.place(Point(box.x2, box.y2))


def _objects(text: str, canvas: Canvas) -> tuple[Reference, ...]:
    found: list[Reference] = []
    start = _OBJECT.search(text)
    while start is not None:
        try:
            value, end = read_object(text, start.start())
        except BadModelOutput:
            if found:
                break  # the answer was cut off in a list of many
            raise
        arguments = value.get("arguments")
        value = arguments if isinstance(arguments, dict) else value
        place = next((value[key] for key in _KEYS if value.get(key) is not None), None)
        if place is not None:
            label = value.get("label")
            shape = canvas.shape(numbers_of(place))
            found.append(Reference(description=label if isinstance(label, str) else "", shapes=(shape,)))
        start = _OBJECT.search(text, end)
    return tuple(found)


def _points(text: str, canvas: Canvas) -> tuple[Reference, ...]:
    """`<points x1="3" y1="4" alt="the cake">the cake</points>`, which Qwen2.5-VL writes when it is asked for XML."""
    found: list[Reference] = []
    for mark in _POINTS.finditer(text):
        numbers = [(name, _number(value)) for name, value in _ATTRIBUTE.findall(mark[1])]
        xs, ys = ([number for axis, number in numbers if axis == name] for name in ("x", "y"))
        if len(xs) != len(ys):
            raise BadModelOutput(f"expected as many x as y in a point, saw {len(xs)} and {len(ys)}")
        shapes = tuple(canvas.shape([x, y]) for x, y in zip(xs, ys, strict=True))
        if shapes:
            found.append(Reference(description=mark[2].strip(), shapes=shapes))
    return tuple(found)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadModelOutput(f"{quoted(text)} is not a coordinate") from None
