"""Each action of the union as commands of `input` and `am` on a device. What a touch screen has not is told.

The commands are those that `adb shell input` and `adb shell am` list (https://developer.android.com/tools/adb).
"""

import re
import shlex
from collections.abc import Sequence
from typing import assert_never

from ...errors import ActionFailed
from ...screen import Point, Size
from ...tools import (
    Action,
    Ask,
    Back,
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
from .adb import Adb
from .keys import key_code
from .text import type_text

MAX_DRAG_POINTS = 40
"""A longer path is thinned: each point is a command that takes tens of milliseconds."""
EDGE_SHARE = 0.08
"""Of the screen, where a swipe would be the system's own gesture."""
MAX_SWIPES = 10
SWIPE_S_PER_PX = 0.0015
"""Slow enough that a list does not fly on for long when the finger leaves it."""
_WEB = re.compile(r"https?://[^\s\x00-\x1f]+", re.IGNORECASE)
_APP = re.compile(r"(?:[A-Za-z]\w*\.)+[A-Za-z]\w*")
_COMPONENT = re.compile(r"(?:[A-Za-z]\w*\.)+[A-Za-z]\w*/[\w.$]+")


def own_time_s(action: Action) -> float:
    """How long an action lasts because it was asked to, beside what the device takes."""
    match action:
        case Wait():
            return action.seconds
        case Drag() | LongPress():
            return action.duration_s
        case TypeText():
            return len(action.text or "") * 0.01
        case Scroll():
            return max(abs(action.dx), abs(action.dy)) * SWIPE_S_PER_PX
        case _:
            return 0.0


async def do(action: Action, adb: Adb, size: Size) -> None:
    """Do the action on the device; `size` is that of the picture it was decided on. Waiting is not done here."""
    match action:
        case Click() | LongPress() | Drag() | Scroll():
            await _touch(action, adb, size)
        case TypeText():
            if action.text is None:
                raise ActionFailed(f"there is no secret {action.secret}")
            await type_text(adb, action.text)
        case Press():
            await press(adb, action.keys)
        case Back():
            await press(adb, ("GoBack",))
        case Navigate() | NewTab():
            await open_url(adb, action.url)
        case Hover() | Pinch():
            raise ActionFailed(f"adb cannot {action.kind} on a touch screen")
        case Forward() | Reload() | SwitchTab() | CloseTab() | SelectOption() | Upload():
            raise ActionFailed(f"Android has no {action.kind.replace('_', ' ')}; use what the screen shows")
        case Wait() | CallTool() | Ask() | Finish():
            pass
        case _:
            assert_never(action)


async def press(adb: Adb, keys: tuple[str, ...]) -> None:
    """One key, or several together; a character that is no key is typed. Raises ActionFailed for other keys."""
    if len(keys) == 1 and len(keys[0]) == 1 and not (keys[0].isascii() and keys[0].isalnum()):
        await type_text(adb, keys[0])
    elif len(keys) == 1:
        await adb.shell("input", "keyevent", key_code(keys[0]))
    else:
        answer = await adb.shell("input", "keycombination", *(key_code(key) for key in keys))
        if "unknown command" in answer.lower():
            raise ActionFailed("this Android has no key combinations: they came with Android 13")


async def open_url(adb: Adb, url: str) -> None:
    """Show a page in the device's browser. Raises ActionFailed for an address that is not http or https."""
    if not _WEB.fullmatch(url):
        raise ActionFailed(f"only http and https addresses are opened, not {url[:100]!r}")
    await _start(adb, "-a", "android.intent.action.VIEW", "-d", url)


async def open_app(adb: Adb, app: str) -> None:
    """Start an app afresh, by package or by package/activity. Raises ActionFailed where it is not on the device."""
    component = app
    if _APP.fullmatch(app):
        launcher = ("-c", "android.intent.category.LAUNCHER")
        lines = (await adb.shell("cmd", "package", "resolve-activity", "--brief", *launcher, app)).split()
        component = lines[-1] if lines else ""
    if not _COMPONENT.fullmatch(component):
        raise ActionFailed(f"the device has no app {app[:100]!r} that can be started")
    await _start(adb, "-S", "-n", component)


async def _start(adb: Adb, *words: str) -> None:
    """`am start` ends well on many devices even when nothing was started; what it writes tells."""
    answer = await adb.shell("am", "start", "-W", *words)
    faults = re.findall(r"^Error\b.*", answer, re.MULTILINE)
    if faults:
        raise ActionFailed(f"nothing was started: {faults[-1][:200]}")


async def _touch(action: Click | LongPress | Drag | Scroll, adb: Adb, size: Size) -> None:
    match action:
        case Click():
            if action.button != "left" or action.modifiers:
                raise ActionFailed("a touch screen has one button and no modifier keys; use a long press for a menu")
            tap = shlex.join(("input", "tap", *_place(action.point)))
            await adb.script("; ".join([tap] * action.count))  # in one line, so that two are a double tap
        case LongPress():
            await _swipe(adb, action.point, action.point, action.duration_s)
        case Drag():
            await _drag(adb, action)
        case Scroll():
            if action.modifiers:
                raise ActionFailed("a touch screen has no modifier keys")
            for start, end in swipes(action, size):
                await _swipe(adb, start, end, max(0.3, start.distance(end) * SWIPE_S_PER_PX))
        case _:
            assert_never(action)


async def _drag(adb: Adb, action: Drag) -> None:
    if action.modifiers:
        raise ActionFailed("a touch screen has no modifier keys")
    if len(action.path) == 2:
        await _swipe(adb, *action.path, action.duration_s)
        return
    path = thinned(action.path)
    moves = [_motion("DOWN", path[0]), *(_motion("MOVE", point) for point in path[1:]), _motion("UP", path[-1])]
    await adb.script("; ".join(moves))  # one line: a broken connection leaves no finger down


async def _swipe(adb: Adb, start: Point, end: Point, seconds: float) -> None:
    await adb.shell("input", "swipe", *_place(start), *_place(end), str(max(1, round(seconds * 1000))))


def _motion(kind: str, point: Point) -> str:
    return shlex.join(("input", "motionevent", kind, *_place(point)))


def _place(point: Point) -> tuple[str, str]:
    return f"{point.x:.2f}", f"{point.y:.2f}"


def thinned(path: Sequence[Point]) -> tuple[Point, ...]:
    """At most 40 points of the path, evenly chosen, with the first and the last."""
    if len(path) <= MAX_DRAG_POINTS:
        return tuple(path)
    step = (len(path) - 1) / (MAX_DRAG_POINTS - 1)
    return tuple(path[round(step * number)] for number in range(MAX_DRAG_POINTS))


def swipes(action: Scroll, size: Size) -> tuple[tuple[Point, Point], ...]:
    """Where the finger goes to show what lies dx and dy further: the other way, in as many swipes as the screen needs.

    Each goes through the point as far as the screen allows and stays off its edges; at most ten are made.
    """
    point = action.point
    across = [(Point(start, point.y), Point(end, point.y)) for start, end in _strokes(action.dx, point.x, size.width)]
    down = [(Point(point.x, start), Point(point.x, end)) for start, end in _strokes(action.dy, point.y, size.height)]
    return (*across, *down)


def _strokes(amount: float, at: float, side: int) -> list[tuple[float, float]]:
    """Where each stroke begins and ends on one axis, `side` pixels long."""
    low, high = side * EDGE_SHARE, side * (1 - EDGE_SHARE)
    count = int(min(MAX_SWIPES, -(-abs(amount) // (high - low))))
    if count == 0:
        return []
    length = min(abs(amount) / count, high - low)
    start = min(max(at - length / 2, low), high - length)
    return [(start + length, start) if amount > 0 else (start, start + length)] * count
