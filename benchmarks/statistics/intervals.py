"""How sure a rate or a mean is. Scores lie between 0 and 1; a task may have been tried several times.

Rates of single attempts have Wilson's interval (Wilson 1927), which has a width for 0 of n and n of n, too. Everything
else is drawn again by whole tasks (Efron's bias-corrected and accelerated bootstrap, 1987), since five attempts at one
task tell less than attempts at five.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import ceil, floor, fsum
from typing import Literal

import numpy as np
from scipy.special import ndtr, ndtri  # pyright: ignore[reportMissingTypeStubs]
from scipy.stats import binomtest  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

from ...errors import UsageError
from .units import FEW, Floats, Units, draws_of, resampled_means, units_of

LEVEL = 0.95
Method = Literal["bca", "percentile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Where the true value lies with so much confidence, and how that was found."""

    low: float
    high: float
    level: float = LEVEL
    method: str = "Wilson"

    @property
    def width(self) -> float:
        return self.high - self.low

    def around(self, value: float) -> "Interval":
        """The same, reaching as far as the value."""
        return replace(self, low=min(self.low, value), high=max(self.high, value))

    def with_room_for(self, least: "Interval") -> "Interval":
        """The same, reaching as far as another one."""
        method = f"{self.method}, {least.method} at least"
        return replace(self, low=min(self.low, least.low), high=max(self.high, least.high), method=method)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A rate or a mean of n attempts at so many tasks."""

    value: float
    interval: Interval
    n: int
    tasks: int

    @property
    def low(self) -> float:
        return self.interval.low

    @property
    def high(self) -> float:
        return self.interval.high


@cache
def wilson(successes: int, n: int, *, level: float = LEVEL) -> Interval:
    """The interval of a rate. Raises UsageError without attempts."""
    if n < 1:
        raise UsageError("a rate of no attempts has no interval")
    found = binomtest(successes, n).proportion_ci(level, method="wilson")  # pyright: ignore
    return Interval(low=float(found.low), high=float(found.high), level=level)  # pyright: ignore


def estimate(
    scores: Sequence[float],
    tasks: Sequence[str] | None = None,
    *,
    weights: Sequence[float] | None = None,
    level: float = LEVEL,
    method: Method = "bca",
    what: str = "attempts",
    seed: int = 0,
) -> Estimate:
    """The mean of the scores, by their weights (above 0) where they have any. `what` scores are of.

    `tasks` names the task of each; left out, each is one of its own. The same scores give the same interval in any
    order. Raises UsageError where there are none.
    """
    if not scores:
        raise UsageError("a mean of no attempts has no interval")
    tasks = [str(number) for number in range(len(scores))] if tasks is None else tasks
    units = units_of(scores, tasks, weights)
    value = fsum(scores) / len(scores) if weights is None else _weighted(scores, weights)
    interval = _interval(scores, units, value, level=level, method=method, what=what, seed=seed)
    return Estimate(value=value, interval=interval, n=len(scores), tasks=len(set(tasks)))


def estimate_macro(
    parts: Sequence[tuple[Sequence[float], Sequence[str]]], *, level: float = LEVEL, seed: int = 0
) -> Estimate:
    """The mean of the means of the parts, which are fixed; tasks are drawn again inside of each.

    A part is its scores and the task of each. Raises UsageError for a part without scores, and without parts.
    """
    if not parts or not all(scores for scores, _ in parts):
        raise UsageError("a mean over parts needs scores in each")
    each = [units_of(scores, tasks) for scores, tasks in parts]
    value = fsum(fsum(scores) / len(scores) for scores, _ in parts) / len(parts)
    n, tasks = sum(len(scores) for scores, _ in parts), sum(len(set(tasks)) for _, tasks in parts)
    if all(units.is_flat for units in each):
        interval = _around(value, floor(len(parts) ** 2 / sum(1 / len(units) for units in each)), level)
    else:
        random = np.random.default_rng(seed)
        draws = draws_of(max(map(len, each)))
        means = np.mean([resampled_means(units, random, draws) for units in sorted(each, key=_rank)], axis=0)
        interval = _between(
            means, (1 - level) / 2, (1 + level) / 2, value, level, f"bootstrap within {len(parts)} parts"
        )
    return Estimate(value=value, interval=interval, n=n, tasks=tasks)


def _weighted(scores: Sequence[float], weights: Sequence[float]) -> float:
    return fsum(score * weight for score, weight in zip(scores, weights, strict=True)) / fsum(weights)


def bootstrap(units: Units, *, level: float, method: Method, seed: int) -> tuple[float, float]:
    """The ends of the interval of the mean. For units that are not flat."""
    means = resampled_means(units, np.random.default_rng(seed), draws_of(len(units)))
    ends = (1 - level) / 2, (1 + level) / 2
    if method == "bca":
        ends = _corrected(ends, means, units)
    low, high = np.quantile(means, ends)
    return float(low), float(high)


def _interval(
    scores: Sequence[float], units: Units, value: float, *, level: float, method: Method, what: str, seed: int
) -> Interval:
    is_rate = all(score in (0, 1) for score in scores)
    if is_rate and units.is_single:
        return wilson(round(sum(scores)), len(scores), level=level)
    if units.is_flat:
        return _around(value, len(units), level)
    low, high = bootstrap(units, level=level, method=method, seed=seed)
    interval = Interval(low=low, high=high, level=level, method=units.words(what)).around(value)
    if is_rate and len(units) < FEW:
        return interval.with_room_for(wilson(round(sum(scores)), len(scores), level=level))
    return interval


def _around(value: float, n: int, level: float) -> Interval:
    """Of a mean that does not vary between n units: that of a rate of n, which is as wide as scores from 0 to 1 allow.

    A mean between two rates has the lower end of one and the upper end of the other.
    """
    low, high = wilson(floor(value * n + 1e-9), n, level=level), wilson(ceil(value * n - 1e-9), n, level=level)
    return Interval(low=low.low, high=high.high, level=level, method=f"Wilson over {n:,} alike")


def _corrected(ends: tuple[float, float], means: Floats, units: Units) -> tuple[float, float]:
    """The shares of the resampled means to cut at, corrected for bias and for a spread that grows with the mean."""
    below, level = np.count_nonzero(means < units.mean), np.count_nonzero(means == units.mean)
    share = (int(below) + int(level) / 2) / len(means)
    if not 0 < share < 1:
        return ends
    without = (units.sums.sum() - units.sums) / (units.counts.sum() - units.counts)
    off = without.mean() - without
    spread = float((off**2).sum())
    pull = float((off**3).sum()) / (6 * spread**1.5) if spread > 0 else 0.0
    bias = float(ndtri(share))
    low, high = (_shifted(float(ndtri(end)), bias, pull) for end in ends)
    return (low, high) if low < high else ends


def _shifted(z: float, bias: float, pull: float) -> float:
    return float(ndtr(bias + (bias + z) / (1 - pull * (bias + z))))  # pyright: ignore


def _between(means: Floats, low: float, high: float, value: float, level: float, method: str) -> Interval:
    ends = np.quantile(means, (low, high))
    return Interval(low=float(ends[0]), high=float(ends[1]), level=level, method=method).around(value)


def _rank(units: Units) -> tuple[float, int]:
    return units.mean, len(units)
