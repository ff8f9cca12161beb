"""Whether two runs differ, judged by the attempts that both made: each task and seed is its own control."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from scipy.special import ndtr  # pyright: ignore[reportMissingTypeStubs]
from scipy.stats import (  # pyright: ignore[reportMissingTypeStubs]
    binomtest,  # pyright: ignore[reportUnknownVariableType]
    permutation_test,  # pyright: ignore[reportUnknownVariableType]
)

from .units import Floats, Units, units_of

_Key = TypeVar("_Key", bound=Hashable)

RESAMPLES = 9999
"""Of signs. Up to 13 tasks that differ, there are fewer ways of flipping them, and every one is tried."""
MANY = 1000
"""Tasks that differ, above which the sum of the flipped differences is taken as normal: drawing it takes seconds."""
_LEAST = 5e-324


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired(Generic[_Key]):
    """One attempt that both made, and the score of each."""

    key: _Key
    task: str
    a: float
    b: float

    @property
    def difference(self) -> float:
        """Above 0 where b is better."""
        return self.b - self.a


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs(Generic[_Key]):
    """The attempts of two runs. What only one has, and what has no score in one of them, is counted and left out."""

    every: tuple[Paired[_Key], ...]
    only_a: int
    only_b: int
    unscored: int
    """Attempts of both of which at least one ended in an error."""

    @property
    def tasks(self) -> list[str]:
        return [pair.task for pair in self.every]

    @property
    def a(self) -> list[float]:
        return [pair.a for pair in self.every]

    @property
    def b(self) -> list[float]:
        return [pair.b for pair in self.every]

    @property
    def differences(self) -> list[float]:
        return [pair.difference for pair in self.every]


def pair(a: Mapping[_Key, float | None], b: Mapping[_Key, float | None], task_of: Mapping[_Key, str]) -> Pairs[_Key]:
    """Put the scores of two runs side by side. None is the score of an attempt that ended in an error."""
    every: list[Paired[_Key]] = []
    unscored = 0
    for key, one in a.items():
        if key not in b:
            continue
        other = b[key]
        if one is None or other is None:
            unscored += 1
        else:
            every.append(Paired(key=key, task=task_of[key], a=one, b=other))
    only_a, only_b = len(a.keys() - b.keys()), len(b.keys() - a.keys())
    return Pairs(every=tuple(every), only_a=only_a, only_b=only_b, unscored=unscored)


def mcnemar(only_a: int, only_b: int) -> float:
    """The exact two-sided p-value of McNemar's test (1947): would the attempts that one alone solved fall as unevenly
    by chance? Takes attempts to be independent."""
    n = only_a + only_b
    return 1.0 if n == 0 else float(binomtest(only_a, n).pvalue)  # pyright: ignore


def sign_flip(
    differences: Sequence[float], tasks: Sequence[str], *, resamples: int = RESAMPLES, seed: int = 0
) -> float:
    """The two-sided p-value of a permutation test: would the mean difference be as large if, of each task, it were
    chance which run is which? All attempts at a task change sides together. More than 0, at most 1."""
    changed = _changed(differences, tasks)
    if len(changed) < 2:  # a single one is as large whichever its sign
        return 1.0
    if len(changed) > MANY:
        far = abs(float(changed.sum())) / float(np.sqrt((changed**2).sum()))
        return max(_LEAST, 2 * float(ndtr(-far)))  # pyright: ignore
    found = permutation_test(  # pyright: ignore[reportUnknownVariableType]
        (changed,),
        _sum,
        permutation_type="samples",
        vectorized=True,
        n_resamples=resamples,
        rng=np.random.default_rng(seed),
    )
    return min(1.0, float(found.pvalue))  # pyright: ignore


def _changed(differences: Sequence[float], tasks: Sequence[str]) -> Floats:
    """The sums of the tasks that differ at all; a sign flipped at the others changes nothing."""
    units: Units = units_of(differences, tasks)
    return units.sums[units.sums != 0]


def _sum(values: Floats, axis: int = -1) -> Floats:
    return np.sum(values, axis=axis)
