"""The pages that `render.py` wrote, one by one."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..packs import read_pack
from ..shown import Element, element_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPage:
    """A page as it looks, and what is on it. Dimensions: pixels (height, width, 3) uint8 RGB."""

    pixels: np.ndarray
    elements: list[Element]


class Rendered:
    """A folder of packs of pages."""

    def __init__(self, folder: Path) -> None:
        packs = [read_pack(path) for path in sorted(folder.glob("*.safetensors"))]
        self._places = [(pack, index) for pack in packs for index in range(len(pack))]

    def __len__(self) -> int:
        return len(self._places)

    def page(self, index: int) -> ShownPage:
        pack, number = self._places[index]
        elements = [element_of(row) for row in pack.rows[number]["elements"]]
        return ShownPage(pixels=pack.picture(number), elements=elements)
