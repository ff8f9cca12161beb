"""Gestures on a phone as Android in the Wild tells them, and when two of them are the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from ....screen import Point, Size
from ....tools import Action, Click, Drag, Finish, LongPress, Press, Scroll, TypeText
from ...metrics.aitw import Gesture, Kind, Place, PlaceBox, is_same, is_same_text
from ..grounding.boxes import Four
from ..samples import Judged
from .answers import button, finger, main
from .steps import written

METRIC = "action matching: tap within 14 % or in the same box, swipe by axis, else the kind; micro average"
_KEYS = {Kind.PRESS_BACK: "GoBack", Kind.PRESS_HOME: "GoHome", Kind.PRESS_ENTER: "Enter"}
_KINDS = {key: kind for kind, key in _KEYS.items()}
SWIPES: dict[str, tuple[Place, Place]] = {
    "scroll down": ((0.8, 0.5), (0.2, 0.5)),
    "scroll up": ((0.2, 0.5), (0.8, 0.5)),
    "scroll left": ((0.5, 0.2), (0.5, 0.8)),
    "scroll right": ((0.5, 0.8), (0.5, 0.2)),
}
"""How agent_tasks/action_matching.py of SeeClick has a finger move, from y, x to y, x."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was done, and the boxes of what can be touched; of those that are in pixels, `in_pixels`."""

    gesture: Gesture
    boxes: tuple[Four, ...] = ()
    in_pixels: bool = False


class GestureRules:
    """Implements `Rules`. Metrics: `type`, and `text` where something is typed."""

    def actions(self, truth: Told, size: Size) -> tuple[Action, ...]:
        """What a finger or a button did."""
        gesture = truth.gesture
        match gesture.kind:
            case Kind.TYPE:
                return (TypeText(text=gesture.text),)
            case Kind.DUAL_POINT if gesture.is_tap:
                return (Click(point=_point(gesture.touch, size)),)
            case Kind.DUAL_POINT:
                return (Drag(path=(_point(gesture.touch, size), _point(gesture.lift, size))),)
            case Kind.COMPLETE:
                return (Finish(),)
            case Kind.IMPOSSIBLE:
                return (Finish(status="failure"),)
            case _:
                return (Press(keys=(_KEYS[gesture.kind],)),)

    def judge(self, said: Sequence[Action], truth: Told, size: Size) -> Judged:
        gesture = gesture_of(main(said), size)
        if gesture is None:
            wrong = self.unread("", truth)
            return Judged(score=0.0, success=False, metrics=wrong.metrics, prediction=written(said))
        right = is_same(gesture, truth.gesture, _shares(truth, size))
        metrics = {"type": float(gesture.kind == truth.gesture.kind)}
        if truth.gesture.kind == Kind.TYPE:
            metrics["text"] = float(gesture.kind == Kind.TYPE and is_same_text(gesture.text, truth.gesture.text))
        return Judged(score=float(right), success=right, metrics=metrics, prediction=written(said))

    def unread(self, raw: str, truth: Told) -> Judged:
        text = {"text": 0.0} if truth.gesture.kind == Kind.TYPE else {}
        return Judged(score=0.0, success=False, metrics={"type": 0.0, **text})

    def told(self, truth: Told) -> JsonValue:
        gesture = truth.gesture
        touch, lift = list[JsonValue](gesture.touch), list[JsonValue](gesture.lift)
        return {"kind": gesture.kind.name, "touch_yx": touch, "lift_yx": lift, "text": gesture.text}


def gesture_of(action: Action | None, size: Size) -> Gesture | None:
    """An action of ours as a gesture of the data; None for one that phones do not know."""
    match action:
        case TypeText(text=str(text)):
            return Gesture(kind=Kind.TYPE, text=text)
        case Click() | LongPress():
            at = _place(action.point, size)
            return Gesture(kind=Kind.DUAL_POINT, touch=at, lift=at)
        case Drag():
            start, end = _place(action.path[0], size), _place(action.path[-1], size)
            return Gesture(kind=Kind.DUAL_POINT, touch=start, lift=end)
        case Scroll():
            return _swipe(action)
        case Finish(status=status):
            return Gesture(kind=Kind.COMPLETE if status == "success" else Kind.IMPOSSIBLE)
        case _:
            kind = _KINDS.get(button(action))
            return None if kind is None else Gesture(kind=kind)


def _swipe(scroll: Scroll) -> Gesture:
    """A swipe through the middle of the screen; down where no way is told."""
    across, down = finger(scroll)
    if abs(across) > abs(down):
        touch, lift = SWIPES["scroll left" if across > 0 else "scroll right"]
    else:
        touch, lift = SWIPES["scroll up" if down > 0 else "scroll down"]
    return Gesture(kind=Kind.DUAL_POINT, touch=touch, lift=lift)


def _point(place: Place, size: Size) -> Point:
    return Point(place[1] * size.width, place[0] * size.height)


def _place(point: Point, size: Size) -> Place:
    return point.y / size.height, point.x / size.width


def _shares(truth: Told, size: Size) -> list[PlaceBox]:
    high, wide = (size.height, size.width) if truth.in_pixels else (1, 1)
    return [(y / high, x / wide, height / high, width / wide) for y, x, height, width in truth.boxes]
