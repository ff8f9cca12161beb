"""One look at a page: its picture, and what it tells of itself, both of the same document."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from playwright.async_api import Error as PlaywrightError

from ...errors import EnvironmentLost
from ...screen import Screenshot
from .elements import Things, things_of
from .focus import PageState, state_of
from .settle import settle
from .window import BrowserWindow

ANEW = 20
"""How often a page that is left while it is looked at is looked at again."""

Seen = tuple[Screenshot, Things, PageState]
Take = Callable[[], Awaitable[Screenshot]]


async def see(window: BrowserWindow, tells: Mapping[str, bool], take: Take, *, navigation_s: float) -> Seen:
    """Where another document comes meanwhile, all of it anew: a text that is only not told yet is not absent.

    Raises EnvironmentLost for a page that is never left alone, and Playwright's errors for one that is closed.
    """
    for _ in range(ANEW):
        page = window.active
        document = (page.documents, page.arrivals)
        try:
            seen = await _at_once(window, tells, take)
        except PlaywrightError:
            if page.page.is_closed() or window.lost.done():
                raise
        else:
            if window.active is page and (page.documents, page.arrivals) == document:
                return seen
        await settle(window, navigation_s=navigation_s)
    raise EnvironmentLost("the page is left again and again, so that it cannot be looked at")


async def _at_once(window: BrowserWindow, tells: Mapping[str, bool], take: Take) -> Seen:
    """A frame must be waited for anyhow: the page is asked meanwhile."""
    telling = asyncio.gather(things_of(window, **tells), state_of(window.active))
    telling.add_done_callback(lambda told: told.cancelled() or told.exception())  # the picture may fail first
    try:
        screenshot = await take()
        return screenshot, *(await telling)
    finally:
        telling.cancel()
