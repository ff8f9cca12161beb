"""Which part of the desktop is the screen, and the one conversion between its pixels and the desktop's input units."""

from dataclasses import dataclass
from math import ceil, floor

from ...errors import UsageError
from ...screen import Box, Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A rectangle of the desktop in input units; left and top may be negative, beside the first monitor."""

    left: int
    top: int
    width: int
    height: int

    def contains(self, x: float, y: float) -> bool:
        return self.left <= x < self.left + self.width and self.top <= y < self.top + self.height

    def clip(self, other: "Area") -> "Area | None":
        """The part inside another area, or None where there is none."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right = min(self.left + self.width, other.left + other.width)
        bottom = min(self.top + self.height, other.top + other.height)
        if right <= left or bottom <= top:
            return None
        return Area(left=left, top=top, width=right - left, height=bottom - top)


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """One monitor, or all of them together as number 0. `scale` is pixels per input unit."""

    number: int
    area: Area
    name: str
    is_primary: bool
    scale: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The area that screenshots show, at `scale` pixels per input unit."""

    area: Area
    scale: float

    def to_input(self, point: Point) -> tuple[int, int]:
        """The input unit that holds a pixel."""
        return self.area.left + floor(point.x / self.scale), self.area.top + floor(point.y / self.scale)

    def to_pixels(self, area: Area) -> Box:
        """Where an area of the desktop lies in the screenshot; it may reach beyond it."""
        x, y = (area.left - self.area.left) * self.scale, (area.top - self.area.top) * self.scale
        return Box(x, y, x + area.width * self.scale, y + area.height * self.scale)

    def to_area(self, box: Box) -> Area:
        """The input units that a box of the screenshot touches."""
        left, top = floor(box.x1 / self.scale), floor(box.y1 / self.scale)
        right, bottom = ceil(box.x2 / self.scale), ceil(box.y2 / self.scale)
        return Area(left=self.area.left + left, top=self.area.top + top, width=right - left, height=bottom - top)


def region_within(region: Box, desktop: Area) -> Area:
    """A region given in input units from the desktop's top left corner. Raises UsageError where it is not on it."""
    asked = Area(
        left=desktop.left + round(region.x1),
        top=desktop.top + round(region.y1),
        width=round(region.x2) - round(region.x1),
        height=round(region.y2) - round(region.y1),
    )
    if asked.width < 1 or asked.height < 1 or asked.clip(desktop) != asked:
        raise UsageError(f"the region {region} is not on the desktop, which is {desktop.width} x {desktop.height}")
    return asked
