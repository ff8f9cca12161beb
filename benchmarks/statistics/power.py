"""The smallest difference that runs of a size can be expected to see: with 80 % chance, at alpha 0.05, two-sided.

Two runs apart: Fleiss, Statistical Methods for Rates and Proportions, without the correction for continuity. Two runs
of the same attempts: Connor 1987, from the share of attempts that only one of them solves.
"""

from collections.abc import Callable, Sequence
from math import sqrt

import numpy as np
from scipy.optimize import brentq  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]
from scipy.special import ndtri  # pyright: ignore[reportMissingTypeStubs]

from .units import units_of

POWER, ALPHA = 0.8, 0.05


def smallest_difference(rate: float, n: float, *, power: float = POWER, alpha: float = ALPHA) -> float | None:
    """Between this rate and that of another run of n attempts. None where no rate is far enough.

    The larger rate is looked for above, else, as near 1, the smaller one below.
    """
    above = _solve(lambda gap: _gap_needed(rate, rate + gap, n, power, alpha) - gap, 1 - rate)
    return (
        above if above is not None else _solve(lambda gap: _gap_needed(rate, rate - gap, n, power, alpha) - gap, rate)
    )


def smallest_mean_difference(deviation: float, n: float, *, power: float = POWER, alpha: float = ALPHA) -> float:
    """Between means of n scores each that vary so much: `deviation` is the standard deviation of single scores."""
    return (_z(1 - alpha / 2) + _z(power)) * deviation * sqrt(2 / n)


def smallest_paired_difference(
    discordant: float, n: float, *, power: float = POWER, alpha: float = ALPHA
) -> float | None:
    """Between two runs of the same n attempts, of which this share is solved by one of them alone.

    None where even a difference in all of those would be missed.
    """

    def lacking(gap: float) -> float:
        needed = _z(1 - alpha / 2) * sqrt(discordant) + _z(power) * sqrt(max(0.0, discordant - gap**2))
        return needed / sqrt(n) - gap

    return _solve(lacking, discordant)


def worth(scores: Sequence[float], tasks: Sequence[str]) -> float:
    """How many independent attempts these are worth: as many as they are where tasks do not repeat, else as few as
    there are tasks where all attempts at a task end alike (Kish 1965)."""
    units = units_of(scores, tasks)
    n, variance = len(scores), float(np.var(np.sort(scores)))
    if units.is_single or variance == 0:
        return float(len(units))
    off = units.sums - units.mean * units.counts
    clustered = float((off**2).sum()) / n**2 * len(units) / (len(units) - 1)
    return float(min(n, max(len(units), variance / clustered))) if clustered > 0 else float(n)


def _gap_needed(one: float, other: float, n: float, power: float, alpha: float) -> float:
    """The difference that would be seen, were these the two rates."""
    middle = (one + other) / 2
    alike = sqrt(max(0.0, 2 * middle * (1 - middle)))
    apart = sqrt(max(0.0, one * (1 - one) + other * (1 - other)))
    return (_z(1 - alpha / 2) * alike + _z(power) * apart) / sqrt(n)


def _solve(lacking: Callable[[float], float], most: float) -> float | None:
    """The first gap at which nothing is lacking."""
    least = 1e-9
    if most <= least or lacking(most) > 0:
        return None
    return float(brentq(lacking, least, most)) if lacking(least) > 0 else least  # pyright: ignore


def _z(share: float) -> float:
    return float(ndtri(share))
