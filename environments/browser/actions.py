"""Each action of the union, done in a browser. What the page does not take is told by ActionFailed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any, assert_never

from ...errors import ActionFailed
from ...screen import Screenshot
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
from ..environment import Facts
from ..points import places_along
from .capture import capture
from .facts import touched
from .fields import select_option, upload
from .judged import enter_secret, press_there, there, type_there
from .keyboard import held
from .mouse import FRAME_S, steps_of, use_mouse
from .native import enter_value, is_value
from .page import BrowserPage
from .tabs import OpenTabs
from .touch import hold, slide, tap
from .window import BrowserWindow, Judged
from .words import quoted

Look = Callable[[], Awaitable[Screenshot]]
ANYWHERE = (Navigate, NewTab, SwitchTab, CloseTab, Wait, CallTool, Ask, Finish)
"""What is the same whatever the page."""
ANOTHER_PAGE = "look again: another page has come since this was judged"


def own_time_s(action: Action) -> float:
    """How long an action lasts because it was asked to, beside what the page takes."""
    match action:
        case Wait():
            return action.seconds
        case Drag() | LongPress():
            return action.duration_s
        case _:
            return 0.0


def answers(action: Action) -> bool:
    """Whether a screen that looks as it did before is a surprise."""
    return not isinstance(action, Hover | Wait | CallTool | Ask | Finish)


async def do(
    action: Action,
    window: BrowserWindow,
    *,
    navigation_s: float,
    frame: str,
    judged: Judged | None = None,
    secrets: Mapping[str, str] | None = None,
) -> None:
    """Do the action in the active tab. `frame` is the picture that it was decided on, for waiting.

    Where it was judged, raises ActionFailed for a thing that is another one by now.
    """
    page = window.active
    if judged is not None and isinstance(action, Click | LongPress | Drag | SelectOption | Upload):
        await _still(judged, page, "by now")
    match action:
        case Click() | LongPress() | Hover() | Drag() | Scroll() | Pinch():
            await _point(action, page, judged, takes_touch=window.takes_touch)
        case SelectOption():
            await select_option(page, action.point, action.label)
        case Upload():
            await upload(page, action.point, action.paths)
        case TypeText():
            await _type(action, page, judged, secrets or {})
        case Press():
            if action.keys == ("GoBack",):
                await _travel(Back(), window, navigation_s)
            else:
                await press_there(page, action.keys, judged)
        case Navigate() | Back() | Forward() | Reload() | NewTab() | SwitchTab() | CloseTab():
            await _travel(action, window, navigation_s)
        case Wait():
            await await_change(window, lambda: _look(window), frame, action.seconds)
        case CallTool() | Ask() | Finish():
            pass  # for the agent, not for the screen
        case _:
            assert_never(action)


async def _point(
    action: Click | LongPress | Hover | Drag | Scroll | Pinch,
    page: BrowserPage,
    judged: Judged | None,
    *,
    takes_touch: bool,
) -> None:
    await page.scale_new_frames()
    view = await page.view()
    start = view.to_input(action.path[0] if isinstance(action, Drag) else action.point)
    if judged is not None and not takes_touch and isinstance(action, Click | LongPress):
        await page.page.mouse.move(start.x, start.y)
        await asyncio.sleep(FRAME_S)
        await _still(judged, page, "as the pointer came")
    match action:
        case Click() if takes_touch and action.button == "left":
            async with held(page.page.keyboard, action.modifiers):
                await tap(page, start, action.count)
        case LongPress() if takes_touch:
            await hold(page, start, action.duration_s)
        case Drag() if takes_touch:
            path = [view.to_input(point) for point in action.path]
            await slide(page, [start, *places_along(path, steps_of(action))], action.duration_s)
        case Pinch():
            pinch = {"x": start.x, "y": start.y, "scaleFactor": action.factor, "relativeSpeed": 2000}
            await page.send("Input.synthesizePinchGesture", **pinch)
        case _:
            await use_mouse(action, page.page, view.to_input, pixels_per_css=view.pixels_per_css)


async def _still(judged: Judged, page: BrowserPage, when: str) -> None:
    """Raises ActionFailed where another thing stands at the place than was judged."""
    now = (await touched(page, judged.action)).facts
    if _thing(now) != _thing(judged.facts):
        thing = " ".join(part for part in (now.role, quoted(now.name, 100) if now.name else "") if part)
        raise ActionFailed(f"look again: {when}, {thing or 'another thing'} was there")


def _thing(facts: Facts) -> dict[str, object]:
    """What is known of the thing itself; not whether it is another one than in the last picture."""
    return {name: value for name, value in asdict(facts).items() if name not in ("point", "changed")}


async def _type(action: TypeText, page: BrowserPage, judged: Judged | None, secrets: Mapping[str, str]) -> None:
    """A date, a time or a colour goes into its field as it is written, a secret at once; all else key by key."""
    if action.secret is not None:
        if action.secret not in secrets:
            raise ActionFailed(f"there is no secret {action.secret}")
        await enter_secret(page, secrets[action.secret], judged)
        return
    text = action.text or ""
    value = text.rstrip("\r\n\t")
    if is_value(value) and await enter_value(page, await there(page, judged), value):
        text = text[len(value) :]
    await type_there(page, text, judged)


async def _travel(
    action: Navigate | Back | Forward | Reload | NewTab | SwitchTab | CloseTab,
    window: BrowserWindow,
    navigation_s: float,
) -> None:
    match action:
        case Back():
            await _through_history(window, -1)
        case Forward():
            await _through_history(window, 1)
        case Reload():
            await window.active.send("Page.reload")
        case _:
            await use_tabs(action, window, navigation_s)


async def use_tabs(
    action: Navigate | NewTab | SwitchTab | CloseTab, window: OpenTabs[Any], navigation_s: float
) -> None:
    """What is done with the tabs of any browser."""
    match action:
        case Navigate():
            await window.goto(action.url, navigation_s)
        case NewTab():
            await window.open_tab()
            if action.url != "about:blank":
                await window.goto(action.url, navigation_s)
        case SwitchTab():
            await window.switch(action.index)
        case CloseTab():
            await window.close_tab(action.index)


async def _through_history(window: BrowserWindow, by: int) -> None:
    page = window.active
    history = await page.send("Page.getNavigationHistory")
    index, entries = int(history["currentIndex"]) + by, history["entries"]
    # The first entry of every tab is the empty page that it was opened with.
    if not 0 <= index < len(entries) or (index == 0 and entries[0]["url"] == "about:blank"):
        raise ActionFailed(f"there is no page to go {'back' if by < 0 else 'forward'} to")
    await page.send("Page.navigateToHistoryEntry", entryId=entries[index]["id"])


async def _look(window: BrowserWindow) -> Screenshot:
    return await capture(window.active, window.viewport, window.device_scale)


async def await_change(window: OpenTabs[Any], look: Look, frame: str, seconds: float) -> None:
    """Until the screen differs from the picture that the wait was decided on, or the seconds are over."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                if not window.active.is_navigating and (await look()).frame != frame:
                    return
                await window.active.change(timeout_s=0.1)
    except TimeoutError:
        return
