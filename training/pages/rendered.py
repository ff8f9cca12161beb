"""The pages that `render.py` wrote, one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import UsageError
from ..packs import Row, read_packs
from ..shown import Element, Sides, element_of


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """What is written on one line of a page, and the ARIA role of what it stands in. `visible` is as of elements."""

    text: str
    role: str
    box: Sides
    visible: float

    def to_row(self) -> list[Any]:
        """As a pack holds it."""
        return [self.text, self.role, *(round(side, 1) for side in self.box), round(self.visible, 3)]


def line_of(row: Sequence[Any]) -> TextLine:
    """What `to_row` gave."""
    text, role, x1, y1, x2, y2, visible = row
    return TextLine(text=text, role=role, box=(x1, y1, x2, y2), visible=visible)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPage:
    """A page as it looks, and what is on it. Dimensions: pixels (height, width, 3) uint8 RGB.

    `roles` are the ARIA role and the accessible name of each element. Packs made before these were kept have none, and
    no `texts` either.
    """

    pixels: np.ndarray
    elements: list[Element]
    roles: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    texts: list[TextLine] = field(default_factory=list[TextLine])
    seed: int = 0
    layout: str = ""
    language: str = "en"
    scale: float = 1.0

    def to_row(self, extent: tuple[int, int]) -> Row:
        """All but the picture, as a pack holds it; `extent` is its rows and columns of cells."""
        return {
            "seed": self.seed,
            "extent": extent,
            "elements": [one.to_row() for one in self.elements],
            "roles": self.roles,
            "texts": [one.to_row() for one in self.texts],
            "layout": self.layout,
            "language": self.language,
            "scale": self.scale,
        }


class Rendered:
    """A folder of packs of pages. Raises UsageError where there is no pack in it."""

    def __init__(self, folder: Path) -> None:
        self._places = [(pack, index) for pack in read_packs(folder) for index in range(len(pack))]
        if not self._places:
            raise UsageError(f"there are no pages in {folder}: clickwright.training.pages.render writes them")

    def __len__(self) -> int:
        return len(self._places)

    def page(self, index: int) -> ShownPage:
        """The page of this number, in the order of the packs."""
        pack, number = self._places[index]
        row = pack.rows[number]
        return ShownPage(
            pixels=pack.picture(number),
            elements=[element_of(one) for one in row["elements"]],
            roles=[(role, name) for role, name in row.get("roles", ())],
            texts=[line_of(one) for one in row.get("texts", ())],
            seed=row.get("seed", 0),
            layout=row.get("layout", ""),
            language=row.get("language", "en"),
            scale=row.get("scale", 1.0),
        )
