"""GUI-Odyssey's own matching (src/eval_mm/GUIOdyssey_action_matching.py): text by likeness, a click by its thing."""

from math import hypot

from .edits import likeness

NEAR = 0.14
"""How far from the right point a click may be, in shares of the screen's width and height."""
LIKE = 0.5

Thousandths = tuple[float, float]


def is_same_text(one: str, other: str) -> bool:
    """Whether one holds the other, or no more than half of the longer has to be edited."""
    one, other = one.strip(), other.strip()
    return one in other or other in one or likeness(one, other) >= LIKE


def is_hit(point: Thousandths, right: Thousandths, box: tuple[float, float, float, float] | None) -> bool:
    """Whether a click lies in the box of its thing (x1, y1, x2, y2), or within 14 % of the screen of the right point.

    All in thousandths of the screen.
    """
    if box is not None and box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]:
        return True
    return hypot(point[0] - right[0], point[1] - right[1]) / 1000 <= NEAR
