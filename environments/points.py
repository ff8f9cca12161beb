"""The one rule about places that every environment keeps: a point off the screen is refused, never clipped."""

from ..errors import ActionFailed
from ..screen import Point, Size


def refuse_off_screen(point: Point, size: Size) -> None:
    """Raise ActionFailed for a point that addresses no pixel of the screenshot: a browser would take it silently."""
    if not size.box.contains(point):
        place = f"({point.x:g}, {point.y:g})"
        raise ActionFailed(f"the point {place} lies outside the {size.width} x {size.height} screenshot")
