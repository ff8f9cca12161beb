"""Boxes as data sets write them."""

from math import isfinite
from typing import Annotated

from pydantic import Field, FiniteFloat

from ....errors import UsageError
from ....screen import Box, Size

Four = tuple[FiniteFloat, FiniteFloat, FiniteFloat, FiniteFloat]
Pixels = Annotated[list[Annotated[int, Field(ge=1, le=1_000_000)]], Field(min_length=2, max_length=2)]
"""Width and height of a picture."""

SHARES = Size(1, 1)
"""The size of a picture whose boxes are shares of it."""


def from_corners(numbers: Four, place: str) -> Box:
    """x1, y1, x2, y2. Raises UsageError, naming the place, for corners that are not in order."""
    x1, y1, x2, y2 = _finite(numbers, place)
    if x1 > x2 or y1 > y2:
        raise UsageError(f"{place}: the box {numbers} has its corners in no order; were x, y, width, height meant?")
    return Box(x1, y1, x2, y2)


def from_side_lengths(numbers: Four, place: str) -> Box:
    """x, y, width, height. Raises UsageError, naming the place, for a length below 0."""
    x, y, width, height = _finite(numbers, place)
    if width < 0 or height < 0:
        raise UsageError(f"{place}: the box {numbers} has a side below 0")
    return Box(x, y, x + width, y + height)


def _finite(numbers: Four, place: str) -> Four:
    if not all(map(isfinite, numbers)):
        raise UsageError(f"{place}: the box {numbers} has numbers that are not finite")
    return numbers


def size_of(pixels: Pixels | None) -> Size | None:
    return None if pixels is None else Size(pixels[0], pixels[1])
