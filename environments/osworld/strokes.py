"""Our actions as small strokes of mouse and keyboard, which both of OSWorld's action spaces can write down."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, assert_never

from ...errors import ActionFailed
from ...screen import Point
from ...tools import (
    Action,
    Ask,
    Back,
    Button,
    CallTool,
    Click,
    CloseTab,
    Drag,
    Finish,
    Forward,
    Hover,
    LongPress,
    Navigate,
    NewTab,
    Pinch,
    Press,
    Reload,
    Scroll,
    SelectOption,
    SwitchTab,
    TypeText,
    Upload,
    Wait,
)
from ..text import typeable
from .keys import key_name

PIXELS_PER_NOTCH = 100
"""About what applications of its Ubuntu move for one notch of the wheel."""
MAX_DRAG_POINTS = 20
MAX_TEXT_CHARS = 10_000
"""A text goes into the command line of a process on the desktop, which takes 128 kB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """One thing that a mouse or a keyboard does; which fields count is said by `kind`. Places are whole pixels."""

    kind: Literal["move", "click", "down", "up", "scroll", "write", "paste", "press", "key_down", "key_up", "sleep"]
    x: int = 0
    y: int = 0
    button: Button = "left"
    count: int = 1
    dx: int = 0
    dy: int = 0
    text: str = ""
    keys: tuple[str, ...] = field(default=())
    seconds: float = 0.0


def strokes(action: Action, *, can_paste: bool = False) -> tuple[Stroke, ...]:
    """What is done for an action; none for those that are for the agent. Raises ActionFailed for what cannot be."""
    match action:
        case Click():
            x, y = _pixel(action.point)
            keys = tuple(key_name(key) for key in action.modifiers)
            return _held(keys, (Stroke(kind="click", x=x, y=y, button=action.button, count=action.count),))
        case LongPress():
            hold = Stroke(kind="sleep", seconds=action.duration_s)
            return (_move(action.point), Stroke(kind="down"), hold, Stroke(kind="up"))
        case Hover():
            return (_move(action.point),)
        case Drag():
            return _drag(action)
        case Scroll():
            turn = Stroke(kind="scroll", dx=_notches(action.dx), dy=_notches(action.dy))
            return _held(tuple(key_name(key) for key in action.modifiers), (_move(action.point), turn))
        case TypeText():
            return _write(action, can_paste=can_paste)
        case Press() if len(action.keys) == 1 and len(action.keys[0]) == 1:
            return _write(TypeText(text=action.keys[0]), can_paste=can_paste)
        case Press():
            return (Stroke(kind="press", keys=tuple(key_name(key) for key in action.keys)),)
        case Wait() | CallTool() | Ask() | Finish():
            return ()
        case Pinch() | SelectOption() | Upload():
            raise ActionFailed(f"a desktop has no {action.kind}; use what the screen shows")
        case Navigate() | Back() | Forward() | Reload() | NewTab() | SwitchTab() | CloseTab():
            name = action.kind.replace("_", " ")
            raise ActionFailed(f"a desktop has no {name}; use the browser's own buttons and keys")
        case _:
            assert_never(action)


def _pixel(point: Point) -> tuple[int, int]:
    """The pixel that a point lies in."""
    return int(point.x), int(point.y)


def _move(point: Point, seconds: float = 0.0) -> Stroke:
    x, y = _pixel(point)
    return Stroke(kind="move", x=x, y=y, seconds=seconds)


def _held(keys: tuple[str, ...], within: tuple[Stroke, ...]) -> tuple[Stroke, ...]:
    down = tuple(Stroke(kind="key_down", keys=(key,)) for key in keys)
    up = tuple(Stroke(kind="key_up", keys=(key,)) for key in reversed(keys))
    return (*down, *within, *up)


def _drag(action: Drag) -> tuple[Stroke, ...]:
    path = action.path
    if len(path) > MAX_DRAG_POINTS:
        step = (len(path) - 1) / (MAX_DRAG_POINTS - 1)
        path = tuple(path[round(step * number)] for number in range(MAX_DRAG_POINTS))
    share = action.duration_s / (len(path) - 1)
    moves = tuple(_move(end, share) for _, end in pairwise(path))
    keys = tuple(key_name(key) for key in action.modifiers)
    return _held(keys, (_move(path[0]), Stroke(kind="down"), *moves, Stroke(kind="up")))


def _notches(pixels: float) -> int:
    """Whole notches, at least one for any distance."""
    count = max(1, round(abs(pixels) / PIXELS_PER_NOTCH)) if pixels else 0
    return count if pixels > 0 else -count


def _write(action: TypeText, *, can_paste: bool) -> tuple[Stroke, ...]:
    if action.text is None:
        raise ActionFailed(f"there is no secret {action.secret}")
    text = typeable(action.text)
    if len(text) > MAX_TEXT_CHARS:
        raise ActionFailed(f"at most {MAX_TEXT_CHARS:,} characters are typed at once, not {len(text):,}")
    if not text.isascii():
        if not can_paste:
            raise ActionFailed("pyautogui drops characters beyond ASCII without a word; this text has some")
        return (Stroke(kind="paste", text=text),)
    written: list[Stroke] = []
    for number, part in enumerate(text.split("<")):
        if number:  # pyautogui.write("<") types ">" on a US keyboard under X11
            written.append(Stroke(kind="press", keys=("shift", ",")))
        if part:
            written.append(Stroke(kind="write", text=part))
    return tuple(written)
