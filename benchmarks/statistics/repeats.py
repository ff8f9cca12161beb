"""What several attempts at the same thing come to: whether one of k succeeds, and whether all of k do.

pass@k is the unbiased estimate of Chen et al. 2021 (arXiv 2107.03374), pass^k that of Yao et al. 2024 (arXiv
2406.12045).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

from ...errors import UsageError
from .intervals import Estimate, estimate

ROUND = (1, 2, 3, 4, 5, 10, 20, 50, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtK:
    """What k attempts come to, averaged over the units that were tried at least so often."""

    k: int
    any: Estimate
    """pass@k: at least one succeeds."""
    all: Estimate
    """pass^k: every one succeeds."""


def any_of_k(n: int, successes: int, k: int) -> float:
    """The chance that k of these n attempts, drawn at random, hold a success. Raises UsageError for k beyond n."""
    _check(n, successes, k)
    return 1 - comb(n - successes, k) / comb(n, k)


def all_of_k(n: int, successes: int, k: int) -> float:
    """The chance that k of these n attempts, drawn at random, are all successes. Raises UsageError for k beyond n."""
    _check(n, successes, k)
    return comb(successes, k) / comb(n, k)


def at_each_k(counts: Sequence[tuple[int, int]], tasks: Sequence[str]) -> tuple[AtK, ...]:
    """For k from 1 as far as every unit was tried; beyond 5 for a few round ones and the last. `counts` are attempts
    and successes of each, `tasks` its task."""
    most = min((n for n, _ in counts), default=0)
    shown = sorted({most, *(k for k in ROUND if k < most)} - {0})
    return tuple(
        AtK(
            k=k,
            any=estimate([any_of_k(n, done, k) for n, done in counts], tasks),
            all=estimate([all_of_k(n, done, k) for n, done in counts], tasks),
        )
        for k in shown
    )


def _check(n: int, successes: int, k: int) -> None:
    if not 1 <= k <= n or not 0 <= successes <= n:
        raise UsageError(f"of {n} attempts with {successes} successes there is no draw of {k}")
