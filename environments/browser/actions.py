"""Each action of the union, done in a browser. What the page does not take is told by ActionFailed."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import assert_never

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Keyboard

from ...errors import ActionFailed
from ...screen import Point
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
from .faults import reason_of
from .fields import select_option, upload
from .native import enter_value, is_value
from .page import BrowserPage, View
from .touch import hold, slide, tap
from .window import BrowserWindow
from .words import quoted

LONGEST_TYPED_CHARS = 200
"""Text up to this length is typed key by key, as a page that listens to keys expects; 2,000 would take 5 s."""
FRAME_S = 1 / 60
_ONLY_ON_PHONES = ("GoHome", "AppSwitch", "Power", "AudioVolumeUp", "AudioVolumeDown")


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
    action: Action, window: BrowserWindow, *, navigation_s: float, frame: str, is_judged: bool = False
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
            if action.text is None:
                raise ActionFailed(f"there is no secret {action.secret}")
            await _type(window.active, action.text)
        case Press():
            await _press(action.keys, window, navigation_s)
        case Navigate() | Back() | Forward() | Reload() | NewTab() | SwitchTab() | CloseTab():
            await _travel(action, window, navigation_s)
        case Wait():
            await _wait(window, frame, action.seconds)
        case CallTool() | Ask() | Finish():
            pass  # for the agent, not for the screen
        case _:
            assert_never(action)


async def _point(
    action: Click | LongPress | Hover | Drag | Scroll | Pinch, window: BrowserWindow, *, is_judged: bool
) -> None:
    page, mouse = window.active, window.active.page.mouse
    await page.scale_new_frames()
    view = await page.view()
    start = view.to_input(action.path[0] if isinstance(action, Drag) else action.point)
    fingers = window.takes_touch
    if is_judged and not fingers and isinstance(action, Click | LongPress):
        await _come_to(start, action, window)
    match action:
        case Click() if fingers and action.button == "left":
            async with _held(page.page.keyboard, action.modifiers):
                await tap(page, start, action.count)
        case LongPress() if fingers:
            await hold(page, start, action.duration_s)
        case Drag() if fingers:
            path = [view.to_input(point) for point in action.path]
            await slide(page, [start, *places_along(path, _steps(action))], action.duration_s)
        case Click():
            async with _held(page.page.keyboard, action.modifiers):
                await mouse.click(start.x, start.y, button=action.button, click_count=action.count)
        case LongPress():
            await mouse.move(start.x, start.y)
            await mouse.down()
            try:
                await asyncio.sleep(action.duration_s)
            finally:
                await mouse.up()
        case Hover():
            await mouse.move(start.x, start.y, steps=2)
        case Drag():
            await _drag(action, window, view)
        case Scroll():
            await mouse.move(start.x, start.y)
            await mouse.wheel(action.dx / view.pixels_per_css, action.dy / view.pixels_per_css)
        case Pinch():
            pinch = {"x": start.x, "y": start.y, "scaleFactor": action.factor, "relativeSpeed": 2000}
            await page.send("Input.synthesizePinchGesture", **pinch)


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


async def _drag(action: Drag, window: BrowserWindow, view: View) -> None:
    page = window.active.page
    places = [view.to_input(point) for point in action.path]
    moves = places_along(places, _steps(action))
    async with _held(page.keyboard, action.modifiers):
        await page.mouse.move(places[0].x, places[0].y)
        await page.mouse.down()
        try:
            clock = asyncio.get_running_loop().time
            began = clock()
            for number, place in enumerate(moves, 1):
                await page.mouse.move(place.x, place.y)
                due = began + action.duration_s * number / len(moves)
                await asyncio.sleep(max(0.0, due - clock()))
        finally:
            await page.mouse.up()


def _steps(action: Drag) -> int:
    return max(8, round(action.duration_s / FRAME_S))


async def _type(page: BrowserPage, text: str) -> None:
    """A date, a time or a colour goes into its field as it is written; all else key by key."""
    value = text.rstrip("\r\n\t")
    if is_value(value) and await enter_value(page, value):
        text = text[len(value) :]
    await type_text(page.page.keyboard, text)


async def type_text(keyboard: Keyboard, text: str) -> None:
    """Exactly this text. A line break is the Enter key and a tab the Tab key, as when a person types.

    Of a long text only the last character is a key, for pages that look at a field when a key is let go.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    is_long = len(text) > LONGEST_TYPED_CHARS
    for number, line in enumerate(text.split("\n")):
        if number:
            await keyboard.press("Enter")
        for column, cell in enumerate(line.split("\t")):
            if column:
                await keyboard.press("Tab")
            if is_long and len(cell) > 1:
                await keyboard.insert_text(cell[:-1])
            await keyboard.type(cell[-1:] if is_long else cell)


async def _press(keys: tuple[str, ...], window: BrowserWindow, navigation_s: float) -> None:
    keyboard = window.active.page.keyboard
    if keys == ("GoBack",):
        await _travel(Back(), window, navigation_s)
        return
    for key in keys:
        if key in (*_ONLY_ON_PHONES, "GoBack"):
            raise ActionFailed(f"a browser has no key {key}" + (" in a chord" if key == "GoBack" else ""))
    try:
        async with _held(keyboard, _codes(keys)):
            pass
    except PlaywrightError as error:
        if "Unknown key" not in str(error):
            raise
        character = "".join(keys)
        if len(character) > 1:
            raise ActionFailed(f"the keyboard of this browser has no {reason_of(error).partition(': ')[2]}") from None
        await keyboard.insert_text(character)


def _codes(keys: tuple[str, ...]) -> tuple[str, ...]:
    """With Shift, the places of letters and digits on the keyboard: only then does Playwright give "K" and "!"."""
    if "Shift" not in keys:
        return keys
    return tuple(_code(key) for key in keys)


def _code(key: str) -> str:
    if len(key) == 1 and key.isascii():
        if key.isalpha():
            return f"Key{key.upper()}"
        if key.isdecimal():
            return f"Digit{key}"
    return key


@asynccontextmanager
async def _held(keyboard: Keyboard, keys: Sequence[str]) -> AsyncGenerator[None]:
    """Press the keys in order, and release them in reverse whatever happens."""
    down: list[str] = []
    try:
        for key in keys:
            await keyboard.down(key)
            down.append(key)
        yield
    finally:
        for key in reversed(down):
            await keyboard.up(key)


async def _travel(
    action: Navigate | Back | Forward | Reload | NewTab | SwitchTab | CloseTab,
    window: BrowserWindow,
    navigation_s: float,
) -> None:
    match action:
        case Navigate():
            await window.goto(action.url, navigation_s)
        case Back():
            await _through_history(window, -1)
        case Forward():
            await _through_history(window, 1)
        case Reload():
            await window.active.send("Page.reload")
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


async def _wait(window: BrowserWindow, frame: str, seconds: float) -> None:
    """Until the screen differs from the picture that the wait was decided on, or the seconds are over."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                if not window.active.is_navigating:
                    shot = await capture(window.active, window.viewport, window.device_scale)
                    if shot.frame != frame:
                        return
                await window.active.change(timeout_s=0.1)
    except TimeoutError:
        return
