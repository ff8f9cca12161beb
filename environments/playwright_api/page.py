"""A page of which nothing is known but what Playwright tells of any browser's, and the tabs that such pages are in."""

import asyncio
from contextlib import suppress

from playwright.async_api import Frame, Page, Request

from ..browser.loading import LoadingPage
from ..browser.owners import origin_in
from ..browser.tabs import OpenTabs

PAINTED_S = 1.5
"""Longer than the second after which the script that waits for frames gives up."""
STOP_S = 1.0


class SightPage(LoadingPage):
    """Its scripts run in the page's own world, which may lie in its answers: nothing is decided by these."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._before: set[Request] = set()
        """What was being loaded as the next document was asked for."""
        self._is_coming = False
        """Whether the next address is that of another document."""
        self._chose_in = -1
        """The number of the document that has opened a file chooser last."""
        self._listen("domcontentloaded", self._count_document)
        self._listen("filechooser", self._note_chooser)

    @property
    def has_others(self) -> bool:
        """Whether it has, or had, a frame that is not plainly of its own origin: one without an address may be a
        sandbox, which nothing tells here."""
        return bool((self._origins | {origin_in(frame.url) for frame in self.page.frames}) - {origin_in(self.page.url)})

    @property
    def has_chosen(self) -> bool:
        """Whether its document has opened a file chooser."""
        return self._chose_in == self.documents

    async def paint(self, script: str) -> None:
        """A page that does not tell in time is shown as it is: the picture is the end of all waiting."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PAINTED_S):
                await self.evaluate(script)

    async def stop(self) -> None:
        """An empty page, where the one that is shown answers nothing while it is being left."""
        try:
            async with asyncio.timeout(STOP_S):
                await super().stop()
        except TimeoutError:
            await self.page.goto("about:blank", wait_until="commit", timeout=STOP_S * 1000)
        self._requests.clear()

    def _note_chooser(self, _: object) -> None:
        self._chose_in = self.documents

    def _begin(self, request: Request) -> None:
        if request.is_navigation_request() and self._is_main(request):
            self._before, self._is_coming = set(self._requests), True
        super()._begin(request)

    def _end(self, request: Request) -> None:
        if request.failure and request.is_navigation_request() and self._is_main(request):
            self._is_coming = False
        super()._end(request)

    def download_arrived(self) -> None:
        self._is_coming = False  # what was asked for is a file, and the document stays
        super().download_arrived()

    def _arrive(self, frame: Frame) -> None:
        if frame == self.page.main_frame and self._is_coming:  # what the old one was loading no longer counts
            self._is_coming = False
            self._requests -= self._before
            self._before.clear()
            self._origins.clear()
        super()._arrive(frame)


class SightTabs(OpenTabs[SightPage]):
    """The open tabs of a context."""

    is_stock = False
    """Whether the browser is a Firefox that was not built for Playwright, of which WebDriver BiDi is all there is."""

    def _watched(self, page: Page) -> SightPage:
        return SightPage(page)
