"""Regions: what a pointer head's map of scores points at, as GUI-Actor reads it.

https://github.com/microsoft/GUI-Actor, src/gui_actor/inference.py
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...errors import BadModelOutput
from ...screen import Box, Point, Size
from .confidence import Spread

ACTIVE = 0.3
"""Share of the highest score from which on a part of the picture counts."""

Map = NDArray[np.float32]
_Cells = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Parts of a picture that touch one another, in pixels of the screenshot.

    `point` is the middle of their middles, weighted by their scores; `share` is theirs of all scores of the map.
    """

    point: Point
    box: Box
    share: float


def regions(scores: Map, size: Size) -> tuple[Region, ...]:
    """Every region of a map, that of the highest mean score first.

    Dimensions: scores (rows, columns), parts of equal size that cover the screenshot of this size. Parts touch at their
    sides. Raises BadModelOutput for a map without any finite score above 0.
    """
    active = _active(scores)
    found = sorted(_connected(active), key=lambda cells: _mean(scores, cells), reverse=True)
    return tuple(_region(scores, cells, size) for cells in found)


def map_spread(scores: Map, size: Size) -> Spread:
    """How far apart the parts that count lie, weighted by their scores. Dimensions and errors as `regions`."""
    cells = np.argwhere(_active(scores))
    middle = _middle(scores, cells, size)
    weights, places = _weights(scores, cells), _places(scores, cells, size)
    across, down = np.sqrt(weights @ (places - (middle.x, middle.y)) ** 2)
    return Spread(float(across), float(down))


def _active(scores: Map) -> NDArray[np.bool_]:
    if not scores.size or not np.isfinite(scores).all() or scores.max() <= 0:
        raise BadModelOutput("the head points nowhere: no part of the picture has a score above 0")
    return scores > ACTIVE * scores.max()


def _connected(active: NDArray[np.bool_]) -> Iterator[_Cells]:
    """The cells of each region, in the order in which they are met row by row. Dimensions: (n, 2): row, column."""
    left = {(int(row), int(column)) for row, column in np.argwhere(active)}
    for start in sorted(left):
        if start not in left:
            continue
        left.remove(start)
        found = [start]
        for row, column in found:  # grows as it goes
            for near in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
                if near in left:
                    left.remove(near)
                    found.append(near)
        yield np.array(found)


def _mean(scores: Map, cells: _Cells) -> float:
    return float(scores[cells[:, 0], cells[:, 1]].mean(dtype=np.float64))


def _region(scores: Map, cells: _Cells, size: Size) -> Region:
    rows, columns = scores.shape
    (top, left), (bottom, right) = cells.min(0).tolist(), (cells.max(0) + 1).tolist()
    across, down = size.width / columns, size.height / rows
    return Region(
        point=_middle(scores, cells, size),
        box=Box(left * across, top * down, right * across, bottom * down),
        share=float(scores[cells[:, 0], cells[:, 1]].sum(dtype=np.float64) / scores.sum(dtype=np.float64)),
    )


def _middle(scores: Map, cells: _Cells, size: Size) -> Point:
    x, y = _weights(scores, cells) @ _places(scores, cells, size)
    return Point(float(x), float(y))


def _weights(scores: Map, cells: _Cells) -> NDArray[np.float64]:
    """Of the cells in their sum. Dimensions: (n,)."""
    chosen = scores[cells[:, 0], cells[:, 1]].astype(np.float64)
    return chosen / chosen.sum()


def _places(scores: Map, cells: _Cells, size: Size) -> NDArray[np.float64]:
    """The middles of cells. Dimensions: (n, 2): x, y in pixels of the screenshot."""
    rows, columns = scores.shape
    unit = np.array((size.width / columns, size.height / rows), np.float64)
    return np.asarray((cells[:, ::-1] + 0.5) * unit, np.float64)
