"""One page as Playwright tells of it by itself, whatever the browser: its address, and what it is still loading."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, Page, Request

from ...errors import ActionFailed
from .faults import words_of
from .owners import origin_in

_ENDLESS = frozenset({"eventsource", "media", "ping", "websocket"})
"""Requests that a page keeps open for as long as it lives."""
BROKEN_S = 0.2
"""How long Playwright is given to say itself that a page did not come."""


class LoadingPage:
    """A page whose requests are counted from the moment it exists."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.title = ""
        """As it was when the page was last shown."""
        self.documents = 0
        """How many documents it has shown."""
        self.arrivals = 0
        """How often its address changed."""
        self.is_uploading = False
        """Whether the next file chooser is being answered."""
        self.on_download_grown: Callable[[str, float], None] | None = None
        """Told the address of a download and how many bytes it has or will have, while it comes, where one is told."""
        self._popups_expected = 0
        self._downloads_expected = 0
        self._is_leaving = False
        self._origins: set[str] = set()
        """Those of the frames that have been in its document, and may have written into others since."""
        self._requests: set[Request] = set()
        self._changed = asyncio.Event()
        self._listeners: list[tuple[Any, Callable[..., None]]] = []
        self._listen("request", self._begin)
        self._listen("requestfinished", self._end)
        self._listen("requestfailed", self._end)
        self._listen("framenavigated", self._arrive)

    async def prepare(self) -> None:
        """What it takes before the page is asked anything; harmless when called again."""

    async def evaluate(self, expression: str) -> Any:
        """The value of a script, or of its promise. Does not return while the page is being left."""
        return await self.page.evaluate(expression)

    async def paint(self, script: str) -> None:
        """Wait for the promise of a script that tells when the page has painted."""
        await self.evaluate(script)

    async def stop(self) -> None:
        """Load nothing more."""
        await self.page.evaluate("window.stop()")

    async def asking(self) -> str:
        """The address of the document that has opened the dialog; empty where nobody tells.

        Playwright names the page alone, and any frame of it may have asked.
        """
        return "" if self.has_others else self.page.url

    @property
    def has_others(self) -> bool:
        """Whether the document has, or had, a frame of another origin than its own."""
        now = {origin_in(frame.url) for frame in self.page.frames}
        return bool((self._origins | now) - {"", origin_in(self.page.url)})

    async def goto(self, url: str, timeout_s: float, clock: Callable[[], float]) -> None:
        """Open a URL and wait for its document. Raises Playwright's errors, ActionFailed for half a document, and
        TimeoutError when the time is over by this clock.

        Chromium shows what came before a connection broke, and never says that it is all.
        """
        await self.prepare()
        broken: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def fail(request: Request) -> None:
            if request.is_navigation_request() and self._is_main(request) and not broken.done():
                broken.set_result(request.failure or "it broke off")

        self.page.on("requestfailed", fail)
        going = asyncio.ensure_future(self.page.goto(url, wait_until="domcontentloaded", timeout=0))
        until = clock() + timeout_s
        try:
            while not (going.done() or broken.done()):
                if (left_s := until - clock()) <= 0:
                    raise TimeoutError
                await asyncio.wait({going, broken}, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({going}, timeout=BROKEN_S)
            if not going.done():
                raise ActionFailed(f"{url} came only in part: {words_of(broken.result())}")
            going.result()
        finally:
            self.page.remove_listener("requestfailed", fail)
            going.cancel()

    @property
    def is_navigating(self) -> bool:
        """Whether the document of the page is on its way."""
        return any(request.is_navigation_request() and self._is_main(request) for request in self._requests)

    @property
    def is_loading(self) -> bool:
        """Whether anything is on its way that may change the picture."""
        return bool(self._requests or self._popups_expected or self._downloads_expected or self._is_leaving)

    async def change(self, timeout_s: float, *, beside: "asyncio.Future[Any] | None" = None) -> None:
        """Wait until a request begins or ends, a popup arrives, the other work is done, or the time is over."""
        self._changed.clear()
        changed = asyncio.ensure_future(self._changed.wait())
        try:
            waited = {changed} if beside is None else {changed, beside}
            await asyncio.wait(waited, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            changed.cancel()

    def popup_arrived(self) -> None:
        self._popups_expected = max(0, self._popups_expected - 1)
        self._changed.set()

    def download_arrived(self) -> None:
        self._downloads_expected = max(0, self._downloads_expected - 1)
        self._changed.set()

    async def let_go(self) -> None:
        """Hear no more of a page that goes on without us."""
        for event, listener in self._listeners:
            self.page.remove_listener(event, listener)

    def expect_nothing(self) -> None:
        """Popups, downloads and pages that did not come in reasonable time will not come."""
        self._popups_expected = self._downloads_expected = 0
        self._is_leaving = False

    def _listen(self, event: str, listener: Callable[..., None]) -> None:
        self.page.on(event, listener)  # pyright: ignore[reportArgumentType, reportCallIssue] - one of many overloads
        self._listeners.append((event, listener))

    def _begin_document(self) -> None:
        """What the old one was loading no longer counts."""
        self._origins.clear()
        self._requests.clear()
        self._count_document()

    def _count_document(self, _: object = None) -> None:
        self.documents += 1
        self._changed.set()

    def _is_main(self, request: Request) -> bool:
        try:
            return request.frame == self.page.main_frame
        except PlaywrightError:  # the first request of a tab comes before its frame
            return True

    def _begin(self, request: Request) -> None:
        if request.resource_type not in _ENDLESS:
            self._is_leaving = self._is_leaving and not request.is_navigation_request()
            self._requests.add(request)
            self._changed.set()

    def _end(self, request: Request) -> None:
        self._requests.discard(request)
        self._changed.set()

    def _arrive(self, frame: Frame) -> None:
        """Another address: of a new document, or within the one that is shown."""
        self._is_leaving = False
        if frame != self.page.main_frame:
            self._origins.add(origin_in(frame.url))
        else:
            self.arrivals += 1
            self._changed.set()


async def quietly(work: Coroutine[Any, Any, object]) -> None:
    """Do it; a page that closed meanwhile needs no answer."""
    try:
        await work
    except PlaywrightError:
        return
