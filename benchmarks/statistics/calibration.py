"""Whether the confidence of a player can be believed: of what it was 80 % sure of, 80 % should be right."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, fsum

from .intervals import Estimate, estimate

BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Attempts with a confidence of more than `low`, up to `high`; the first bin has 0 as well."""

    low: float
    high: float
    confidence: float
    """The mean of theirs."""
    score: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """The reliability curve: bins that hold attempts, in order."""

    bins: tuple[Bin, ...]
    error: float
    """Expected calibration error (Naeini et al. 2015): how far score and confidence are apart in a bin, on average over
    attempts."""
    n: int


def reliability(
    confidences: Sequence[float], scores: Sequence[float], tasks: Sequence[str] | None = None, *, bins: int = BINS
) -> Reliability | None:
    """The curve in bins of equal width. None where there are no attempts."""
    if not scores:
        return None
    tasks = [str(number) for number in range(len(scores))] if tasks is None else tasks
    members: dict[int, list[int]] = {}
    for place, confidence in enumerate(confidences):
        members.setdefault(_bin_of(confidence, bins), []).append(place)
    found = tuple(
        Bin(
            low=number / bins,
            high=(number + 1) / bins,
            confidence=fsum(confidences[place] for place in places) / len(places),
            score=estimate([scores[place] for place in places], [tasks[place] for place in places]),
        )
        for number, places in sorted(members.items())
    )
    error = fsum(each.score.n * abs(each.score.value - each.confidence) for each in found) / len(scores)
    return Reliability(bins=found, error=error, n=len(scores))


def _bin_of(confidence: float, bins: int) -> int:
    return min(bins, max(1, ceil(confidence * bins - 1e-9))) - 1
