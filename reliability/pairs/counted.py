"""How many pairs of some seeds are judged as a person would, as figures."""

from collections.abc import Sequence

from ...testing.looks import compare
from ..figure import Figure
from .pair import Pair, pairs_of

USUAL, NIGHTLY = (3,), (1, 2, 3, 101, 102)
"""Seeds. All but 3 are what the comparison was tuned on."""
MOST_ALARMS = 0.02
"""The share of pairs the same to a person that may be seen as different: of the five seeds it is one of a hundred."""
MOST_NAMED = 5


def figures(nightly: bool) -> list[Figure]:
    """False alarms, and differences that are not seen."""
    seeds = NIGHTLY if nightly else USUAL
    pairs = [pair for seed in seeds for pair in pairs_of(seed)]
    return figures_of(pairs, [pair for pair in pairs if compare(pair.before, pair.after).same != pair.same])


def figures_of(pairs: Sequence[Pair], wrong: Sequence[Pair]) -> list[Figure]:
    """Of these pairs, some of which were judged wrongly."""
    alike = sum(pair.same for pair in pairs)
    alarms, missed = ([pair for pair in wrong if pair.same == same] for same in (True, False))
    name = f"{alike} pairs of pictures that are the same to a person: seen as different"
    return [
        _at_most(int(MOST_ALARMS * alike), name, alarms),
        _at_most(0, f"{len(pairs) - alike} pairs that differ: seen as the same", missed),
    ]


def _at_most(most: int, name: str, found: Sequence[Pair]) -> Figure:
    named = "; ".join(f"{pair.name}: {pair.sort}" for pair in found[:MOST_NAMED])
    told = f"{len(found)}{f' ({named})' if named else ''}"
    return Figure(name=name, found=told, bar=f"<= {most}" if most else "0", holds=len(found) <= most)
