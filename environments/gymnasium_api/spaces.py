"""What Gymnasium's agents see and do: spaces, and how a member of the action space becomes a typed action and back."""

import string
from collections.abc import Mapping, Sequence
from typing import Any, cast

import gymnasium
import numpy as np

from ...errors import UsageError
from ...screen import Observation, Pixels, Point, Size
from ...tools import (
    Action,
    Back,
    Click,
    Drag,
    Finish,
    Hover,
    Navigate,
    Press,
    Scroll,
    SelectOption,
    TypeText,
    Wait,
)

KINDS = (
    *("click", "double_click", "right_click", "hover", "drag", "scroll", "type", "press", "select", "wait", "finish"),
    *("navigate", "back"),
)
"""What can be done, by its number in the action space. Only a browser takes the last two."""
SCREEN_KINDS = KINDS[:-2]
KEYS = (
    *("Enter", "Tab", "Escape", "Backspace", "Delete", "Space", "Home", "End", "PageUp", "PageDown"),
    *("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Control+a", "Control+c", "Control+v", "Shift+Tab"),
)
"""Keys and chords, by their number in the action space."""
MAX_TEXT_CHARS = 1000
MAX_INSTRUCTION_CHARS = 20_000
WAIT_S = 1.0

Member = Mapping[str, Any]
"""A member of the action space: `kind`, `point`, `to`, `scroll`, `text` and `key`, of which each kind reads its own."""


class AnyText(gymnasium.spaces.Text):
    """Any text up to a length, in whatever script; samples are printable ASCII."""

    def __init__(self, max_length: int) -> None:
        super().__init__(max_length, min_length=0, charset=string.printable)

    def contains(self, x: Any) -> bool:
        return isinstance(x, str) and len(x) <= self.max_length


def observation_space(size: Size) -> gymnasium.spaces.Dict:
    """`pixels` (height, width, 3) uint8 RGB, and the `instruction`, which is the goal of the task."""
    pixels = gymnasium.spaces.Box(0, 255, (size.height, size.width, 3), np.uint8)
    return gymnasium.spaces.Dict({"pixels": pixels, "instruction": AnyText(MAX_INSTRUCTION_CHARS)})


def action_space(kinds: Sequence[str]) -> gymnasium.spaces.Dict:
    """Places are parts of the screen, 0 to 1 from the top left; a turn of the wheel is in screens, down and right > 0.

    Gymnasium has no union: every member has all parts, and `kind` says which of them count.
    """
    place = gymnasium.spaces.Box(0.0, 1.0, (2,), np.float32)
    return gymnasium.spaces.Dict(
        {
            "kind": gymnasium.spaces.Discrete(len(kinds)),
            "point": place,
            "to": gymnasium.spaces.Box(0.0, 1.0, (2,), np.float32),
            "scroll": gymnasium.spaces.Box(-1.0, 1.0, (2,), np.float32),
            "text": AnyText(MAX_TEXT_CHARS),
            "key": gymnasium.spaces.Discrete(len(KEYS)),
        }
    )


def seen_as(observation: Observation, instruction: str, size: Size) -> dict[str, Any]:
    """A member of the observation space, whatever the size of the screenshot: cut, or filled up with black."""
    return {"pixels": _fitted(observation.screenshot.pixels, size), "instruction": instruction[:MAX_INSTRUCTION_CHARS]}


def action_of(member: Member, kinds: Sequence[str], size: Size) -> Action:
    """The typed action. A navigation without an address waits: an empty text is none."""
    kind, text = kinds[int(member["kind"])], str(member["text"])
    point = _pixel(member["point"], size)
    match kind:
        case "click" | "double_click":
            return Click(point=point, count=2 if kind == "double_click" else 1)
        case "right_click":
            return Click(point=point, button="right")
        case "hover":
            return Hover(point=point)
        case "drag":
            return Drag(path=(point, _pixel(member["to"], size)))
        case "scroll":
            across, down = (float(part) for part in member["scroll"])
            return Scroll(point=point, dx=round(across * size.width), dy=round(down * size.height))
        case "type":
            return TypeText(text=text)
        case "press":
            return Press(keys=tuple(KEYS[int(member["key"])].split("+")))
        case "select":
            return SelectOption(point=point, label=text)
        case "navigate" if text:
            return Navigate(url=text)
        case "back":
            return Back()
        case "finish":
            return Finish(answer=text)
        case _:
            return Wait(seconds=WAIT_S)


def member_of(action: Action, kinds: Sequence[str], size: Size) -> dict[str, Any]:
    """The member of the action space for a typed action. Raises UsageError for one that the space has not."""
    match action:
        case Click(button="left", count=1 | 2, modifiers=()):
            return _member(kinds, size, "double_click" if action.count == 2 else "click", point=action.point)
        case Click(button="right", count=1, modifiers=()):
            return _member(kinds, size, "right_click", point=action.point)
        case Hover():
            return _member(kinds, size, "hover", point=action.point)
        case Drag(path=(start, end), modifiers=()):
            return _member(kinds, size, "drag", point=start, to=end)
        case Scroll(modifiers=()) if abs(action.dx) <= size.width and abs(action.dy) <= size.height:
            turned = np.array([action.dx / size.width, action.dy / size.height], np.float32)
            return _member(kinds, size, "scroll", point=action.point) | {"scroll": turned}
        case TypeText(text=str(text)):
            return _member(kinds, size, "type", text=text)
        case Press() if "+".join(action.keys) in KEYS:
            return _member(kinds, size, "press") | {"key": KEYS.index("+".join(action.keys))}
        case SelectOption():
            return _member(kinds, size, "select", point=action.point, text=action.label)
        case Navigate():
            return _member(kinds, size, "navigate", text=action.url)
        case Wait(seconds=1.0) | Back() | Finish(status="success"):
            return _member(kinds, size, action.kind, text=action.answer if isinstance(action, Finish) else "")
        case _:
            raise UsageError(f"the action space has no {action.kind} such as {action!r}")


def _member(
    kinds: Sequence[str], size: Size, kind: str, *, point: Point | None = None, to: Point | None = None, text: str = ""
) -> dict[str, Any]:
    if kind not in kinds or len(text) > MAX_TEXT_CHARS:
        raise UsageError(f"the action space has no {kind} of {len(text)} characters; it has {', '.join(kinds)}")
    return {
        "kind": kinds.index(kind),
        "point": _part(point, size),
        "to": _part(to, size),
        "scroll": np.zeros(2, np.float32),
        "text": text,
        "key": 0,
    }


def _part(point: Point | None, size: Size) -> np.ndarray[Any, np.dtype[np.float32]]:
    place = (0.0, 0.0) if point is None else (point.x / size.width, point.y / size.height)
    return np.clip(np.array(place, np.float32), 0, 1)


def _pixel(part: Any, size: Size) -> Point:
    x, y = (float(one) for one in part)
    return Point(round(x * size.width, 2), round(y * size.height, 2)).clip(size)  # float32 is less exact than that


def _fitted(pixels: Pixels, size: Size) -> Pixels:
    fitted = np.zeros((size.height, size.width, 3), np.uint8)
    height, width = min(size.height, pixels.shape[0]), min(size.width, pixels.shape[1])
    fitted[:height, :width] = pixels[:height, :width]
    return cast(Pixels, fitted)
