"""What an action of a model's language is given, read by type. Each fault names the action and what it needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from pydantic import JsonValue

from ...errors import BadModelOutput
from ...screen import Point
from ..reading.calls import Call
from ..reading.limits import quoted
from ..reading.places import numbers_of
from .canvas import Canvas, Shape, center_of

_AT = (
    *("point", "points", "position", "coordinate", "coordinates", "location", "box", "bbox", "bbox_2d", "point_2d"),
    *("start_box", "start_point", "click_point", "x", "y"),
)
"""Names by which a model may give a place where it was told another one."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of one action. A value of None counts as absent.

    Wherever several names are given, the first that is there counts: models mix up the names of like arguments.
    """

    name: str
    given: Mapping[str, JsonValue]
    canvas: Canvas

    @classmethod
    def of_call(cls, call: Call, canvas: Canvas, *names: str) -> Self:
        """Those of a call; the positional ones have these names, in order. Raises BadModelOutput for more."""
        if len(call.positional) > len(names):
            raise BadModelOutput(
                f"{call.name} takes {', '.join(names) or 'nothing'}, got {len(call.positional)} values"
            )
        return cls(call.name, dict(zip(names, call.positional, strict=False)) | call.named, canvas)

    def has(self, *keys: str) -> bool:
        return self._found(keys) is not None

    def shape(self, *keys: str) -> Shape:
        """The place in any form: a list, lists in a list, a text with marks or without; point or box."""
        value = self._found(keys)
        if value is None:
            raise self.fault(keys, "a place")
        return self.canvas.shape(numbers_of(value))

    def point(self, *keys: str) -> Point:
        """The place, its centre where it is a box; without one, where the pointer is.

        Raises BadModelOutput for a place by another name: the pointer is not meant.
        """
        if not self.has(*keys) and self.canvas.pointer is not None:
            self.require_no_place()
            return self.canvas.pointer
        return center_of(self.shape(*keys))

    def require_no_place(self) -> None:
        """Raises BadModelOutput where a place is given, by whatever name."""
        for key in _AT:
            if self.has(key):
                raise BadModelOutput(f"{self.name} takes no {key}, but got {quoted(str(self.given[key])[:80])}")

    def path(self, *keys: str) -> tuple[Point, Point]:
        """Two places, from the one to the other, in any brackets."""
        value = self._found(keys)
        numbers = () if value is None else numbers_of(value)
        if len(numbers) != 4:
            raise self.fault(keys, "two places")
        return self.canvas.point(*numbers[:2]), self.canvas.point(*numbers[2:])

    def text(self, *keys: str, default: str | None = None) -> str:
        value = self._found(keys)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise self.fault(keys, "text")
        return value

    def number(self, *keys: str, default: float | None = None) -> float:
        value = self._found(keys)
        if value is None and default is not None:
            return default
        if isinstance(value, str):
            try:
                value = float(value) if len(value) <= 32 else None
            except ValueError:
                value = None
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e15:
            raise self.fault(keys, "a number")
        return float(value)

    def fault(self, keys: tuple[str, ...], expected: str) -> BadModelOutput:
        """What to raise for an argument that is missing or of another kind."""
        value = self._found(keys)
        seen = "it is missing" if value is None else f"got {quoted(str(value)[:80])}"
        return BadModelOutput(f"{self.name} needs {keys[0]} as {expected}, but {seen}")

    def _found(self, keys: tuple[str, ...]) -> JsonValue:
        return next((self.given[key] for key in keys if self.given.get(key) is not None), None)


def unknown_action(name: str, known: tuple[str, ...]) -> BadModelOutput:
    """What to raise for the name of an action that a language has not."""
    return BadModelOutput(f"there is no action {quoted(name)}; known are {', '.join(known)}")
