"""Scrolling in a direction, for languages that say no distance."""

from typing import Literal, get_args

from ...errors import BadModelOutput
from ...screen import Point
from ...tools import Scroll
from ..reading.limits import quoted
from .canvas import Canvas

Direction = Literal["down", "up", "right", "left"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)

SHARE = 0.5
"""Of the screen's height or width that is scrolled, so that half of what was seen is still there."""


def scrolled(direction: str, point: Point | None, canvas: Canvas) -> Scroll:
    """A scroll that shows what is further in this direction, at a point or in the middle of the screen.

    Raises BadModelOutput for a word that is no direction.
    """
    at = point or canvas.pointer or canvas.size.box.center
    across, down = SHARE * canvas.size.width, SHARE * canvas.size.height
    match direction.strip().lower():
        case "down":
            return Scroll(point=at, dy=down)
        case "up":
            return Scroll(point=at, dy=-down)
        case "right":
            return Scroll(point=at, dx=across)
        case "left":
            return Scroll(point=at, dx=-across)
        case other:
            raise BadModelOutput(f"{quoted(other)} is no direction; known are {', '.join(DIRECTIONS)}")


def direction_of(scroll: Scroll) -> Direction:
    """The direction of the greater distance; down where there is none."""
    if abs(scroll.dx) > abs(scroll.dy):
        return "right" if scroll.dx > 0 else "left"
    return "up" if scroll.dy < 0 else "down"
