"""Coordinates: the one place where those that a model writes become screenshot pixels, and back."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from math import ceil
from typing import assert_never

from ...errors import BadModelOutput
from ...screen import Box, Point, Quad, Size

Shape = Point | Box | Quad

SLACK_PX = 28
"""A cell of the model's grid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """Where a model's coordinates run: on both axes from 0 up to `extent`, which no place has.

    None: up to the width and the height, in pixels, of the picture as the model read it, after the resize, or where
    it `is_native` of the screenshot itself. They are written with so many `decimals`. A place depends on the native
    size only, but for the resized picture's. `page` is what the extent stands for where a picture, as it is read, is
    smaller: it is then the upper left part of such a page.
    """

    name: str
    extent: int | None
    decimals: int = 0
    is_native: bool = False
    page: Size | None = None

    @property
    def step(self) -> float:
        """Between two coordinates that can be written."""
        return 10.0**-self.decimals


THOUSANDTHS = Space(name="thousandths", extent=1000)
"""Qwen2-VL: whole thousandths of the width and of the height, 0 to 999."""
PAGE_THOUSANDTHS = Space(name="thousandths of a page of 1288 x 728", extent=1000, page=Size(1288, 728))
"""clickwright/mini, which learned where things are on one size of page, and sees smaller pictures as parts of it."""
FRACTIONS = Space(name="fractions", extent=1, decimals=4)
"""Shares of the width and of the height, 0 to 0.9999."""
HUNDREDTHS = Space(name="fractions", extent=1, decimals=2)
"""ShowUI, TongUI and SeeClick: such shares with two decimals, 0 to 0.99."""
SEEN_PIXELS = Space(name="pixels of the resized picture", extent=None)
"""Qwen2.5-VL: pixels of the picture as it was read."""
SCREEN_PIXELS = Space(name="pixels of the screenshot", extent=None, decimals=1, is_native=True)
"""OS-Genesis: pixels of the screenshot, as an accessibility tree has them, whatever size the model reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """The screenshot that a text is about, and how places on it are written.

    `size` is its own, `seen` the one at which the model reads it. `pointer` is where the mouse is, for actions that
    leave out their place. `tools` are the names of the user's own. `locate` finds what is named in words, and raises
    BadModelOutput where there is no such thing; `marks` are the boxes that are numbered on it, from 1 on.
    """

    size: Size
    space: Space = THOUSANDTHS
    seen: Size | None = None
    pointer: Point | None = None
    tools: Collection[str] = ()
    locate: Callable[[str], Point] | None = None
    marks: Sequence[Box] = ()

    @property
    def extent(self) -> tuple[float, float]:
        """How far coordinates run on each axis."""
        if self.space.extent is not None:
            return self.space.extent, self.space.extent
        seen = self.size if self.space.is_native else self.seen or self.size
        return seen.width, seen.height

    @property
    def whole(self) -> Size:
        """What the extent stands for, in screenshot pixels: the screenshot, or the page that it is a part of."""
        page, seen = self.space.page, self.seen or self.size
        if page is None:
            return self.size
        wider, higher = max(1.0, page.width / seen.width), max(1.0, page.height / seen.height)
        return Size(round(self.size.width * wider), round(self.size.height * higher))

    @property
    def unit(self) -> tuple[float, float]:
        """Screenshot pixels of one unit of the coordinates on each axis."""
        (across, down), whole = self.extent, self.whole
        return whole.width / across, whole.height / down

    @property
    def reach(self) -> tuple[int, int]:
        """How many whole coordinates on each axis lie on the screenshot, from 0 on."""
        (across, down), whole = self.extent, self.whole
        return ceil(across * self.size.width / whole.width), ceil(down * self.size.height / whole.height)

    def point(self, x: float, y: float) -> Point:
        """The screenshot pixel of a place that a model wrote.

        The extent itself is out of range by definition, yet written: it is the last coordinate. Raises BadModelOutput
        beyond it, and for shares of the screen where whole numbers are meant: most often a model that answers in
        another space.
        """
        across, down = self.extent
        if not self.space.decimals and 0 < x < 1 and 0 < y < 1:
            raise BadModelOutput(f"({x:g}, {y:g}) is in shares of the screen: coordinates are {self.space.name}")
        if not (0 <= x <= across and 0 <= y <= down):
            last = self.space.step
            raise BadModelOutput(
                f"({x:g}, {y:g}) is off the screen: coordinates are {self.space.name}, "
                f"from 0 to {across - last:g} and {down - last:g}"
            )
        step, whole = self.space.step, self.whole
        point = Point(min(x, across - step) / across * whole.width, min(y, down - step) / down * whole.height)
        if whole == self.size:
            return point
        if not self._slack.contains(point):
            raise BadModelOutput(f"({x:g}, {y:g}) is off the screen, which is a part of the page that is counted on")
        return Point(min(point.x, self.size.width - 1), min(point.y, self.size.height - 1))

    @property
    def _slack(self) -> Box:
        """Where the corner of a thing at the edge of a part of a page may come to lie."""
        return Box(0, 0, self.size.width + SLACK_PX, self.size.height + SLACK_PX)

    def place(self, point: Point) -> tuple[float, float]:
        """The nearest coordinates that can be written of a point, clipped to the screen: ints where there are no
        decimals."""
        (across, down), whole = self.extent, self.whole
        x, y = self._nearest(point.x / whole.width, across), self._nearest(point.y / whole.height, down)
        if whole == self.size:
            return x, y
        last_x, last_y = self.reach  # beyond them lies what the picture does not show of its page
        return min(x, last_x - 1), min(y, last_y - 1)

    def _nearest(self, share: float, extent: float) -> float:
        decimals = self.space.decimals
        nearest = min(max(round(share * extent, decimals), 0), extent - self.space.step)
        return round(nearest, decimals) + 0.0 if decimals else round(nearest)  # + 0.0: no minus before a nought

    def shape(self, numbers: Sequence[float]) -> Shape:
        """The point of two numbers, the box of two corners in any order, or the quad of four.

        Raises BadModelOutput for another count, and as `point` does.
        """
        points = [self.point(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=False)]
        match points:
            case [point] if len(numbers) == 2:
                return point
            case [_, _] if len(numbers) == 4:
                return Box.around(*points)
            case [a, b, c, d] if len(numbers) == 8:
                return Quad((a, b, c, d))
            case _:
                raise BadModelOutput(f"a place has 2, 4 or 8 coordinates, not {len(numbers)}")

    def middle(self, numbers: Sequence[float]) -> Point:
        """The point of two numbers, or the centre of a box or quad. Raises as `shape` does."""
        return center_of(self.shape(numbers))


def center_of(shape: Shape) -> Point:
    """A point itself, the centre of a box or quad."""
    return shape if isinstance(shape, Point) else shape.center


def box_of(shape: Shape) -> Box | None:
    """The upright box of a shape; None of a point."""
    match shape:
        case Point():
            return None
        case Quad():
            return shape.box
        case Box():
            return shape
        case _:
            assert_never(shape)
