"""Sizes, points and boxes. Always pixels of the native screenshot: origin top left, x right, y down, floats allowed."""

from dataclasses import dataclass
from math import hypot, isfinite
from typing import Self

from ..errors import UsageError


def _require_finite(name: str, *values: float) -> None:
    if not all(isfinite(value) for value in values):
        raise UsageError(f"{name} needs finite numbers, got {values}")


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of a screenshot in pixels, both at least 1."""

    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise UsageError(f"a size needs both sides at least 1 px, got {self.width} x {self.height}")

    @property
    def area(self) -> int:
        return self.width * self.height

    @property
    def box(self) -> "Box":
        """The whole screen."""
        return Box(0, 0, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the screenshot in pixels. Finite; may lie outside the screen until it is clipped."""

    x: float
    y: float

    def __post_init__(self) -> None:
        _require_finite("a point", self.x, self.y)

    def distance(self, other: "Point") -> float:
        """Pixels between two points in a straight line."""
        return hypot(self.x - other.x, self.y - other.y)

    def clip(self, size: Size) -> "Point":
        """The nearest point that addresses a pixel of the screen: 0 <= x <= width - 1, 0 <= y <= height - 1."""
        return Point(min(max(self.x, 0), size.width - 1), min(max(self.y, 0), size.height - 1))

    def scale(self, x_factor: float, y_factor: float) -> "Point":
        return Point(self.x * x_factor, self.y * y_factor)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels, half open: (x1, y1) belongs to it, (x2, y2) does not. x1 <= x2 and y1 <= y2."""

    x1: float
    y1: float
    x2: float
    y2: float

    def __post_init__(self) -> None:
        _require_finite("a box", self.x1, self.y1, self.x2, self.y2)
        if self.x1 > self.x2 or self.y1 > self.y2:
            raise UsageError(f"a box needs its corners in order, got ({self.x1}, {self.y1}), ({self.x2}, {self.y2})")

    @classmethod
    def around(cls, *points: Point) -> Self:
        """The smallest box that touches every point; corners in any order."""
        if not points:
            raise UsageError("a box around no points")
        xs, ys = [p.x for p in points], [p.y for p in points]
        return cls(min(xs), min(ys), max(xs), max(ys))

    @property
    def center(self) -> Point:
        # Halves first: the sum of two large floats could overflow.
        return Point(self.x1 / 2 + self.x2 / 2, self.y1 / 2 + self.y2 / 2)

    @property
    def corners(self) -> tuple[Point, Point]:
        """Top left and bottom right."""
        return Point(self.x1, self.y1), Point(self.x2, self.y2)

    @property
    def width(self) -> float:
        return self.x2 - self.x1

    @property
    def height(self) -> float:
        return self.y2 - self.y1

    @property
    def area(self) -> float:
        return self.width * self.height

    def contains(self, point: Point) -> bool:
        return self.x1 <= point.x < self.x2 and self.y1 <= point.y < self.y2

    def clip(self, size: Size) -> "Box":
        """The part that lies on the screen; a box wholly outside becomes an empty one on the nearest edge."""
        width, height = size.width, size.height
        x1, x2 = (min(max(x, 0), width) for x in (self.x1, self.x2))
        y1, y2 = (min(max(y, 0), height) for y in (self.y1, self.y2))
        return Box(x1, y1, x2, y2)

    def grow(self, margin_px: float) -> "Box":
        """The same centre with each side moved out by the margin; a negative margin stops at the centre."""
        dx, dy = max(margin_px, -self.width / 2), max(margin_px, -self.height / 2)
        x1, x2 = sorted((self.x1 - dx, self.x2 + dx))
        y1, y2 = sorted((self.y1 - dy, self.y2 + dy))
        return Box(x1, y1, x2, y2)

    def scale(self, x_factor: float, y_factor: float) -> "Box":
        return Box.around(Point(self.x1 * x_factor, self.y1 * y_factor), Point(self.x2 * x_factor, self.y2 * y_factor))

    def intersect(self, other: "Box") -> "Box | None":
        """The common part, or None where the boxes do not overlap."""
        x1, y1 = max(self.x1, other.x1), max(self.y1, other.y1)
        x2, y2 = min(self.x2, other.x2), min(self.y2, other.y2)
        return Box(x1, y1, x2, y2) if x1 < x2 and y1 < y2 else None

    def iou(self, other: "Box") -> float:
        """Intersection over union, 0 to 1."""
        common = self.intersect(other)
        if common is None:
            return 0.0
        return common.area / (self.area + other.area - common.area)


@dataclass(frozen=True, slots=True)
class Quad:
    """Four corners in any order, such as those of slanted text."""

    corners: tuple[Point, Point, Point, Point]

    @property
    def box(self) -> Box:
        """The smallest upright box around it."""
        return Box.around(*self.corners)

    @property
    def center(self) -> Point:
        """The mean of the corners."""
        return Point(sum(p.x / 4 for p in self.corners), sum(p.y / 4 for p in self.corners))
