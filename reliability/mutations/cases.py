"""Which change is tried on which thing, with what magnitude: all from one seed."""

import random
from dataclasses import dataclass

from .defects import DEFECTS, REWORDED
from .harmless import HARMLESS
from .kinds import Kind
from .things import THINGS, Thing

EACH = 2
"""Things that each kind of change is tried on."""
SITES = 4
"""Demo sites of one seed; another seed has others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One change of one thing, on the demo site of one seed."""

    kind: Kind
    thing: Thing
    site: int
    dice: tuple[float, float, float, float]
    viewport: tuple[int, int] | None = None
    scale: float = 1.0


def cases_of(seed: int) -> tuple[Case, ...]:
    """All changes of a seed: each kind on `EACH` things that fit it."""
    dice = random.Random(f"{seed}:mutations")
    sites = [seed * 100 + number for number in range(SITES)]
    found: list[Case] = []
    for kind in (*HARMLESS, *REWORDED, *DEFECTS):
        fitting = [thing for thing in THINGS if kind.takes(thing)]
        for thing in dice.sample(fitting, min(EACH, len(fitting))):
            found.append(
                Case(
                    kind=kind,
                    thing=thing,
                    site=dice.choice(sites),
                    dice=(dice.random(), dice.random(), dice.random(), dice.random()),
                    viewport=dice.choice(kind.viewports) if kind.viewports else None,
                    scale=dice.choice(kind.scales) if kind.scales else 1.0,
                )
            )
    return tuple(found)
