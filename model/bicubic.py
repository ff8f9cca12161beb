"""Pillow's bicubic resize, to the last bit, by several threads."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from PIL import Image

from ..screen import Pixels, Size

THREADS = min(4, os.cpu_count() or 1)
FEW_PIXELS = 200_000
"""Below this, what threads spare is less than what they cost."""


def resize(pixels: Pixels, size: Size) -> Pixels:
    """The picture at another size, and itself where it has that size already.

    Dimensions: (height, width, 3) uint8 both. Pillow resizes every row, then every column, so that bands of rows, and
    then of columns, can be resized apart. Since version 13 it may begin with the columns where it makes the picture
    lower, and does everything itself there.
    """
    height, width = pixels.shape[:2]
    if (width, height) == (size.width, size.height):
        return pixels
    if THREADS == 1 or size.height < height or size.width * size.height < FEW_PIXELS:
        return _resized(pixels, size.width, size.height)
    wide = np.empty((height, size.width, 3), np.uint8)
    found = np.empty((size.height, size.width, 3), np.uint8)

    def rows(band: slice) -> None:
        wide[band] = _resized(pixels[band], size.width, band.stop - band.start)

    def columns(band: slice) -> None:
        found[:, band] = _resized(wide[:, band], band.stop - band.start, size.height)

    with ThreadPoolExecutor(THREADS) as threads:
        _in_bands(threads, rows, height)
        _in_bands(threads, columns, size.width)
    return found


def _resized(pixels: Pixels, width: int, height: int) -> Pixels:
    return np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC))


def _in_bands(threads: ThreadPoolExecutor, work: Callable[[slice], None], length: int) -> None:
    """Do the work on each of as many parts as there are threads, and wait for all."""
    ends = (length * part // THREADS for part in range(THREADS + 1))
    list(threads.map(work, (slice(first, end) for first, end in pairwise(ends) if first < end)))
