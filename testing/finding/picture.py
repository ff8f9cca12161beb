"""Pictures of one thing compared, and found on others, whatever its colours are."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ...screen import Box, Screenshot
from ...screen.screenshot import Pixels

Gray = NDArray[np.float32]

MOVES_PX = 3
"""How far the middle of a thing may be off when two pictures of it are compared."""
BLANK = 6.0
"""Levels between the darkest and the lightest pixels of what shows nothing."""
SEEN = 0.9
"""How like a place must be to the picture to be taken for it, 0 to 1."""
MAX_PLACES = 12
LEAST_DRAWN = 2.0
"""Levels that a picture varies by, which can be found at all."""
GROWS = (1.0, 0.9, 1.1)
"""How much larger or smaller a drawing may be on a thing of the same size."""


def is_blank(screenshot: Screenshot, box: Box) -> bool:
    """Whether nothing is drawn in a part of a picture."""
    kept = box.clip(screenshot.size)
    if kept.area < 1:
        return True
    pixels = screenshot.crop(kept).pixels
    return int((pixels.max(axis=(0, 1)).astype(int) - pixels.min(axis=(0, 1))).max()) <= BLANK


def paint_of(screenshot: Screenshot, box: Box) -> NDArray[np.float64]:
    """The colour that most of a thing has, as levels of red, green and blue."""
    pixels = screenshot.crop(box.clip(screenshot.size)).pixels
    return np.median(pixels.reshape(-1, 3), axis=0)


def is_equal(one: Screenshot, other: Screenshot) -> bool:
    """Whether two pictures are the same in every pixel."""
    return one.pixels.shape == other.pixels.shape and bool(np.array_equal(one.pixels, other.pixels))


def likeness(one: Screenshot, other: Screenshot) -> float:
    """How alike the drawings in two pictures are, -1 to 1, whatever their sizes and colours. Borders do not count."""
    if is_equal(one, other):
        return 1.0
    drawn, size = _ink(one.pixels), (one.pixels.shape[1], one.pixels.shape[0])
    height, width = drawn.shape
    dx, dy = _margin(width), _margin(height)
    inner = drawn[dy : height - dy, dx : width - dx]
    if min(inner.shape) < 4 or float(inner.std()) < 0.5:
        return 0.0
    best = -1.0
    for share in GROWS:
        now = _ink(_resized(other.pixels, (round(size[0] * share), round(size[1] * share))))
        best = max(best, _best_near_middle(now, inner))
    return best


def _best_near_middle(large: Gray, small: Gray) -> float:
    """How well the small one fits the middle of the large one, or a few pixels beside it."""
    found = _match(np.pad(large, MOVES_PX, mode="edge"), small)
    y, x = found.shape[0] // 2, found.shape[1] // 2
    near = found[max(y - MOVES_PX, 0) : y + MOVES_PX + 1, max(x - MOVES_PX, 0) : x + MOVES_PX + 1]
    return float(near.max())


def _ink(pixels: Pixels) -> Gray:
    """How far each pixel is from the colour that most of the picture has, 0 to 255."""
    down, along = pixels.shape[0] // 5, pixels.shape[1] // 5
    middle = pixels[down : pixels.shape[0] - down, along : pixels.shape[1] - along]
    ground = np.median(middle.reshape(-1, 3), axis=0).astype(np.float32)
    far = np.abs(pixels.astype(np.float32) - ground).max(axis=2)
    strong = max(float(np.percentile(far, 98)), 8.0)
    return _soft(np.minimum(far / strong, 1) * 255)


def _soft(levels: Gray) -> Gray:
    blurred: Any = cv2.GaussianBlur(levels, (3, 3), 0)
    return blurred


def _resized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    way = cv2.INTER_AREA if size[0] < pixels.shape[1] else cv2.INTER_CUBIC
    resized: Any = cv2.resize(np.ascontiguousarray(pixels), size, interpolation=way)
    return resized


def places_of(crop: Screenshot, screenshot: Screenshot, ratio: float) -> list[Box]:
    """Where a picture is seen on a screen that has `ratio` times its pixels, the most alike first.

    In its own shades, or else by its lines.
    """
    piece = crop.pixels
    if ratio != 1:
        piece = _resized(piece, (max(1, round(piece.shape[1] * ratio)), max(1, round(piece.shape[0] * ratio))))
    height, width = piece.shape[:2]
    if height > screenshot.size.height or width > screenshot.size.width:
        return []
    if float(_gray(piece).std()) < LEAST_DRAWN:
        return []
    found = _peaks(_gray(screenshot.pixels), _gray(piece))
    return found or _peaks(_lines(screenshot.pixels), _lines(piece))


def _peaks(screen: Gray, piece: Gray) -> list[Box]:
    """The places that are as like as `SEEN` says, one for each thing."""
    left, places = _match(screen, piece), list[Box]()
    height, width = piece.shape
    for _ in range(MAX_PLACES):
        _, best, _, (x, y) = cv2.minMaxLoc(left)
        if best < SEEN:
            break
        left[max(y - height // 2, 0) : y + height // 2 + 1, max(x - width // 2, 0) : x + width // 2 + 1] = -1
        # On an even ground the quick reckoning is of noise alone.
        if _correlation(screen[y : y + height, x : x + width], piece) >= SEEN:
            places.append(Box(x, y, x + width, y + height))
    return places


def _correlation(one: Gray, other: Gray) -> float:
    """How alike two pictures of one size are, -1 to 1; 0 where one of them is even."""
    a, b = one - one.mean(dtype=np.float64), other - other.mean(dtype=np.float64)
    strong, weak = float(a.std()), float(b.std())
    if min(strong, weak) < 0.2 * max(strong, weak):
        return 0.0
    return float((a * b).mean()) / (strong * weak)


def _match(large: Gray, small: Gray) -> Gray:
    # Whole numbers, so that even ground comes out as exactly that.
    found: Any = cv2.matchTemplate(large.astype(np.uint8), small.astype(np.uint8), cv2.TM_CCOEFF_NORMED)
    np.nan_to_num(found, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    return found


def _gray(pixels: NDArray[np.uint8]) -> Gray:
    return cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY).astype(np.float32)


def _lines(pixels: NDArray[np.uint8]) -> Gray:
    """Where the lines of a picture are, 0 to 255, however strong they are drawn."""
    gray = _soft(_gray(pixels))
    steps = cv2.magnitude(cv2.Sobel(gray, cv2.CV_32F, 1, 0), cv2.Sobel(gray, cv2.CV_32F, 0, 1))
    strong = max(float(np.percentile(steps[:: max(1, steps.shape[0] // 200)], 97)), 8.0)
    return _soft(np.minimum(steps / strong, 1) * 255)


def _margin(side: int) -> int:
    return max(MOVES_PX, round(0.14 * side))
