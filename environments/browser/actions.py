"""Each action of the union, done in a browser. What the page does not take is told by ActionFailed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any, assert_never

from ...errors import ActionFailed
from ...screen import Point, Screenshot
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
from .facts import facts_of
from .fields import select_option, upload
from .judged import enter_secret, press_there
from .keyboard import held, type_text
from .mouse import FRAME_S, steps_of, use_mouse
from .native import enter_value, is_value
from .page import BrowserPage
from .tabs import OpenTabs
from .touch import hold, slide, tap
from .window import BrowserWindow
from .words import quoted

Look = Callable[[], Awaitable[Screenshot]]


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
    is_judged: bool = False,
    secrets: Mapping[str, str] | None = None,
) -> None:
    """Do the action in the active tab. `frame` is the picture that it was decided on, for waiting.

    `is_judged`: somebody has looked at what stands there; what is another thing once the pointer comes is not clicked.
    """
    match action:
        case Click() | LongPress() | Hover() | Drag() | Scroll() | Pinch():
            await _point(action, window, is_judged=is_judged)
        case SelectOption():
            await select_option(window.active, action.point, action.label)
        case Upload():
            await upload(window.active, action.point, action.paths)
        case TypeText():
            await _type(action, window.active, secrets or {})
        case Press():
            if action.keys == ("GoBack",):
                await _travel(Back(), window, navigation_s)
            else:
                await press_there(window.active, action.keys)
        case Navigate() | Back() | Forward() | Reload() | NewTab() | SwitchTab() | CloseTab():
            await _travel(action, window, navigation_s)
        case Wait():
            await await_change(window, lambda: _look(window), frame, action.seconds)
        case CallTool() | Ask() | Finish():
            pass  # for the agent, not for the screen
        case _:
            assert_never(action)


async def _point(
    action: Click | LongPress | Hover | Drag | Scroll | Pinch, window: BrowserWindow, *, is_judged: bool
) -> None:
    page = window.active
    await page.scale_new_frames()
    view = await page.view()
    start = view.to_input(action.path[0] if isinstance(action, Drag) else action.point)
    fingers = window.takes_touch
    if is_judged and not fingers and isinstance(action, Click | LongPress):
        await _come_to(start, action, window)
    match action:
        case Click() if fingers and action.button == "left":
            async with held(page.page.keyboard, action.modifiers):
                await tap(page, start, action.count)
        case LongPress() if fingers:
            await hold(page, start, action.duration_s)
        case Drag() if fingers:
            path = [view.to_input(point) for point in action.path]
            await slide(page, [start, *places_along(path, steps_of(action))], action.duration_s)
        case Pinch():
            pinch = {"x": start.x, "y": start.y, "scaleFactor": action.factor, "relativeSpeed": 2000}
            await page.send("Input.synthesizePinchGesture", **pinch)
        case _:
            await use_mouse(action, page.page, view.to_input, pixels_per_css=view.pixels_per_css)


async def _come_to(place: Point, action: Click | LongPress, window: BrowserWindow) -> None:
    """Bring the pointer there. Raises ActionFailed where what stands there gives way to another thing."""
    before = await facts_of(window, action)
    await window.active.page.mouse.move(place.x, place.y)
    await asyncio.sleep(FRAME_S)
    after = await facts_of(window, action)
    if _thing(before) != _thing(after):
        thing = " ".join(part for part in (after.role, quoted(after.name, 100) if after.name else "") if part)
        raise ActionFailed(f"look again: as the pointer came, {thing or 'another thing'} was there")


def _thing(facts: Facts) -> dict[str, object]:
    """What is known of the thing itself; not whether it is another one than in the last picture."""
    return {name: value for name, value in asdict(facts).items() if name not in ("point", "changed")}


async def _type(action: TypeText, page: BrowserPage, secrets: Mapping[str, str]) -> None:
    """A date, a time or a colour goes into its field as it is written, a secret at once; all else key by key."""
    if action.secret is not None:
        if action.secret not in secrets:
            raise ActionFailed(f"there is no secret {action.secret}")
        await enter_secret(page, secrets[action.secret])
        return
    text = action.text or ""
    value = text.rstrip("\r\n\t")
    if is_value(value) and await enter_value(page, value):
        text = text[len(value) :]
    await type_text(page.page.keyboard, text)


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
    history = await window.active.send("Page.getNavigationHistory")
    index, entries = int(history["currentIndex"]) + by, history["entries"]
    # The first entry of every tab is the empty page that it was opened with.
    if not 0 <= index < len(entries) or (index == 0 and entries[0]["url"] == "about:blank"):
        raise ActionFailed(f"there is no page to go {'back' if by < 0 else 'forward'} to")
    await window.active.send("Page.navigateToHistoryEntry", entryId=entries[index]["id"])


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
