"""What every environment does with places: a point off the screen is refused, never clipped; a drag is many moves."""

from collections.abc import Sequence
from itertools import pairwise

from ..errors import ActionFailed
from ..screen import Point, Size


def refuse_off_screen(point: Point, size: Size) -> None:
    """Raise ActionFailed for a point that addresses no pixel of the screenshot: a browser would take it silently."""
    if not size.box.contains(point):
        place = f"({point.x:g}, {point.y:g})"
        raise ActionFailed(f"the point {place} lies outside the {size.width} x {size.height} screenshot")


def places_along(path: Sequence[Point], count: int) -> list[Point]:
    """About `count` places along a path, evenly spread; every point of the path but the first is one of them."""
    length = sum(a.distance(b) for a, b in pairwise(path)) or 1.0
    places: list[Point] = []
    for a, b in pairwise(path):
        steps = max(1, round(count * a.distance(b) / length))
        places += [Point(a.x + (b.x - a.x) * n / steps, a.y + (b.y - a.y) * n / steps) for n in range(1, steps + 1)]
    return places
