"""Lists and panes: the page tells only of the part of one that its rows do not cover, a half or a quarter of it."""

from collections.abc import Iterator

from ...screen import Box, Element
from ..sight import Sight

PANES = frozenset({"", "listbox"})
"""Roles of what holds rows, and of what is scrolled by keys."""
FILLS = 0.7
"""How much of what two boxes cover must be in both, where a model has drawn one of them."""
ALL = 0.75
"""From which share of a length on it is all of it, and not the half."""


def pane_at(sight: Sight, box: Box) -> Element | None:
    """The element that fills a box, else the pane of which the page tells a half or a quarter of the box."""
    filling = [(_common(element.box.clip(sight.size), box), element) for element in sight.elements]
    parts = [
        (_common(element.box, part), element)
        for element in sight.elements
        if element.role in PANES and element.name
        for part in _parts(box)
    ]
    for shares in (filling, parts):
        share, element = max(shares, key=lambda one: (one[0], bool(one[1].name)), default=(0.0, None))
        if share >= FILLS:
            return element
    return None


def whole_pane(told: Box, was: Box) -> Box:
    """All of a pane that was so large, by the part that is told: of its possible places the one nearest to the old."""
    width, height = _length(told.width, was.width), _length(told.height, was.height)
    wholes = [
        Box(x, y, x + width, y + height)
        for x in dict.fromkeys((told.x1, told.x2 - width))
        for y in dict.fromkeys((told.y1, told.y2 - height))
    ]
    return min(wholes, key=lambda whole: whole.center.distance(was.center))


def _length(told: float, was: float) -> float:
    return told if told > ALL * was else was


def _parts(box: Box) -> Iterator[Box]:
    """The box, its halves and its quarters."""
    across = ((box.x1, box.x2), (box.x1, box.center.x), (box.center.x, box.x2))
    down = ((box.y1, box.y2), (box.y1, box.center.y), (box.center.y, box.y2))
    yield from (Box(x1, y1, x2, y2) for x1, x2 in across for y1, y2 in down)


def _common(one: Box, other: Box) -> float:
    """What is in both boxes, as a share of what is in either."""
    both = one.intersect(other)
    return 0.0 if both is None else both.area / max(one.area + other.area - both.area, 1)
