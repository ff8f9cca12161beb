"""What a replay says of all changes of some seeds, as figures."""

import asyncio
import math
from collections.abc import Sequence

from ..figure import Figure
from .cases import cases_of
from .runs import Gone, go_through

USUAL, NIGHTLY = (3,), (1, 2, 3, 4)
"""Seeds. The first two are what the finding was tuned on; 3 has decided, and 4 was never tuned on."""
LEAST_FOUND = 0.98
MOST_NAMED = 5


def figures(nightly: bool) -> list[Figure]:
    """Other things taken for the recorded one, and recorded ones that are not found."""
    seeds = NIGHTLY if nightly else USUAL
    return figures_of(asyncio.run(go_through(case for seed in seeds for case in cases_of(seed))), seeds)


def figures_of(gone: Sequence[Gone], seeds: Sequence[int]) -> list[Figure]:
    """What a replay said of these changes; what the page did not take, or hid, counts for nothing."""
    counted = [one for one in gone if one.got != "void"]
    passes = [one for one in counted if one.is_false_pass]
    kinds = len({one.case.kind.name for one in counted})
    told = f"{len(counted)} changes of {kinds} kinds, {_named(seeds)}: another thing, or a defect, taken for the same"
    return [
        Figure(name=told, found=f"{len(passes)}{_which(passes)}", bar="0", holds=not passes),
        _found([one for one in counted if one.case.kind.expected == "same"]),
    ]


def _found(same: Sequence[Gone]) -> Figure:
    missing = [one for one in same if one.got != "same"]
    least = math.ceil(LEAST_FOUND * len(same))
    found = f"{len(same) - len(missing)} of {len(same)}{_which(missing)}"
    name = "found again where a person would call it the same"
    return Figure(name=name, found=found, bar=f">= {least}", holds=len(same) - len(missing) >= least)


def _which(some: Sequence[Gone]) -> str:
    named = "; ".join(f"{one.case.kind.name}: {one.case.thing.name}" for one in some[:MOST_NAMED])
    return f" ({named})" if named else ""


def _named(seeds: Sequence[int]) -> str:
    return f"seed{'' if len(seeds) == 1 else 's'} {', '.join(map(str, seeds))}"
