"""Kinds of changes, and what a replay is to say after each."""

from dataclasses import dataclass
from typing import Literal

from .things import Thing

Expected = Literal["same", "defect", "reworded"]
"""`same`: it must be found, and be the same. `defect`: nothing may be found. `reworded`: nothing may be found, and
whoever heals may accept what a model finds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of change. `script` is JavaScript, with `thing` and four numbers a, b, c, d of 0 to 1.

    `fits` are traits of things, of which one is enough; "x&y" wants both, "any" takes every thing.
    """

    name: str
    fits: frozenset[str]
    expected: Expected
    script: str = ""
    viewports: tuple[tuple[int, int], ...] = ()
    scales: tuple[float, ...] = ()

    def takes(self, thing: Thing) -> bool:
        if self.fits & {"any"} or ("main" in self.fits and not thing.traits & {"tool", "nav"}):
            return True
        return any(set(one.split("&")) <= thing.traits for one in self.fits)


def changing(name: str, fits: str, script: str, expected: Expected = "same") -> Kind:
    """A kind of change that a script makes."""
    return Kind(name=name, fits=frozenset(fits.split()), expected=expected, script=script)
