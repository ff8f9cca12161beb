"""Boxes that are near each other, as one."""

from collections.abc import Iterable

from ...screen import Box

JOINED_PX = 12
"""Places this near are told as one: the letters of a word, not two words of a table."""


def joined(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """Boxes around those that are near each other, the largest first."""
    apart: list[Box] = []
    for box in boxes:
        while near := [other for other in apart if box.grow(JOINED_PX).intersect(other)]:
            apart = [other for other in apart if other not in near]
            box = Box.around(*(corner for one in (box, *near) for corner in one.corners))
        apart.append(box)
    return tuple(sorted(apart, key=lambda box: (-box.area, box.y1, box.x1)))
