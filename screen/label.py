"""A piece of text that stands on a screen, as the page itself tells of it."""

from dataclasses import dataclass

from .geometry import Box

MAX_LABELS = 5000
"""How many are told of one screen at most: of one that has so many it is not known what else it says."""


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text or a part of it, and its place in screenshot pixels. The text may come from a hostile page."""

    text: str
    box: Box
