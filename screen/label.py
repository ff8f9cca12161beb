"""A piece of text that stands on a screen, as the page itself tells of it."""

from dataclasses import dataclass

from .geometry import Box


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text or a part of it, and its place in screenshot pixels. The text may come from a hostile page."""

    text: str
    box: Box
