"""Each action of the union, done on a desktop. What cannot be done there is told by ActionFailed, with what can."""

import asyncio
from typing import assert_never

from ...errors import ActionFailed
from ...screen import Pixels
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
from ..points import places_along
from .desktop import Desktop
from .requests import ClickAt, DragAlong, HoldAt, MoveTo, PressKeys, Request, TurnWheel, WriteText
from .settle import POLL_S, differ

PIXELS_PER_NOTCH = 100
"""Of the screenshot at scale 1: how far one notch of the wheel goes. Applications differ; browsers take 100 to 120."""
MOVES_PER_S = 60
_LEAST_MOVES = 8
_SECONDS_PER_CHARACTER = 0.01


def own_time_s(action: Action) -> float:
    """How long an action lasts because it was asked to, beside what the desktop takes."""
    match action:
        case Wait():
            return action.seconds
        case Drag() | LongPress():
            return action.duration_s
        case TypeText():
            return _SECONDS_PER_CHARACTER * len(action.text or "")
        case _:
            return 0.0


def is_for_the_screen(action: Action) -> bool:
    """Whether an action is meant to do something to the screen."""
    return not isinstance(action, Wait | CallTool | Ask | Finish)


async def do(action: Action, desktop: Desktop, *, shown: Pixels) -> None:
    """Do the action. `shown` is the picture that it was decided on, for waiting."""
    match action:
        case Click() | LongPress() | Hover() | Drag() | Scroll() | TypeText() | Press():
            await desktop.backend.ask(request_of(action, desktop))
        case Wait():
            await _wait(desktop, shown, action.seconds)
        case CallTool() | Ask() | Finish():
            pass  # for the agent, not for the screen
        case SelectOption():
            raise ActionFailed("a desktop shows its lists: click on the list, then on the option")
        case Upload():
            raise ActionFailed(
                "a desktop has no file inputs: open the application's file dialog and type the path there"
            )
        case Pinch():
            raise ActionFailed(
                "a desktop has no touch screen: zoom with the application's own keys, such as Control and +"
            )
        case Navigate() | NewTab() | SwitchTab() | CloseTab():
            what = action.kind.replace("_", " ")
            raise ActionFailed(
                f"a desktop has no {what}: use the windows and keys of the application, as a person does"
            )
        case Back() | Forward() | Reload():
            raise ActionFailed(f"a desktop has no {action.kind}: use the buttons and keys of the application")
        case _:
            assert_never(action)


def request_of(action: Click | LongPress | Hover | Drag | Scroll | TypeText | Press, desktop: Desktop) -> Request:
    """What the input process is asked for: places in input units, the wheel in notches."""
    match action:
        case Press():
            return PressKeys(keys=action.keys)
        case TypeText():
            if action.text is None:
                raise ActionFailed(f"there is no secret {action.secret}")
            return WriteText(text=action.text)
        case Drag():
            count = max(_LEAST_MOVES, round(action.duration_s * MOVES_PER_S))
            places = [action.path[0], *places_along(action.path, count)]
            path = tuple(desktop.view.to_input(place) for place in places)
            return DragAlong(path=path, seconds=action.duration_s, held=action.modifiers)
        case _:
            pass
    x, y = desktop.view.to_input(action.point)
    match action:
        case Click():
            return ClickAt(x=x, y=y, button=action.button, count=action.count, held=action.modifiers)
        case LongPress():
            return HoldAt(x=x, y=y, seconds=action.duration_s)
        case Hover():
            return MoveTo(x=x, y=y)
        case Scroll():
            per_notch = PIXELS_PER_NOTCH * desktop.view.scale
            right, down = _notches(action.dx, per_notch), _notches(action.dy, per_notch)
            return TurnWheel(x=x, y=y, right=right, down=down, held=action.modifiers)
        case _:
            assert_never(action)


def _notches(pixels: float, per_notch: float) -> int:
    """The nearest number of notches, but at least one for the smallest distance."""
    if not pixels:
        return 0
    count = max(1, round(abs(pixels) / per_notch))
    return count if pixels > 0 else -count


async def _wait(desktop: Desktop, shown: Pixels, seconds: float) -> None:
    """Until the screen differs from the picture that the wait was decided on, or the seconds are over."""
    clock = asyncio.get_running_loop().time
    until = clock() + seconds
    while not differ(await desktop.look(), shown):
        left_s = until - clock()
        if left_s <= 0:
            return
        await asyncio.sleep(min(2 * POLL_S, left_s))
