"""The colours a person has a plain word for, and how to choose several that nobody would mix up."""

from dataclasses import dataclass
from random import Random
from typing import Literal

Colour = Literal["red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"]

SHADES: dict[Colour, tuple[str, ...]] = {
    "red": ("#dc2626", "#d62828", "#c81e1e"),
    "orange": ("#f97316", "#f57c00", "#ee7b11"),
    "yellow": ("#facc15", "#f6c915", "#ffd21f"),
    "green": ("#16a34a", "#2e9e4f", "#15903f"),
    "teal": ("#0d9488", "#0f9aa0", "#12908e"),
    "blue": ("#2563eb", "#1d6fe0", "#2b59d9"),
    "purple": ("#7e22ce", "#8b2fc9", "#7a35c4"),
    "pink": ("#ec4899", "#f25ca2", "#e83e8c"),
}

_NEIGHBOURS: dict[Colour, frozenset[Colour]] = {
    "red": frozenset({"orange", "pink"}),
    "orange": frozenset({"red", "yellow"}),
    "yellow": frozenset({"orange"}),
    "green": frozenset({"teal"}),
    "teal": frozenset({"green", "blue"}),
    "blue": frozenset({"teal", "purple"}),
    "purple": frozenset({"blue", "pink"}),
    "pink": frozenset({"red", "purple"}),
}
"""Colours that two people might name differently; they never stand on one page together."""

_DARK_INK = frozenset({"yellow", "orange"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    """A colour by its plain name, its shade as #rrggbb, and the ink that is read on it."""

    name: Colour
    shade: str
    ink: str


def pick_paints(rng: Random, count: int) -> tuple[Paint, ...]:
    """`count` paints (at most four) of which no two are neighbours. The same state of `rng` gives the same paints."""
    while True:
        names: list[Colour] = []
        for name in rng.sample(list(SHADES), len(SHADES)):
            if not _NEIGHBOURS[name] & set(names):
                names.append(name)
            if len(names) == count:
                return tuple(_paint(rng, name) for name in names)


def _paint(rng: Random, name: Colour) -> Paint:
    ink = "#1b1b1f" if name in _DARK_INK else "#ffffff"
    return Paint(name=name, shade=rng.choice(SHADES[name]), ink=ink)
