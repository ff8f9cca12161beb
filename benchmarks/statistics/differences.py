"""How much two runs differ, with an interval, from the scores that each has of the same attempts."""

from collections.abc import Sequence
from math import fsum, sqrt

from ...errors import UsageError
from .intervals import LEVEL, Estimate, Interval, Method, bootstrap, wilson
from .units import FEW, units_of


def estimate_difference(
    a: Sequence[float],
    b: Sequence[float],
    tasks: Sequence[str],
    *,
    level: float = LEVEL,
    method: Method = "bca",
    seed: int = 0,
) -> Estimate:
    """The mean of b less that of a, -1 to 1. Raises UsageError where there are no attempts.

    Rates of single attempts have Newcombe's interval (1998, for paired data, number 10), everything else is drawn
    again by whole tasks.
    """
    if not a:
        raise UsageError("there is no attempt that both runs made and scored")
    differences = [other - one for one, other in zip(a, b, strict=True)]
    units = units_of(differences, tasks)
    is_rate = all(score in (0, 1) for score in (*a, *b))
    if is_rate and units.is_single:
        interval = newcombe(a, b, level=level)
    elif units.is_flat:
        interval = _of_one_difference(differences[0], len(units), level)
    else:
        low, high = bootstrap(units, level=level, method=method, seed=seed)
        interval = Interval(low=low, high=high, level=level, method=units.words())
        if is_rate and len(units) < FEW:
            interval = interval.with_room_for(newcombe(a, b, level=level))
    value = fsum(differences) / len(differences)
    return Estimate(value=value, interval=interval.around(value), n=len(a), tasks=len(set(tasks)))


def newcombe(a: Sequence[float], b: Sequence[float], *, level: float = LEVEL) -> Interval:
    """The interval of the difference of two rates of the same attempts: Wilson's of each, joined as they correlate."""
    n, one, other = len(a), round(sum(a)), round(sum(b))
    both = sum(x == y == 1 for x, y in zip(a, b, strict=True))
    first, second = wilson(one, n, level=level), wilson(other, n, level=level)
    rate_a, rate_b = one / n, other / n
    alike = _correlation(both, one - both, other - both, n - one - other + both)
    value = rate_b - rate_a
    low = _joined(rate_b - second.low, first.high - rate_a, alike)
    high = _joined(second.high - rate_b, rate_a - first.low, alike)
    return Interval(low=max(-1.0, value - low), high=min(1.0, value + high), level=level, method="Newcombe")


def _correlation(both: int, only_a: int, only_b: int, neither: int) -> float:
    """Of the two outcomes, with Newcombe's correction for continuity where it is above 0."""
    product = (both + only_a) * (only_b + neither) * (both + only_b) * (only_a + neither)
    if product == 0:
        return 0.0
    apart = both * neither - only_a * only_b
    n = both + only_a + only_b + neither
    return (max(apart - n / 2, 0) if apart > 0 else apart) / sqrt(product)


def _joined(one: float, other: float, alike: float) -> float:
    return sqrt(max(0.0, one**2 - 2 * alike * one * other + other**2))


def _of_one_difference(value: float, n: int, level: float) -> Interval:
    """Where all n units differ alike: none of n has differed otherwise, so at most Wilson's share of them would.

    What differs otherwise may do so by as much as there is room for between -1 and 1.
    """
    others = wilson(0, n, level=level).high
    low, high = value - others * (value + 1), value + others * (1 - value)
    return Interval(low=low, high=high, level=level, method=f"Wilson over {n:,} alike")
