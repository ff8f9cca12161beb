"""Conventions: the ways in which models write where something is, and what their numbers mean in screenshot pixels."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ..policies.grammars import FRACTIONS, THOUSANDTHS, Canvas, Space
from ..screen import Point, Size

Places = NDArray[np.float64]
"""Dimensions: (n, 2), x and y, of points in pixels or of numbers as they were written."""


class Unit(StrEnum):
    """What a coordinate counts."""

    THOUSANDTHS = "thousandths"
    FRACTIONS = "fractions"
    PERCENT = "per cent"
    SEEN = "pixels of the resized picture"
    NATIVE = "pixels of the screenshot"


class Padding(StrEnum):
    """How a picture becomes a square before coordinates are counted, where it does."""

    NONE = ""
    END = "padded below or on the right to a square"
    AROUND = "padded on both sides to a square"


class Turn(StrEnum):
    """What is done to the axes."""

    NONE = ""
    SWAPPED = "y before x"
    FROM_RIGHT = "x counted from the right"
    FROM_BELOW = "y counted from below"


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """One way to write a place. `page` is that of `Space`, of which a picture that is read smaller is a part."""

    unit: Unit
    page: Size | None = None
    padding: Padding = Padding.NONE
    turn: Turn = Turn.NONE

    def __str__(self) -> str:
        page = f" of a page of {self.page.width} x {self.page.height}" if self.page else ""
        picture = f" of the picture {self.padding}" if self.padding else page
        return f"{self.unit}{picture}" + (f", {self.turn}" if self.turn else "")

    def pixels(self, numbers: Places, size: Size, seen: Size) -> Places:
        """The screenshot pixels that numbers mean on a picture of this size, which the model reads at `seen`."""
        straight = numbers[:, ::-1] if self.turn is Turn.SWAPPED else numbers
        return self._mirrored(straight * self._units(size, seen) - self._shift(size), size)

    def numbers(self, pixels: Places, size: Size, seen: Size) -> Places:
        """How such pixels are written; the inverse of `pixels`."""
        straight = (self._mirrored(pixels, size) + self._shift(size)) / self._units(size, seen)
        return straight[:, ::-1] if self.turn is Turn.SWAPPED else straight

    def write(self, point: Point, size: Size, seen: Size) -> tuple[float, float]:
        """The two numbers of one point."""
        x, y = self.numbers(np.array([[point.x, point.y]]), size, seen)[0]
        return float(x), float(y)

    def _units(self, size: Size, seen: Size) -> Places:
        """Screenshot pixels of one unit on each axis."""
        side = max(size.width, size.height)
        counted = Canvas(size=size, seen=seen, space=replace(THOUSANDTHS, page=self.page)).whole
        whole = np.array([side, side] if self.padding else [counted.width, counted.height], np.float64)
        match self.unit:
            case Unit.THOUSANDTHS:
                return whole / 1000
            case Unit.FRACTIONS:
                return whole
            case Unit.PERCENT:
                return whole / 100
            case Unit.SEEN:
                return whole / [seen.width, seen.height]
            case Unit.NATIVE:
                return np.ones(2)

    def _shift(self, size: Size) -> Places:
        """Pixels of padding before the screenshot begins."""
        side = max(size.width, size.height)
        around = np.array([side - size.width, side - size.height], np.float64) / 2
        return around if self.padding is Padding.AROUND else np.zeros(2)

    def _mirrored(self, pixels: Places, size: Size) -> Places:
        match self.turn:
            case Turn.FROM_RIGHT:
                return np.stack([size.width - pixels[:, 0], pixels[:, 1]], axis=1)
            case Turn.FROM_BELOW:
                return np.stack([pixels[:, 0], size.height - pixels[:, 1]], axis=1)
            case Turn.NONE | Turn.SWAPPED:
                return pixels


def convention_of(space: Space) -> Convention:
    """What a profile's space is called here."""
    if space.is_native:
        return Convention(unit=Unit.NATIVE)
    units = {THOUSANDTHS.extent: Unit.THOUSANDTHS, FRACTIONS.extent: Unit.FRACTIONS, None: Unit.SEEN}
    return Convention(unit=units[space.extent], page=space.page)


def conventions() -> Iterator[Convention]:
    """All that are looked for."""
    for unit in Unit:
        for turn in Turn:
            yield Convention(unit=unit, turn=turn)
    for padding in (Padding.END, Padding.AROUND):
        for unit in (Unit.THOUSANDTHS, Unit.FRACTIONS):
            plain = Convention(unit=unit, padding=padding)
            yield plain
            yield replace(plain, turn=Turn.SWAPPED)
