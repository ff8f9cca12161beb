"""Draws what was meant on what was seen: boxes, the point of a click, the path of a drag, lines of text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import atan2, cos, pi, sin
from typing import assert_never

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .geometry import Box, Point, Quad, Size
from .screenshot import Screenshot

COLOUR = (226, 0, 116)
"""Magenta, which screens seldom show; with the white edge it stands out on dark and on light."""
EDGE = (255, 255, 255)
COLOURS = (COLOUR, (0, 87, 200), (0, 122, 61), (190, 72, 0), (118, 44, 180), (0, 112, 122))
"""For marks side by side, each dark enough for white text."""
MAX_LABEL_CHARS = 120
LABEL_ROWS = 8
"""How many rows down from the top of a box a label may go to stand on no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place, and the line of text that stands at it."""

    shape: Point | Box | Quad
    label: str = ""


def draw_overlay(
    screenshot: Screenshot,
    *,
    boxes: Iterable[Box] = (),
    click: Point | None = None,
    path: Sequence[Point] = (),
    label: str = "",
) -> Screenshot:
    """A copy of the screenshot with everything drawn on it; places off the screen are drawn at its edge.

    A box is drawn around its pixels, not over them. Lines grow with the screen, so that they are seen when a large
    picture is shown small. The label stands at the first box, or at the click, or else in the corner.
    """
    size = screenshot.size
    image = Image.fromarray(screenshot.pixels)
    pen = _new_pen(image)
    framed = [box.clip(size) for box in boxes]
    for box in framed:
        pen.frame(box)
    if len(path) > 1:
        pen.arrow([point.clip(size) for point in path])
    if click is not None:
        pen.target(click.clip(size))
    if label:
        spot = Point(0, 0) if click is None else click.clip(size)
        pen.write(label, framed[0] if framed else Box.around(spot).grow(0 if click is None else pen.reach))
    return Screenshot(pixels=np.array(image), scale=screenshot.scale, taken_s=screenshot.taken_s)


def draw_marks(screenshot: Screenshot, marks: Sequence[Mark]) -> Screenshot:
    """A copy of the screenshot with every mark on it, colours in turn; labels stand apart where there is room."""
    image = Image.fromarray(screenshot.pixels)
    pen = _new_pen(image)
    pens = [replace(pen, colour=COLOURS[n % len(COLOURS)]) for n in range(len(marks))]
    for coloured, mark in zip(pens, marks, strict=True):
        coloured.outline(mark.shape)
    written: list[Box] = []
    for coloured, mark in zip(pens, marks, strict=True):
        if mark.label:
            written.append(coloured.write(mark.label, coloured.bounds(mark.shape), avoid=written))
    return Screenshot(pixels=np.array(image), scale=screenshot.scale, taken_s=screenshot.taken_s)


def _new_pen(image: Image.Image) -> "_Pen":
    return _Pen(ImageDraw.Draw(image), Size(*image.size), max(2, round(min(image.size) / 360)))


@dataclass(frozen=True, slots=True)
class _Pen:
    """Draws on one picture with lines of one width in px, each with a white edge of 1 px."""

    draw: ImageDraw.ImageDraw
    size: Size
    width: int
    colour: tuple[int, int, int] = COLOUR

    @property
    def reach(self) -> int:
        """How far a target goes from its centre."""
        return 5 * self.width

    def outline(self, shape: Point | Box | Quad) -> None:
        """A target, a frame, or the four sides of a quad; what is off the screen at its edge."""
        match shape:
            case Point():
                self.target(shape.clip(self.size))
            case Box():
                self.frame(shape.clip(self.size))
            case Quad(corners):
                self.ring([corner.clip(self.size) for corner in corners])
            case _:
                assert_never(shape)

    def bounds(self, shape: Point | Box | Quad) -> Box:
        """The upright box around what `outline` draws."""
        match shape:
            case Point():
                return Box.around(shape.clip(self.size)).grow(self.reach)
            case Box():
                return shape.clip(self.size)
            case Quad():
                return shape.box.clip(self.size)
            case _:
                assert_never(shape)

    def frame(self, box: Box) -> None:
        outer = self.width + 2
        for margin, colour, width in ((outer, EDGE, outer), (outer - 1, self.colour, self.width)):
            self.draw.rectangle(_pixels(box.grow(margin).clip(self.size)), outline=colour, width=width)

    def target(self, point: Point) -> None:
        """A ring and a dot."""
        self._disc(point, self.reach, fill=None)
        self._disc(point, self.width, fill=self.colour)

    def ring(self, corners: Sequence[Point]) -> None:
        """A closed line from corner to corner, on the corners themselves."""
        first, second, *_ = line = [(corner.x, corner.y) for corner in corners]
        for colour, width in ((EDGE, self.width + 2), (self.colour, self.width)):
            self.draw.line([*line, first, second], fill=colour, width=width, joint="curve")

    def arrow(self, path: Sequence[Point]) -> None:
        """A line with a dot where it begins and a head where it ends."""
        line = [(point.x, point.y) for point in path]
        *_, (x0, y0), (x, y) = line
        angle = atan2(y - y0, x - x0)
        sides = [(x - self.reach * cos(angle + a), y - self.reach * sin(angle + a)) for a in (-pi / 7, pi / 7)]
        for colour, width in ((EDGE, self.width + 2), (self.colour, self.width)):
            self.draw.line(line, fill=colour, width=width, joint="curve")
            self.draw.line([sides[0], (x, y), sides[1]], fill=colour, width=width, joint="curve")
        self._disc(path[0], 2 * self.width, fill=self.colour)

    def write(self, label: str, at: Box, *, avoid: Sequence[Box] = ()) -> Box:
        """One line of white text on the colour, above a box where there is room, else below, else inside it.

        It keeps off what is to be avoided where it can. Where it stands is what is given back.
        """
        font = ImageFont.load_default(size=max(12, 7 * self.width))
        text = " ".join(label.split())[:MAX_LABEL_CHARS]
        while len(text) > 1 and self.draw.textlength(text, font=font) > self.size.width - 2 * self.width:
            text = text.removesuffix("…")[:-1] + "…" if len(text) > 2 else text[:1]
        left, top, right, bottom = self.draw.textbbox((0, 0), text, font=font)
        width, height = right - left + 2 * self.width, bottom - top + 2 * self.width
        gap = self.width + 2
        rows = (at.y1 - gap - height, at.y2 + gap, *(at.y1 + n * height for n in range(LABEL_ROWS)))
        x = max(0, min(at.x1, self.size.width - width))
        spots = [Box(x, y, x + width, y + height) for y in rows if y >= 0 and y + height <= self.size.height]
        free = (spot for spot in spots if not any(spot.intersect(other) for other in avoid))
        spot = next(free, spots[0] if spots else Box(x, 0, x + width, height))
        self.draw.rectangle((x, spot.y1, x + width - 1, spot.y1 + height - 1), fill=self.colour)
        self.draw.text((x + self.width - left, spot.y1 + self.width - top), text, fill=EDGE, font=font)
        return spot

    def _disc(self, point: Point, radius: int, *, fill: tuple[int, int, int] | None) -> None:
        around = _pixels(Box.around(point).grow(radius + 1))
        self.draw.ellipse(around, fill=fill, outline=EDGE, width=1 if fill else self.width + 2)
        if fill is None:
            self.draw.ellipse(_pixels(Box.around(point).grow(radius)), outline=self.colour, width=self.width)


def _pixels(box: Box) -> tuple[int, int, int, int]:
    """The first and the last column and row that a box touches, as Pillow draws them."""
    x1, y1 = int(np.floor(box.x1)), int(np.floor(box.y1))
    return x1, y1, max(x1, int(np.ceil(box.x2)) - 1), max(y1, int(np.ceil(box.y2)) - 1)
