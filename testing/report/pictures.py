"""The pictures of a run as its pages show them: linked, never copied, with what is meant drawn beside them."""

import struct
from dataclasses import dataclass
from pathlib import Path

from ...screen import Box, Point, Size
from .told import PICTURES

CLOSE_UP = Size(420, 168)
"""The least that is shown of the screen around a place, in its pixels."""
MARGIN_PX = 28
"""What is shown around a box at least."""
LEAST_ASPECT = 1.4
"""How much wider than high it is at least, where the screen has room."""
MOST_OF_SCREEN = 0.6
"""A part that is larger than this share of the screen is no close-up."""
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture and where it is from the page."""

    href: str
    size: Size


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A screen, or the part `area` of it, and on it a box and the place of an action. In pixels of the picture."""

    picture: Picture
    area: Box
    box: Box | None = None
    at: Point | None = None

    @property
    def boxes(self) -> tuple[Box, ...]:
        return () if self.box is None else (self.box,)

    @property
    def unit(self) -> float:
        """What lines and rings are measured in, so that they are seen where a large picture is shown small."""
        return max(self.area.width, self.area.height) / 100

    @property
    def is_tall(self) -> bool:
        return self.area.height > self.area.width

    @property
    def close_up(self) -> "Shot | None":
        """The part of the screen around the box or the place; None where there is none, or where it is nearly all."""
        if self.box is None and self.at is None:
            return None
        area = _around(self.box or Box.around(self.at or Point(0, 0)), self.picture.size)
        if area.area > MOST_OF_SCREEN * self.picture.size.area:
            return None
        return Shot(picture=self.picture, area=area, box=self.box, at=self.at)

    @property
    def thing(self) -> "Shot | None":
        """The box alone."""
        if self.box is None or self.box.area < 1:
            return None
        return Shot(picture=self.picture, area=self.box)


class Pictures:
    """The pictures in a folder of results, as a page in it that is so many folders down links to them."""

    def __init__(self, results: Path, *, down: int = 0) -> None:
        self._folder = results / PICTURES
        self._up = "../" * down
        self._sizes: dict[str, Size | None] = {}

    def get(self, name: str) -> Picture | None:
        """None where there is none, or where it is no picture."""
        if not name:
            return None
        if name not in self._sizes:
            self._sizes[name] = _png_size(self._folder / name)
        size = self._sizes[name]
        return None if size is None else Picture(href=f"{self._up}{PICTURES}/{name}", size=size)

    def shot(
        self, name: str, box: tuple[float, float, float, float] | None = None, at: tuple[float, float] | None = None
    ) -> Shot | None:
        """The whole picture with these places on it, clipped to it."""
        picture = self.get(name)
        if picture is None:
            return None
        return Shot(
            picture=picture,
            area=picture.size.box,
            box=None if box is None else _in_order(box).clip(picture.size),
            at=None if at is None else Point(*at).clip(picture.size),
        )


def _in_order(box: tuple[float, float, float, float]) -> Box:
    x1, y1, x2, y2 = box
    return Box.around(Point(x1, y1), Point(x2, y2))


def _around(box: Box, size: Size) -> Box:
    """With a margin, and moved inwards at the edge of the screen."""
    height = max(CLOSE_UP.height, round(box.height) + 2 * MARGIN_PX)
    width = max(CLOSE_UP.width, round(box.width) + 2 * MARGIN_PX, round(height * LEAST_ASPECT))
    width, height = min(width, size.width), min(height, size.height)
    left = min(max(round(box.center.x - width / 2), 0), size.width - width)
    top = min(max(round(box.center.y - height / 2), 0), size.height - height)
    return Box(left, top, left + width, top + height)


def _png_size(path: Path) -> Size | None:
    try:
        with path.open("rb") as file:
            head = file.read(24)
    except OSError:
        return None
    if len(head) < 24 or not head.startswith(_PNG) or head[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", head[16:])
    return Size(width, height) if width and height else None
