"""All faults with their numbers: F1 to F17 are of all kinds, the others more of browsers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from .browsers import OF_BROWSERS
from .loop import OF_THE_LOOP
from .scene import Scene

_FIRST = 5
"""So many faults of browsers come before those of the loop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfBrowser:
    """Something that goes wrong with a browser, in one sentence, and how it is made to."""

    name: str
    what: str
    happen: Callable[[Scene], Awaitable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfLoop:
    """Something else that goes wrong with a run, which has this folder."""

    name: str
    what: str
    happen: Callable[[Path], Awaitable[str]]


Fault = OfBrowser | OfLoop


def _numbered() -> tuple[Fault, ...]:
    first, others = OF_BROWSERS[:_FIRST], OF_BROWSERS[_FIRST:]
    after = _FIRST + len(OF_THE_LOOP)
    return (
        *(OfBrowser(name=f"F{n}", what=what, happen=happen) for n, (what, happen) in enumerate(first, 1)),
        *(OfLoop(name=f"F{n}", what=what, happen=happen) for n, (what, happen) in enumerate(OF_THE_LOOP, _FIRST + 1)),
        *(OfBrowser(name=f"F{n}", what=what, happen=happen) for n, (what, happen) in enumerate(others, after + 1)),
    )


FAULTS: tuple[Fault, ...] = _numbered()
