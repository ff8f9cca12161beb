"""Windows of pictures, and what each merged cell of their grid shows."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from random import Random

import numpy as np
import torch
from torch import Tensor

from ..concepts import EPISODE_WORDS, HUES, ICON_FILES, SHOWN_KINDS, WORDS
from ..shown import CELL_PX, PAGE_PX, Element

PAGE = PAGE_PX[1] // CELL_PX, PAGE_PX[0] // CELL_PX
"""Rows and columns of cells of a whole page."""
COLOURS = tuple(HUES)
NAMES = tuple(dict.fromkeys((*ICON_FILES, *WORDS, *EPISODE_WORDS)))
_COLOUR = {colour: number for number, colour in enumerate(COLOURS, 1)}
_NAME = {name: number for number, name in enumerate(NAMES, 1)}
WHOLE = 0.95
"""How much of a thing must be seen for it to be asked for."""
MEAN = torch.tensor([0.48145466, 0.4578275, 0.40821073])
STD = torch.tensor([0.26862954, 0.26130258, 0.27577711])


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """A window of a page and what is in it. Dimensions: pixels (height, width, 3) uint8, sides multiples of 28.

    `offset` is the row and column of its first cell on the page. Its tokens are given the positions that they have
    there, so that a small window teaches the places of the whole page at a fraction of its cost.
    """

    pixels: np.ndarray
    elements: list[Element]
    offset: tuple[int, int] = (0, 0)

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns of merged cells."""
        return self.pixels.shape[0] // CELL_PX, self.pixels.shape[1] // CELL_PX


def taught_words(crop: Crop) -> list[Element]:
    """What shows a word that is taught, and is seen whole."""
    return [one for one in crop.elements if one.visible > WHOLE and one.kind != "icon" and one.name in _NAME]


def pixels_of(crops: Sequence[Crop]) -> Tensor:
    """The windows of one size, as they are. Dimensions: (pictures, height, width, 3) uint8."""
    return torch.as_tensor(np.stack([crop.pixels for crop in crops]))


def varied(rng: Random, pixels: Tensor, by: float) -> Tensor:
    """The windows with other brightness and contrast, each its own, and grain; `by` is how much, 1 as screens differ.

    All channels are changed alike, and little where they would be cut off: what a colour is called stays.
    """
    count, grain = len(pixels), np.random.default_rng(rng.getrandbits(64))
    contrast, light = (
        torch.tensor([rng.uniform(*ends) for _ in range(count)]).view(-1, 1, 1, 1)
        for ends in ((1 - 0.15 * by, 1 + 0.08 * by), (-14 * by, 8 * by))
    )
    noise = torch.as_tensor(grain.normal(0, 2.5 * by, (*pixels.shape[:3], 1)).astype(np.float32))
    return ((pixels.float() - 128) * contrast + 128 + light + noise).round().clamp(0, 255).to(torch.uint8)


def to_patches(pixels: Tensor) -> Tensor:
    """Normalised patches, where the pixels are. Dimensions: (pictures, patches, 588), in merge-block order."""
    pictures, rows, columns = len(pixels), pixels.shape[1] // CELL_PX, pixels.shape[2] // CELL_PX
    values = (pixels.float() / 255 - MEAN.to(pixels.device)) / STD.to(pixels.device)
    blocks = values.view(pictures, rows, 2, 14, columns, 2, 14, 3).permute(0, 1, 4, 2, 5, 7, 3, 6)
    return blocks.reshape(pictures, rows * columns * 4, 588)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """What each merged cell shows. Dimensions: each (pictures * cells); boxes (..., 4) in cells from its centre.

    0 is nothing; a kind, colour or name counts from 1. -1 is what is not taught: another colour, a text not in `NAMES`.
    `shares` is one over the root of the number of cells that the same thing covers: a check box counts beside a wide
    text box.
    """

    kinds: Tensor
    colours: Tensor
    names: Tensor
    boxes: Tensor
    shares: Tensor

    def to(self, device: torch.device) -> "Cells":
        """The same elsewhere."""
        return Cells(**{field.name: getattr(self, field.name).to(device) for field in fields(self)})


def cells_of(crops: Sequence[Crop]) -> Cells:
    """What the cells of pictures of one size show, picture by picture, row by row."""
    rows, columns = crops[0].grid
    shape = len(crops), rows, columns
    kinds, colours, names = (np.zeros(shape, np.int64) for _ in range(3))
    boxes, shares = np.zeros((*shape, 4), np.float32), np.zeros(shape, np.float32)
    for index, crop in enumerate(crops):
        best = np.full((rows, columns), 40.0)  # px² of a cell that must be covered at least
        owner = np.zeros((rows, columns), np.int64)
        for number, element in enumerate(crop.elements):
            if element.visible > 0.3:
                area, wins = _mark(element, best, kinds[index], colours[index], names[index], boxes[index])
                owner[area][wins] = number + 1
        shares[index] = (np.bincount(owner.ravel())[owner] ** -0.5) * (owner > 0)
    flat = (torch.as_tensor(array.reshape(-1)) for array in (kinds, colours, names, shares))
    return Cells(
        kinds=next(flat),
        colours=next(flat),
        names=next(flat),
        shares=next(flat),
        boxes=torch.as_tensor(boxes.reshape(-1, 4)),
    )


def _mark(
    element: Element, best: np.ndarray, kinds: np.ndarray, colours: np.ndarray, names: np.ndarray, boxes: np.ndarray
) -> tuple[tuple[slice, slice], np.ndarray]:
    x1, y1, x2, y2 = element.box
    first_x, first_y = int(x1 // CELL_PX), int(y1 // CELL_PX)
    last_x, last_y = min(int(x2 // CELL_PX), best.shape[1] - 1), min(int(y2 // CELL_PX), best.shape[0] - 1)
    xs, ys = np.arange(first_x, last_x + 1), np.arange(first_y, last_y + 1)
    wide = np.minimum(x2, xs * CELL_PX + CELL_PX) - np.maximum(x1, xs * CELL_PX)
    high = np.minimum(y2, ys * CELL_PX + CELL_PX) - np.maximum(y1, ys * CELL_PX)
    cover = high[:, None] * wide[None, :]
    # A small thing wins the cell it shares with a large one: it has few others.
    cover = cover * (1 + 2000 / ((x2 - x1) * (y2 - y1)))
    area = np.s_[first_y : last_y + 1, first_x : last_x + 1]
    wins = cover > best[area]
    best[area][wins] = cover[wins]
    kinds[area][wins] = SHOWN_KINDS.index(element.kind) + 1
    colours[area][wins] = _COLOUR.get(element.colour, -1) if element.colour else 0
    unread = element.kind in ("button", "link", "tab") and not element.name
    names[area][wins] = -1 if unread else _NAME.get(element.name, -1) if element.name else 0
    middle_x, middle_y = (xs + 0.5) * CELL_PX, (ys + 0.5) * CELL_PX
    sides = np.stack(
        np.broadcast_arrays(x1 - middle_x, (y1 - middle_y)[:, None], x2 - middle_x, (y2 - middle_y)[:, None]), -1
    )
    boxes[area][wins] = sides[wins] / CELL_PX
    return area, wins
