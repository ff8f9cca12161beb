"""One call of a function whose arguments are read by type. Each fault names the action and what it needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from reprlib import repr as shortened
from typing import TypeGuard, TypeVar, cast

from pydantic import BaseModel, JsonValue

from ..errors import BadModelOutput
from ..screen import Point
from .keys import split_chord
from .validation import built

ToScreen = Callable[[float, float], Point]
"""The coordinates that a model wrote to screenshot pixels. Raises BadModelOutput for a place that cannot be meant."""

_LARGEST = 1e15
_Built = TypeVar("_Built", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Asked:
    """One call whose arguments are read by type. `name` is the action of computer_use, or the function."""

    name: str
    given: Mapping[str, JsonValue]
    takes: tuple[str, ...]
    to_screen: ToScreen
    pointer: Point | None

    def __post_init__(self) -> None:
        for key in self.given:
            if key not in self.takes:
                raise BadModelOutput(f"{self.name} takes {', '.join(self.takes)}, not {shortened(key)}")

    def fault(self, key: str, expected: str) -> BadModelOutput:
        seen = f"got {shortened(self.given[key])}" if key in self.given else "it is missing"
        return BadModelOutput(f"{self.name} needs {key} as {expected}, but {seen}")

    def place(self) -> Point:
        """The coordinate, or where the pointer is when there is none."""
        if "coordinate" not in self.given and self.pointer is not None:
            return self.pointer
        return self.point("coordinate")

    def point(self, key: str) -> Point:
        return self._to_point(key, self.given.get(key))

    def points(self, key: str) -> tuple[Point, ...]:
        value = self.given.get(key, [])
        if not isinstance(value, list):
            raise self.fault(key, "a list of [x, y]")
        return tuple(self._to_point(key, item) for item in value)

    def _to_point(self, key: str, value: JsonValue) -> Point:
        """[x, y], or the centre of [x1, y1, x2, y2]; models also wrap either in a second pair of brackets."""
        match value[0] if isinstance(value, list) and len(value) == 1 else value:
            case [x, y] if _is_number(x) and _is_number(y):
                return self.to_screen(float(x), float(y))
            case [x1, y1, x2, y2] if _is_number(x1) and _is_number(y1) and _is_number(x2) and _is_number(y2):
                return self.to_screen((float(x1) + float(x2)) / 2, (float(y1) + float(y2)) / 2)
            case _:
                raise self.fault(key, "[x, y]")

    def number(self, key: str, default: float | None = None) -> float:
        value = self.given.get(key, default)
        if not _is_number(value):
            raise self.fault(key, "a number")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        value = self.given.get(key, default)
        if _is_number(value):
            return str(value)
        if not isinstance(value, str):
            raise self.fault(key, "text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; one string counts as a list of one."""
        value = self.given.get(key, [])
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) for item in items):
            raise self.fault(key, "a list of texts")
        return tuple(cast(list[str], items))

    def canonical_keys(self) -> tuple[str, ...]:
        """Canonical key names; chords such as "ctrl+s" are taken apart."""
        return tuple(key for chord in self.texts("keys") for key in split_chord(chord))

    def build(self, kind: type[_Built], **fields: object) -> _Built:
        return built(kind, self.name, **fields)


def _is_number(value: object) -> TypeGuard[int | float]:
    # The comparison is false for NaN, and needs no float of an integer that is too large for one.
    return isinstance(value, int | float) and not isinstance(value, bool) and -_LARGEST < value < _LARGEST
