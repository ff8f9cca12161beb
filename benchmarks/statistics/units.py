"""What is drawn again in a bootstrap: tasks with all their attempts, since attempts at one task are alike."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RESAMPLES = 2000
MANY = 1000
"""Units, above which half as many draws do: the mean of so many hardly has a tail, and drawing takes long."""
FEW = 10
"""Below so many tasks, drawing them again makes intervals too narrow."""
_AT_ONCE = 400_000
"""Numbers that are drawn at a time, so that they stay in the cache of the processor."""
_DIGITS = 12
"""The sum of a task is rounded to, so that it is the same whatever the order of the rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """The sum of the scores of each unit and how many there were, or their weights. n units, in order of value."""

    sums: Floats
    counts: Floats

    def __len__(self) -> int:
        return len(self.sums)

    @property
    def mean(self) -> float:
        """Over all scores, not over units."""
        return float(self.sums.sum() / self.counts.sum())

    @property
    def means(self) -> Floats:
        return self.sums / self.counts

    @property
    def is_flat(self) -> bool:
        """Whether all have the same mean, so that drawing them again tells nothing."""
        return float(np.ptp(self.means)) < 1e-9

    @property
    def is_single(self) -> bool:
        """Whether each is one attempt."""
        return bool((self.counts == 1).all())

    def words(self, single: str = "attempts") -> str:
        """How an interval was found that was drawn from these. `single` is what units of one are called."""
        return f"bootstrap over {len(self):,} {single if self.is_single else 'tasks'}"


def units_of(scores: Sequence[float], tasks: Sequence[str], weights: Sequence[float] | None = None) -> Units:
    """Tasks with their scores; single attempts where there is but one task, of which nothing else could be drawn.

    A score counts as often as its weight says, once unless weights are given.
    """
    places: dict[str, int] = {}
    codes = np.array([places.setdefault(task, len(places)) for task in tasks], dtype=np.int64)
    counts = np.ones(len(scores)) if weights is None else np.asarray(weights, dtype=np.float64)
    sums = counts * np.asarray(scores, dtype=np.float64)
    if len(places) <= 1:
        return _in_order(sums, counts)
    return _in_order(*(np.bincount(codes, weights=each).astype(np.float64) for each in (sums, counts)))


def draws_of(n: int) -> int:
    """How often n units are drawn again."""
    return RESAMPLES if n <= MANY else RESAMPLES // 2


def resampled_means(units: Units, random: np.random.Generator, resamples: int) -> Floats:
    """Means over all scores of so many draws with replacement, each of as many units as there are."""
    pairs, times = np.unique(np.stack([units.sums, units.counts]), axis=1, return_counts=True)
    if 8 * len(times) <= len(units):  # few kinds of units: how often each is drawn says it all, and is drawn faster
        drawn = random.multinomial(len(units), times / times.sum(), size=resamples)
        return (drawn @ pairs[0]) / (drawn @ pairs[1])
    rows = max(1, _AT_ONCE // len(units))
    parts: list[Floats] = []
    for first in range(0, resamples, rows):
        picked = random.integers(0, len(units), (min(rows, resamples - first), len(units)), dtype=np.int32)
        counts = len(units) if units.is_single else units.counts[picked].sum(axis=1)
        parts.append(units.sums[picked].sum(axis=1) / counts)
    return np.concatenate(parts)


def _in_order(sums: Floats, counts: Floats) -> Units:
    sums = sums.round(_DIGITS)
    order = np.lexsort((counts, sums))
    return Units(sums=sums[order], counts=counts[order])
