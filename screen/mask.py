"""Places of a picture painted over, so that it can be kept and shown."""

from collections.abc import Sequence

import numpy as np

from .geometry import Box
from .screenshot import Screenshot

MASK_MARGIN_PX = 2
MASK_GREY = 0x60


def masked(screenshot: Screenshot, boxes: Sequence[Box]) -> Screenshot:
    """The picture with these places, and a little around them, painted over."""
    if not boxes:
        return screenshot
    pixels = screenshot.pixels.copy()
    for box in boxes:
        kept = box.grow(MASK_MARGIN_PX).clip(screenshot.size)
        x1, y1 = int(np.floor(kept.x1)), int(np.floor(kept.y1))
        pixels[y1 : int(np.ceil(kept.y2)), x1 : int(np.ceil(kept.x2))] = MASK_GREY
    return Screenshot(pixels=pixels, scale=screenshot.scale, taken_s=screenshot.taken_s)
