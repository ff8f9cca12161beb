"""How many pairs of some seeds are judged as a person would, as figures."""

from collections.abc import Sequence

from ...testing.looks import compare
from ..figure import Figure
from .pair import Pair, pairs_of

USUAL, NIGHTLY = (3,), (1, 2, 3, 101, 102)
"""Seeds. All but 3 are what the comparison was tuned on."""
MOST_NAMED = 5


def figures(nightly: bool) -> list[Figure]:
    """False alarms, and differences that are not seen."""
    seeds = NIGHTLY if nightly else USUAL
    pairs = [pair for seed in seeds for pair in pairs_of(seed)]
    return figures_of(pairs, [pair for pair in pairs if compare(pair.before, pair.after).same != pair.same])


def figures_of(pairs: Sequence[Pair], wrong: Sequence[Pair]) -> list[Figure]:
    """Of these pairs, some of which were judged wrongly."""
    alike = sum(pair.same for pair in pairs)
    return [
        _none(f"{alike} pairs of pictures that are the same to a person: seen as different", wrong, same=True),
        _none(f"{len(pairs) - alike} pairs that differ: seen as the same", wrong, same=False),
    ]


def _none(name: str, wrong: Sequence[Pair], *, same: bool) -> Figure:
    found = [pair for pair in wrong if pair.same == same]
    named = "; ".join(f"{pair.name}: {pair.sort}" for pair in found[:MOST_NAMED])
    return Figure(name=name, found=f"{len(found)}{f' ({named})' if named else ''}", bar="0", holds=not found)
