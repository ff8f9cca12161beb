"""A page that the user has open already: acted on, and given back as a page that is still open."""

import asyncio
from typing import Any, cast

from playwright.async_api import BrowserContext, Page, StorageState
from playwright.async_api import Error as PlaywrightError

from ...errors import EnvironmentLost, UsageError
from ...screen import Size
from .driven import LAUNCH_S
from .options import BrowserOptions


class LentPage:
    """Stands where a `Chromium` would: nothing is started, and nothing of the user's is closed or resized."""

    is_lasting = True
    is_foreign = True
    is_ours = False
    pid = None
    launch_s = LAUNCH_S

    def __init__(self, page: Page) -> None:
        """Raises UsageError for anything but a page of Playwright's asynchronous interface."""
        if not isinstance(page, Page):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise UsageError("a page to act on comes from playwright.async_api, not from the synchronous interface")
        self.page = page
        self._loop: asyncio.AbstractEventLoop | None = None

    async def open_context(
        self, viewport: Size, device_scale: float, *, storage: StorageState | None = None, options: BrowserOptions
    ) -> BrowserContext:
        """The context that the page is in. Raises EnvironmentLost when it was closed."""
        self.require_own_loop()
        if self.page.is_closed():
            raise EnvironmentLost("the page was closed by whoever opened it")
        if options.needs_own_context:
            raise UsageError("a page that is open already has its options: give them where its context is made")
        return self.page.context

    async def shape(self) -> tuple[Size, float]:
        """Its size in CSS pixels, and device pixels for each of them."""
        try:
            width, height, scale = cast(
                list[float], await self.page.evaluate("[innerWidth, innerHeight, devicePixelRatio]")
            )
        except PlaywrightError as error:
            raise EnvironmentLost(f"the page does not tell its size: {error.message}") from None
        given: Any = self.page.viewport_size or {"width": width, "height": height}
        return Size(int(given["width"]), int(given["height"])), float(scale)

    def require_own_loop(self) -> None:
        """Raises UsageError in any other event loop than the first."""
        loop = asyncio.get_running_loop()
        if self._loop is not None and self._loop is not loop:
            raise UsageError("a page belongs to the event loop it was opened in")
        self._loop = loop

    async def close(self) -> None:
        """Nothing: the page is the user's."""

    async def discard(self) -> None:
        """Nothing: the browser is the user's."""
