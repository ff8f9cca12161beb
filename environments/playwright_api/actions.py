"""Each action of the union, done through Playwright's public API. What cannot be done is told by ActionFailed."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import assert_never

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Response
from playwright.async_api import TimeoutError as PlaywrightTimeout

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
from ..browser.actions import await_change, use_tabs
from ..browser.fields import give_files
from ..browser.keyboard import press, type_text
from ..browser.mouse import use_mouse
from .page import SightPage, SightTabs

TELL_S, UNTOLD_S = 0.5, 1.0
"""How long a page may take to say where it is, and how long Playwright is given to say that it has gone there."""
ARRIVE_S = 0.3
"""How long an entry of the history that loads nothing may take to be shown."""

_Go = Callable[..., Awaitable[Response | None]]


async def do(
    action: Action, window: SightTabs, *, navigation_s: float, frame: str, look: Callable[[], Awaitable[Screenshot]]
) -> None:
    """Do the action in the active tab. A wait ends when `look` gives another picture than `frame`."""
    page = window.active.page
    if window.is_stock:
        _require_stock_can(action, window)
    match action:
        case Click() | LongPress() | Hover() | Drag() | Scroll():
            to_input, scale = _to_input(window), window.device_scale
            await use_mouse(action, page, to_input, pixels_per_css=scale)
        case Pinch():
            raise ActionFailed("this browser is driven with a mouse, which cannot pinch")
        case SelectOption():
            raise ActionFailed(
                "a native list is chosen from with keys in this browser: click it, type the beginning of the option, "
                "and press Enter"
            )
        case Upload():
            await give_files(window.active, action.point, _to_input(window)(action.point), action.paths)
        case TypeText():
            if action.text is None:
                raise ActionFailed(f"there is no secret {action.secret}")
            await type_text(page.keyboard, action.text)
        case Press():
            if action.keys == ("GoBack",):
                await _travel(Back(), window, navigation_s)
            else:
                await press(page.keyboard, action.keys)
        case Navigate() | Back() | Forward() | Reload() | NewTab() | SwitchTab() | CloseTab():
            await _travel(action, window, navigation_s)
        case Wait():
            await await_change(window, look, frame, action.seconds)
        case CallTool() | Ask() | Finish():
            pass  # for the agent, not for the screen
        case _:
            assert_never(action)


def _require_stock_can(action: Action, window: SightTabs) -> None:
    """Raises ActionFailed for what arrives as something else, or not at all, in a Firefox not built for Playwright."""
    match action:
        case Click() if action.count > 1:
            raise ActionFailed("a Firefox that is not Playwright's own takes a double click for two clicks")
        case Upload() if window.active.has_chosen:
            raise ActionFailed(
                "a Firefox that is not Playwright's own opens one file chooser on a page: reload the page first"
            )
        case _:
            pass


def _to_input(window: SightTabs) -> Callable[[Point], Point]:
    return lambda point: point.scale(1 / window.device_scale, 1 / window.device_scale)


async def _travel(
    action: Navigate | Back | Forward | Reload | NewTab | SwitchTab | CloseTab, window: SightTabs, navigation_s: float
) -> None:
    page = window.active.page
    match action:
        case Back():
            await _back(window, navigation_s)
        case Forward():
            await _through_history(window, page.go_forward, "forward", navigation_s)
        case Reload():
            await page.reload(wait_until="commit", timeout=navigation_s * 1000)
        case _:
            await use_tabs(action, window, navigation_s)


async def _back(window: SightTabs, navigation_s: float) -> None:
    page = window.active.page
    before = page.url
    await _through_history(window, page.go_back, "back", navigation_s)
    if page.url == "about:blank" != before:  # the empty page that every tab begins with
        await _through_history(window, page.go_forward, "forward", navigation_s)
        raise ActionFailed("there is no page to go back to")


async def _through_history(window: SightTabs, go: _Go, where: str, navigation_s: float) -> None:
    """Raises ActionFailed where nothing came of it: Playwright gives the same answer for a page that loads nothing."""
    page = window.active
    before, address = (page.arrivals, page.documents), await _address(page)
    going = asyncio.ensure_future(go(wait_until="commit", timeout=navigation_s * 1000))
    try:
        await asyncio.wait({going}, timeout=UNTOLD_S)
        if not going.done() and await _address(page) not in ("", address):
            return  # within the document, of which Firefox tells nothing where the fragment goes
        answer = await going
    except PlaywrightTimeout:
        raise ActionFailed(f"the page to go {where} to did not answer within {navigation_s:g} s") from None
    finally:
        going.cancel()
    if answer is None and (page.arrivals, page.documents) == before:
        await page.change(ARRIVE_S)
        if (page.arrivals, page.documents) == before:
            raise ActionFailed(f"there is no page to go {where} to")


async def _address(page: SightPage) -> str:
    """Where the page says that it is; empty where it does not say so at once."""
    try:
        async with asyncio.timeout(TELL_S):
            return str(await page.evaluate("location.href"))
    except (TimeoutError, PlaywrightError):
        return ""
