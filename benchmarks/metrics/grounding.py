"""Whether a place is the one that was described: in its box, in its outline, or overlapping its box enough."""

from collections.abc import Sequence
from itertools import pairwise

from ...screen import Box, Point

IOU = 0.5
"""From which overlap on a box is right: RefCOCO as Qwen-VL's eval_mm/evaluate_grounding.py and lmms-eval score it."""


def is_in_box(point: Point, box: Box) -> bool:
    """Whether a point lies in a box or on its edge.

    As eval_screenspot_pro.py of ScreenSpot-Pro, and the ScreenSpot scripts of SeeClick before it, compare: both ends
    belong to the box. `Box.contains` leaves out the right and lower edge.
    """
    return box.x1 <= point.x <= box.x2 and box.y1 <= point.y <= box.y2


def is_in_outline(point: Point, corners: Sequence[Point]) -> bool:
    """Whether a point lies in a polygon, by the even-odd rule.

    As `_is_point_in_polygon` in eval.py of OSWorld-G: a left or upper edge belongs to it, a right or lower one not.
    """
    inside = False
    for corner, before in zip(corners, (corners[-1], *corners[:-1]), strict=True):
        if (corner.y > point.y) != (before.y > point.y):
            crossing = (before.x - corner.x) * (point.y - corner.y) / (before.y - corner.y) + corner.x
            inside ^= point.x < crossing
    return inside


def point_in_outline(corners: Sequence[Point]) -> Point:
    """A point well inside a polygon: on a level between two corners, in the middle of the widest part of it there."""
    levels = sorted({corner.y for corner in corners})
    best, width = corners[0], -1.0
    for upper, lower in pairwise(levels):
        y = upper / 2 + lower / 2
        crossings = sorted(_crossings(corners, y))
        for left, right in zip(crossings[::2], crossings[1::2], strict=False):
            if right - left > width:
                best, width = Point(left / 2 + right / 2, y), right - left
    return best


def _crossings(corners: Sequence[Point], y: float) -> list[float]:
    """Where the level cuts the edges."""
    return [
        (before.x - corner.x) * (y - corner.y) / (before.y - corner.y) + corner.x
        for corner, before in zip(corners, (corners[-1], *corners[:-1]), strict=True)
        if (corner.y > y) != (before.y > y)
    ]
