"""Android in the Wild: whether two gestures are the same, exactly as google-research's action_matching.py decides.

The same file serves SeeClick (agent_tasks/action_matching.py), where it was read. Its arithmetic is float32 there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import hypot

TAP_SHARE = 0.14
"""How far apart two taps may be that are the same, in shares of the screen's width and height."""
GROWTH = 1.4
"""By how much of itself a box is enlarged: to 240 %."""
SWIPE_SHARE = 0.04
"""From touch to lift at most in a tap."""

Place = tuple[float, float]
"""y, x in shares of the screen, in this order, as the data hold it."""
PlaceBox = tuple[float, float, float, float]
"""y, x, height, width in shares of the screen."""
NOWHERE: Place = (-1.0, -1.0)


class Kind(IntEnum):
    """action_type.py of google-research."""

    TYPE = 3
    DUAL_POINT = 4
    PRESS_BACK = 5
    PRESS_HOME = 6
    PRESS_ENTER = 7
    COMPLETE = 10
    IMPOSSIBLE = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Gesture:
    """One action. Taps and swipes are both DUAL_POINT."""

    kind: Kind
    touch: Place = NOWHERE
    lift: Place = NOWHERE
    text: str = ""

    @property
    def is_tap(self) -> bool:
        return hypot(self.touch[0] - self.lift[0], self.touch[1] - self.lift[1]) <= SWIPE_SHARE


def is_same(one: Gesture, other: Gesture, boxes: Sequence[PlaceBox]) -> bool:
    """Whether two actions do the same on a screen with these things on it.

    Two taps within 14 % of the screen, or in the same box enlarged; two swipes along the same axis, whichever way; of
    all others the kind. What is typed is not compared.
    """
    if Kind.DUAL_POINT not in (one.kind, other.kind) or one.kind != other.kind:
        return one.kind == other.kind
    if one.is_tap != other.is_tap:
        return False
    return _are_same_taps(one.touch, other.touch, boxes) if one.is_tap else _axis(one) == _axis(other)


def is_same_text(one: str, other: str) -> bool:
    """Whether one text holds the other, in lower case: "text accuracy" in agent_tasks/aitw_test.py of SeeClick."""
    one, other = one.lower(), other.lower()
    return one in other or other in one


def _are_same_taps(one: Place, other: Place, boxes: Sequence[PlaceBox]) -> bool:
    if hypot(one[0] - other[0], one[1] - other[1]) <= TAP_SHARE:
        return True
    return any(_holds(large, one) and _holds(large, other) for large in map(_enlarged, boxes))


def _enlarged(box: PlaceBox) -> PlaceBox:
    top, left, height, width = box
    taller, wider = GROWTH * height, GROWTH * width
    return max(0.0, top - taller / 2), max(0.0, left - wider / 2), min(1.0, height + taller), min(1.0, width + wider)


def _holds(box: PlaceBox, place: Place) -> bool:
    top, left, height, width = box
    return top <= place[0] <= top + height and left <= place[1] <= left + width


def _axis(swipe: Gesture) -> int:
    """0 for up and down, which wins where both are equal; 1 for left and right."""
    down, right = abs(swipe.lift[0] - swipe.touch[0]), abs(swipe.lift[1] - swipe.touch[1])
    return int(right > down)
