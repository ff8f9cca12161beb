"""What a `MemoryEnvironment` shows: pages of coloured, named rectangles, and how they are drawn."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ...screen import Box, Element, Pixels, Size

Role = Literal["button", "link", "textbox", "checkbox", "combobox", "file", "text"]

FIRST_PAGE = "start"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryItem:
    """One thing on a page. `box` is in input units: multiplied by the screen's scale it is screenshot pixels.

    `leads_to` names the page that a click shows, or Enter where the item is a text field. `options` are the labels
    of a combobox; a `secret` field draws dots and counts as sensitive; a `movable` item follows a drag.
    """

    name: str
    box: Box
    role: Role = "button"
    colour: str = "#3267d6"
    leads_to: str = ""
    options: tuple[str, ...] = ()
    secret: bool = False
    movable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryPage:
    """A page: its items from back to front. A `height` larger than the screen's scrolls; input units."""

    items: tuple[MemoryItem, ...] = ()
    name: str = FIRST_PAGE
    background: str = "#ffffff"
    height: int = 0

    def item(self, name: str) -> MemoryItem | None:
        return next((item for item in self.items if item.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An item where it stands now, in screenshot pixels, with what has been put into it."""

    item: MemoryItem
    box: Box
    value: str
    focused: bool

    def element(self, size: Size) -> Element:
        """What a screen of this size tells of it; what a secret field holds is not told."""
        is_ticked = self.item.role == "checkbox"
        states = {"checked": is_ticked and bool(self.value), "focused": self.focused}
        return Element(
            box=self.box.clip(size),
            role=self.item.role,
            name=self.item.name,
            value="" if self.item.secret or is_ticked else self.value,
            states=tuple(state for state, holds in states.items() if holds),
        )


def draw(placed: tuple[Placed, ...], background: str, size: Size, scale: float) -> Pixels:
    """The screen as RGB. Dimensions: (size.height, size.width, 3) uint8; each item's box is filled to the pixel."""
    picture = Image.new("RGB", (size.width, size.height), background)
    pen = ImageDraw.Draw(picture)
    for one in placed:
        _draw_item(pen, one, size, scale)
    return np.array(picture)


def _draw_item(pen: ImageDraw.ImageDraw, placed: Placed, size: Size, scale: float) -> None:
    box = placed.box.clip(size)
    if box.width < 1 or box.height < 1:
        return
    # Pillow's rectangles include their last pixel, boxes do not.
    corners = (round(box.x1), round(box.y1), round(box.x2) - 1, round(box.y2) - 1)
    if corners[2] < corners[0] or corners[3] < corners[1]:
        return
    field = placed.item.role in ("textbox", "combobox")
    edge = "#000000" if placed.focused else placed.item.colour
    pen.rectangle(corners, fill="#ffffff" if field else placed.item.colour, outline=edge, width=max(1, round(scale)))
    text_colour = "#111111" if field else "#ffffff"
    pen.text((box.x1 + 6 * scale, box.center.y), _words(placed), text_colour, font=_font(13 * scale), anchor="lm")


def _words(placed: Placed) -> str:
    if placed.item.role in ("textbox", "combobox", "file") and placed.value:
        shown = "•" * len(placed.value) if placed.item.secret else placed.value
        return shown.splitlines()[0][:200]
    if placed.item.role == "checkbox":
        return f"[{'x' if placed.value else ' '}] {placed.item.name}"
    return placed.item.name


@cache
def _font(size_px: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size_px)
