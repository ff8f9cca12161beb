"""Numbers the boxes on a screenshot, so that a model that cannot point can say which one it means."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from .geometry import Box, Size
from .screenshot import Pixels, Screenshot

COLOURS = ((200, 0, 90), (0, 87, 200), (0, 115, 60), (176, 66, 0), (118, 44, 180), (0, 105, 115))
"""In turn, so that neighbours can be told apart. Each is dark enough for white digits."""
EDGE = (255, 255, 255)
_ON_TAG, _ON_DETAIL, _ON_BOX = 8.0, 2.0, 1.5
"""How bad it is for a tag to lie on another tag, on something drawn, on a box."""


def draw_numbers(screenshot: Screenshot, boxes: Sequence[Box]) -> Screenshot:
    """A copy of the screenshot with every box outlined and numbered, from 1 on. The same picture for the same boxes.

    The line goes around the pixels of a box, not over them. The number stands at a corner, where it hides as little as
    it can: outside rather than inside, and on plain ground rather than on text.
    """
    size = screenshot.size
    least = min(size.width, size.height)
    image = Image.fromarray(screenshot.pixels)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=max(12, round(least / 56)))
    width = max(1, round(least / 480))
    framed = [box.clip(size).grow(width).clip(size) for box in boxes]
    for n, box in enumerate(framed):
        draw.rectangle(_corners(box), outline=COLOURS[n % len(COLOURS)], width=width)
    ground = _Ground(pixels=screenshot.pixels, size=size, boxes=_array(framed), tags=[])
    for n, box in enumerate(framed):
        text = str(n + 1)
        left, top, right, bottom = draw.textbbox((0, 0), text, font=font)
        tag = ground.place(box, right - left + 5, bottom - top + 5)
        draw.rectangle(_corners(tag), fill=COLOURS[n % len(COLOURS)], outline=EDGE)
        draw.text((tag.x1 + 2.5 - left, tag.y1 + 2.5 - top), text, fill=EDGE, font=font)
    return Screenshot(pixels=np.array(image), scale=screenshot.scale, taken_s=screenshot.taken_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """What a tag may lie on: the picture, the boxes and the tags that are there already."""

    pixels: Pixels
    size: Size
    boxes: NDArray[np.float64]
    tags: list[Box]

    def place(self, box: Box, width: float, height: float) -> Box:
        """The best spot for a tag of this size, which is taken from now on."""
        spots = [self._on_screen(x, y, width, height) for x, y in _spots(box, width, height)]
        tags = _array(self.tags)
        best = min(spots, key=lambda spot: self._cost(spot, tags))
        self.tags.append(best)
        return best

    def _on_screen(self, x: float, y: float, width: float, height: float) -> Box:
        x, y = (max(0, min(x, self.size.width - width)), max(0, min(y, self.size.height - height)))
        return Box(round(x), round(y), round(x) + width, round(y) + height)

    def _cost(self, spot: Box, tags: NDArray[np.float64]) -> float:
        on_boxes, on_tags = _overlap(spot, self.boxes), _overlap(spot, tags)
        x1, y1, x2, y2 = _corners(spot)
        green = self.pixels[y1 : y2 + 1, x1 : x2 + 1, 1]
        detail = min(1.0, float(green.std()) / 32) if green.size else 0.0
        return _ON_TAG * on_tags + _ON_DETAIL * detail + _ON_BOX * on_boxes


def _spots(box: Box, width: float, height: float) -> list[tuple[float, float]]:
    """Left upper corners of tags at the corners of a box, those outside first."""
    return [
        (box.x1, box.y1 - height),
        (box.x2 - width, box.y1 - height),
        (box.x1 - width, box.y1),
        (box.x2, box.y1),
        (box.x1, box.y2),
        (box.x2 - width, box.y2),
        (box.x2 - width, box.y1),
        (box.x1, box.y1),
        (box.x2 - width, box.y2 - height),
    ]


def _array(boxes: Sequence[Box]) -> NDArray[np.float64]:
    """Dimensions: (n, 4) float64."""
    return np.array([(box.x1, box.y1, box.x2, box.y2) for box in boxes], np.float64).reshape(-1, 4)


def _overlap(spot: Box, others: NDArray[np.float64]) -> float:
    """The shares of a spot that others cover, added up, at most 2."""
    across = np.minimum(spot.x2, others[:, 2]) - np.maximum(spot.x1, others[:, 0])
    down = np.minimum(spot.y2, others[:, 3]) - np.maximum(spot.y1, others[:, 1])
    return min(2.0, float((np.clip(across, 0, None) * np.clip(down, 0, None)).sum()) / max(1.0, spot.area))


def _corners(box: Box) -> tuple[int, int, int, int]:
    """The first and the last column and row that a box touches, as Pillow draws them."""
    x1, y1 = int(np.floor(box.x1)), int(np.floor(box.y1))
    return x1, y1, max(x1, int(np.ceil(box.x2)) - 1), max(y1, int(np.ceil(box.y2)) - 1)
