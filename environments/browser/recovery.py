"""What brings a lost browser back to where it was last seen: its tabs, cookies and local storage, kept in memory."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

import ada_url
from playwright.async_api import Cookie, StorageState
from playwright.async_api import Error as PlaywrightError

from .faults import reason_of
from .page import BrowserPage
from .window import BrowserWindow

NOTE_S = 1.0
"""A page that is being left answers nothing: what was known of it then stays known."""
MAX_STORED_CHARS = 1_000_000
"""Of one origin's local storage. A browser allows five million, which every step would have to read."""
TAB_S = 3.0
"""An empty tab takes 0.3 s: a browser that needs ten times that does not answer."""
BACKGROUND_S = 3.0
"""For tabs that are not looked at: one that is slow goes on loading."""

_STORED = f"""(() => {{
  try {{
    const kept = Object.entries(localStorage);
    const chars = kept.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    return [location.origin, chars <= {MAX_STORED_CHARS} ? kept : null];
  }} catch {{ return null; }}
}})()"""


@dataclass(slots=True, kw_only=True)
class LastSeen:
    """A window as it was when an observation was last made of it. In memory only, because cookies are secrets.

    `storage` holds the local storage of every origin that a tab in front has shown since the window was opened.
    """

    urls: tuple[str, ...] = ()
    active: int = 0
    cookies: Sequence[Cookie] = ()
    storage: dict[str, list[tuple[str, str]]] = field(default_factory=dict[str, list[tuple[str, str]]])

    async def note(self, window: BrowserWindow) -> None:
        """Remember the tabs, and what the one in front has stored: 1 ms, beside the 20 to 40 of a screenshot."""
        page = window.active
        self.urls = tuple(one.page.url for one in window.pages)
        self.active = window.pages.index(page)
        with suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(NOTE_S):
                self.cookies, told = await asyncio.gather(window.context.cookies(), page.evaluate(_STORED))
                self._keep(told, page.page.url)

    def _keep(self, told: Any, url: str) -> None:
        """A page may tell anything here, but only of its own origin."""
        match told:
            case [str(origin), [*kept]] if origin == _origin(url):
                self.storage[origin] = [(str(name), str(value)) for name, value in kept]
            case _:
                return

    def state(self) -> StorageState:
        """For a new context."""
        origins = [
            {"origin": origin, "localStorage": [{"name": name, "value": value} for name, value in kept]}
            for origin, kept in self.storage.items()
            if kept
        ]
        return cast(StorageState, {"cookies": list(self.cookies), "origins": origins})


def _origin(url: str) -> str:
    try:
        return ada_url.URL(url).origin
    except ValueError:
        return ""


async def reopen_page(window: BrowserWindow, seen: LastSeen, navigation_s: float) -> str | None:
    """The tab in front anew, in its old place; the others stay as they are. None, or why its page does not come."""
    window.regain()
    async with asyncio.timeout(TAB_S):
        await window.replace_active()
    return await _load(window, seen.urls[seen.active], navigation_s)


async def reopen_tabs(window: BrowserWindow, seen: LastSeen, navigation_s: float) -> str | None:
    """Every tab anew, in a window that has one empty tab. None, or why the page of the one in front does not come."""
    for _ in seen.urls[1:]:
        async with asyncio.timeout(TAB_S):
            await window.open_tab()
    await window.switch(seen.active)
    behind = [(one, url) for one, url in zip(window.pages, seen.urls, strict=True) if one is not window.active]
    await asyncio.gather(*(_start_loading(window, page, url) for page, url in behind))
    return await _load(window, seen.urls[seen.active], navigation_s)


async def _start_loading(window: BrowserWindow, page: BrowserPage, url: str) -> None:
    try:
        await page.page.goto(url, wait_until="commit", timeout=BACKGROUND_S * 1000)
    except PlaywrightError as error:
        window.report(f"a tab in the background was not opened again: {url}: {reason_of(error)}")


async def _load(window: BrowserWindow, url: str, navigation_s: float) -> str | None:
    """Show a URL in the active tab, or an empty page with the reason where that does not work.

    The page is asked something after it has come: one that hangs as it loads would hang whoever looks at it next.
    """
    page = window.active
    try:
        async with asyncio.timeout(navigation_s):
            await page.page.goto(url, wait_until="domcontentloaded", timeout=0)
            await page.evaluate("1")
        return None
    except TimeoutError:
        reason = f"it did not answer within {navigation_s:g} s"
    except PlaywrightError as error:
        reason = reason_of(error)
    window.regain()  # it may have crashed
    async with asyncio.timeout(TAB_S):
        await window.replace_active()
    return f"{url} could not be opened again: {reason}; an empty page is shown"
