"""Qwen2-VL's coordinate space: integers 0 to 999, thousandths of the width and of the height of the picture.

A place depends on the native size only, not on how the processor resized the picture.
"""

from ...errors import BadModelOutput
from ...screen import Point, Size

LAST = 999


def to_thousandths(point: Point, size: Size) -> tuple[int, int]:
    """The nearest whole thousandths of a point, clipped to the screen."""
    return _nearest(point.x / size.width), _nearest(point.y / size.height)


def _nearest(share: float) -> int:
    return min(max(round(share * 1000), 0), LAST)


def from_thousandths(x: float, y: float, size: Size) -> Point:
    """The screenshot pixel of a place that a model wrote. 1000 is out of range by definition, yet written: it is 999.

    Raises BadModelOutput outside 0 to 1000, which is most often a model that answers in pixels.
    """
    for value in (x, y):
        if not 0 <= value <= 1000:
            raise BadModelOutput(f"({x:g}, {y:g}) is off the screen: coordinates are thousandths, from 0 to {LAST}")
    return Point(min(x, LAST) / 1000 * size.width, min(y, LAST) / 1000 * size.height)
