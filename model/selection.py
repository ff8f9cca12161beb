"""Which tokens of a picture are worth reading: of a surface of one colour, some stand for all. (ShowUI, 2411.17465.)"""

from collections.abc import Callable
from math import ceil
from random import Random

import numpy as np
from numpy.typing import NDArray

from ..errors import UsageError
from .processor import Patches

MOST_KNOWN = 256
"""Pictures whose selection is kept: far more than a conversation shows."""
TOLERANCE = 1.0
"""Mean difference of two neighbouring tokens' bytes up to which they are of one colour."""


class Selection:
    """Which tokens of each still are read. The same ones whenever it is shown, so that what was read stays known.

    `share` as `selected` has it. Raises UsageError for one that is not above 0 and up to 1.
    """

    def __init__(self, share: float) -> None:
        if not 0 < share <= 1:
            raise UsageError(f"the share of each surface that is read is above 0 and up to 1, not {share:g}")
        self.share = share
        self._known: dict[str, NDArray[np.int64]] = {}

    def of(self, name: str, patches: Callable[[], Patches]) -> NDArray[np.int64]:
        """The numbers of the tokens of the still of this name, in order."""
        found = self._known.get(name)
        if found is None:
            found = selected(surfaces(patches()), self.share, Random(name))
            while len(self._known) >= MOST_KNOWN:
                self._known.pop(next(iter(self._known)), None)
            self._known[name] = found
        return found


def surfaces(patches: Patches, *, tolerance: float = TOLERANCE) -> NDArray[np.int64]:
    """The surface that each token of a still belongs to: neighbours of nearly equal pixels, and theirs.

    Dimensions: (n / 4,), in the order of the tokens; surfaces are numbered from 0 as they begin.
    """
    pairs, rows, columns = patches.grid
    seen = patches.values.reshape(pairs * rows // 2, columns // 2, -1).astype(np.int16)
    alike_down = np.abs(seen[1:] - seen[:-1]).mean(-1) <= tolerance
    alike_right = np.abs(seen[:, 1:] - seen[:, :-1]).mean(-1) <= tolerance
    return _numbered(_joined(alike_down, alike_right).reshape(-1))


def selected(surface: NDArray[np.int64], share: float, rng: Random) -> NDArray[np.int64]:
    """Random tokens of each surface, at least one and `share` of it, in order. A share of 1 selects all."""
    found: list[int] = []
    for number in range(int(surface.max()) + 1):
        tokens = np.flatnonzero(surface == number).tolist()
        found += rng.sample(tokens, min(len(tokens), max(1, ceil(share * len(tokens)))))
    return np.array(sorted(found))


def _joined(down: NDArray[np.bool_], right: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each place of a grid the first place that it hangs together with. Dimensions: (rows, columns)."""
    rows, columns = right.shape[0], down.shape[1]
    first: NDArray[np.int64] = np.arange(rows * columns, dtype=np.int64).reshape(rows, columns)
    while True:
        before = first.copy()
        _spread(first, down, right)
        _spread(first[::-1, ::-1], down[::-1, ::-1], right[::-1, ::-1])
        if np.array_equal(before, first):
            return first


def _spread(first: NDArray[np.int64], down: NDArray[np.bool_], right: NDArray[np.bool_]) -> None:
    """Hand the smaller numbers on, downwards and then to the right."""
    for row in range(1, first.shape[0]):
        np.minimum(first[row], first[row - 1], out=first[row], where=down[row - 1])
    for column in range(1, first.shape[1]):
        here, left = first[:, column], first[:, column - 1]
        np.minimum(here, left, out=here, where=right[:, column - 1])


def _numbered(first: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.unique(first, return_inverse=True)[1].reshape(-1)
