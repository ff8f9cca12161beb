"""Drawn screens with targets that can be described without doubt: corners, places between, small and larger boxes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ..demo.colours import SHADES, Colour
from ..screen import Box, Screenshot, Size

INK, SOFT, LINE, GROUND, CARD = "#1f2933", "#8a94a0", "#d9dee4", "#f3f5f7", "#ffffff"
EDGE_PX = 10
"""Between a target in a corner and the edges of the screen, in units of the page."""
FINE = 2
"""The picture is drawn so many times as large and then made smaller, which smooths its edges."""
DARK_INK = ("yellow", "orange")
STAR = ((50, 0), (62, 36), (100, 38), (70, 60), (81, 96), (50, 75), (19, 96), (30, 60), (0, 38), (38, 36))
"""Corners in hundredths of its box."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A size of the screen, and the pixels of one unit of the page on it."""

    size: Size
    scale: float = 1.0

    def __str__(self) -> str:
        return f"{self.size.width} x {self.size.height}"


VIEWS = (View(size=Size(1288, 728)), View(size=Size(1610, 910), scale=1.25))
"""The browser's own viewport: as it is, where most models do not resize the picture, and so that all of them do."""
ALL_VIEWS = (
    *VIEWS,
    View(size=Size(1280, 720)),
    View(size=Size(1920, 1080), scale=2.0),
    View(size=Size(1080, 2400), scale=2.5),
    View(size=Size(3840, 2160), scale=3.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A thing on a screen, as it is asked for, and where it is."""

    description: str
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A drawn screen and its targets. No two can be taken for one another."""

    view: View
    screenshot: Screenshot
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class _Thing:
    """A target before it is drawn: its middle in shares of the room between the corners, its sides in units."""

    colour: Colour
    kind: str
    x: float
    y: float
    width: float
    height: float
    label: str = ""


# The corners, the middle and a grid between that no turn or mirror maps on itself.
_THINGS = (
    _Thing("red", "square", 0, 0, 24, 24),
    _Thing("blue", "button", 1, 0, 84, 32, "Send"),
    _Thing("green", "button", 0, 1, 84, 32, "Save"),
    _Thing("purple", "square", 1, 1, 28, 28),
    _Thing("orange", "button", 0.5, 0.5, 96, 36, "Next"),
    _Thing("teal", "circle", 0.27, 0.3, 26, 26),
    _Thing("yellow", "star", 0.76, 0.36, 28, 28),
    _Thing("pink", "circle", 0.33, 0.78, 32, 32),
    _Thing("red", "button", 0.72, 0.82, 90, 34, "Delete"),
)


def draw_page(view: View) -> Page:
    """A plain page at this size, with nine targets."""
    size = view.size
    boxes = [_place(thing, view) for thing in _THINGS]
    image = Image.new("RGB", (size.width * FINE, size.height * FINE), GROUND)
    pen = _Pen(ImageDraw.Draw(image), view.scale * FINE)
    _draw_cards(pen, size.width / view.scale, size.height / view.scale)
    for thing, box in zip(_THINGS, boxes, strict=True):
        pen.clear(box.scale(FINE, FINE))
        pen.thing(thing, box.scale(FINE, FINE))
    return Page(
        view=view,
        screenshot=Screenshot(pixels=np.array(image.reduce(FINE)), scale=view.scale),
        targets=tuple(
            Target(description=f"the {thing.colour} {thing.kind}", box=box)
            for thing, box in zip(_THINGS, boxes, strict=True)
        ),
    )


def _place(thing: _Thing, view: View) -> Box:
    """Where it stands, on whole pixels."""
    width, height = round(thing.width * view.scale), round(thing.height * view.scale)
    edge = EDGE_PX * view.scale
    x = round(edge + thing.x * (view.size.width - 2 * edge - width))
    y = round(edge + thing.y * (view.size.height - 2 * edge - height))
    return Box(x, y, x + width, y + height)


@dataclass(frozen=True, slots=True)
class _Pen:
    """Draws on one picture. `unit` pixels of it are one unit of the page; boxes are in pixels."""

    draw: ImageDraw.ImageDraw
    unit: float

    def rounded(self, box: Box, fill: str, *, radius: float = 6, outline: str | None = None) -> None:
        around = (box.x1, box.y1, box.x2 - 1, box.y2 - 1)
        self.draw.rounded_rectangle(around, radius * self.unit, fill, outline, round(self.unit))

    def clear(self, box: Box) -> None:
        """Nothing stands beside a target."""
        self.rounded(box.grow(8 * self.unit), CARD)

    def write(self, text: str, box: Box, ink: str, *, size: float = 15) -> None:
        """One line in the middle of a box."""
        font = ImageFont.load_default(size=size * self.unit)
        self.draw.text((box.center.x, box.center.y), text, fill=ink, font=font, anchor="mm")

    def thing(self, thing: _Thing, box: Box) -> None:
        shade = SHADES[thing.colour][0]
        match thing.kind:
            case "button":
                self.rounded(box, shade)
                self.write(thing.label, box, INK if thing.colour in DARK_INK else CARD)
            case "circle":
                self.draw.ellipse((box.x1, box.y1, box.x2 - 1, box.y2 - 1), shade)
            case "star":
                self.draw.polygon(_corners(STAR, box), shade)
            case _:
                self.draw.rectangle((box.x1, box.y1, box.x2 - 1, box.y2 - 1), shade)


def _corners(shape: Sequence[tuple[int, int]], box: Box) -> list[tuple[float, float]]:
    return [(box.x1 + x / 100 * box.width, box.y1 + y / 100 * box.height) for x, y in shape]


def _draw_cards(pen: _Pen, width: float, height: float) -> None:
    """What a page shows otherwise: a head and cards with grey lines for their text."""
    across = max(1, round(width / 320))
    down = max(1, round(height / 240))
    for row in range(down):
        for column in range(across):
            x, y = column * width / across, row * height / down
            card = Box(x, y, x + width / across, y + height / down).grow(-12)
            pen.rounded(card.scale(pen.unit, pen.unit), CARD, outline=LINE, radius=8)
            for line in range(3):
                top = card.y1 + 66 + 16 * line
                stroke = Box(card.x1 + 16, top, card.x2 - 16 - 50 * line, top + 6)
                pen.rounded(stroke.scale(pen.unit, pen.unit), LINE, radius=3)
