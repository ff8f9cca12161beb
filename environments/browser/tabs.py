"""The open tabs of one browser context, which of them is looked at, and what happens in them unasked."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Generic, TypeVar

from playwright.async_api import BrowserContext, Download, Page
from playwright.async_api import Error as PlaywrightError

from ...errors import ActionFailed, EnvironmentLost
from ...screen import Size, Tab
from .dialogs import Dialogs
from .downloads import Downloads
from .faults import is_download, reason_of
from .loading import LoadingPage, quietly
from .options import USUAL, BrowserOptions
from .tracing import begin_trace, end_trace
from .words import quoted

_NO_URL = ("invalid URL", "MALFORMED_URI", "Invalid url", "Cannot navigate to URL")
"""How Chromium, Firefox and WebKit say that an address is none."""
MAX_EVENTS = 20
GIVE_BACK_S = 2.0
"""A page that hangs closes in half a second."""
MAX_TABS = 20
"""More that pages open by themselves are closed at once: each costs 100 MB and slows the others down."""

_Page = TypeVar("_Page", bound=LoadingPage)


class OpenTabs(ABC, Generic[_Page]):
    """Follows new tabs, has dialogs answered, keeps downloads, and notices when the page or the browser is lost."""

    def __init__(
        self,
        context: BrowserContext,
        *,
        viewport: Size,
        device_scale: float,
        dialogs: Dialogs | None = None,
        download_dir: Path | None = None,
        options: BrowserOptions = USUAL,
        is_foreign: bool = False,
        lent: Page | None = None,
    ) -> None:
        """Of a context that is `is_foreign`, no tab but our own is followed; `lent` is a tab of it to act on."""
        self.context = context
        self.viewport = viewport
        self.device_scale = device_scale
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        """Done, with the reason, once the active page or the browser is gone."""
        self.pages: list[_Page] = []
        self.downloads = Downloads(download_dir, options, self.report)
        self.dialogs = dialogs or Dialogs()
        self.takes_touch = options.takes_touch
        """Whether fingers do what a mouse does elsewhere."""
        self._is_mobile = options.mobile
        self._trace = options.trace
        self._is_foreign = is_foreign
        self._lent = lent
        self._has_own_size = lent is not None and lent.viewport_size is None
        self._listeners: list[tuple[Any, str, Callable[[Any], Any]]] = []
        self._active: _Page | None = None
        self._events: list[str] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._by_us = False
        self.takes_tabs = True
        """Whether a tab that a page opens is followed; else it is closed at once."""
        if is_foreign:
            self._listen(context, "dialog", lambda _: None)  # else Playwright dismisses those of the user's own tabs
        else:
            self._listen(context, "page", self._follow)
        self._listen(context, "close", self._on_gone)
        if context.browser is not None:  # which may outlive many windows
            self._listen(context.browser, "disconnected", self._on_gone)

    @abstractmethod
    def _watched(self, page: Page) -> _Page:
        """A tab that has just come, as it is driven here."""

    @property
    def active(self) -> _Page:
        """The tab that is looked at. Raises EnvironmentLost when none is left."""
        if self._active is None:
            raise EnvironmentLost("no tab is open")
        return self._active

    @property
    def front(self) -> _Page | None:
        """Like `active`, for those who bring back what was lost."""
        return self._active

    @property
    def size(self) -> Size:
        """Of a screenshot."""
        return Size(round(self.viewport.width * self.device_scale), round(self.viewport.height * self.device_scale))

    def lose(self, reason: str) -> None:
        if not self.lost.done():
            self.lost.set_result(reason)

    def regain(self) -> None:
        """Count as there again, for those who bring back what was lost."""
        if self.lost.done():
            self.lost = asyncio.get_running_loop().create_future()

    def report(self, event: str) -> None:
        if len(self._events) < MAX_EVENTS:
            self._events.append(event)

    def take_events(self) -> tuple[str, ...]:
        """What happened since this was last asked."""
        events, self._events = tuple(self._events), []
        return events

    def tabs(self) -> tuple[Tab, ...]:
        return tuple(Tab(title=one.title, url=one.page.url, active=one is self._active) for one in self.pages)

    async def begin(self) -> None:
        """One tab, looked at: the page that was lent, else an empty one, and no other in a context of ours."""
        if self._trace is not None:
            await begin_trace(self.context, self._trace)
        stale = [] if self._is_foreign else list(self.context.pages)
        if self._lent is None:
            await self.open_tab()
        else:
            with self._acting():
                self._follow(self._lent)
        for page in stale:
            await page.close()

    async def open_tab(self) -> None:
        """An empty tab, looked at."""
        with self._acting():
            self._follow(await self.context.new_page())

    async def switch(self, index: int) -> None:
        """Raises ActionFailed for a tab that is not there."""
        self._active = self.tab(index)
        await self._active.page.bring_to_front()

    async def close_tab(self, index: int | None) -> None:
        """Raises ActionFailed for the last tab, without which there is nothing to look at."""
        closing = self.active if index is None else self.tab(index)
        if len(self.pages) == 1:
            raise ActionFailed("the only tab cannot be closed")
        if closing.page == self._lent:
            raise ActionFailed("this tab is the user's and stays open")
        with self._acting():
            await closing.page.close()
        self._drop(closing)
        await self.active.page.bring_to_front()

    async def replace(self, old: _Page) -> None:
        """An empty tab, looked at, in the place of another, which may hang, have crashed or be gone."""
        await self.open_tab()
        if old in self.pages:
            self.pages[self.pages.index(old)] = self.pages.pop()
            self._close_ours(old)

    def give_up(self, page: _Page) -> None:
        """Close a tab without waiting for its end."""
        self._drop(page)
        self._close_ours(page)

    def _close_ours(self, page: _Page) -> None:
        if page.page != self._lent:
            self._start(page.page.close())

    def tab(self, index: int) -> _Page:
        if index >= len(self.pages):
            raise ActionFailed(f"there is no tab {index}; the last one is {len(self.pages) - 1}")
        return self.pages[index]

    async def goto(self, url: str, timeout_s: float) -> None:
        """Open a URL in the active tab. Raises ActionFailed with the reason when that does not work."""
        page = self.active
        if url.strip().lower().startswith("javascript:"):
            raise ActionFailed("a javascript: address is not a page")
        try:
            await page.goto(url, timeout_s, self.dialogs.clock)
        except TimeoutError:
            await page.stop()
            raise ActionFailed(f"{quoted(url)} did not answer within {timeout_s:g} s") from None
        except PlaywrightError as error:
            if self.lost.done() or is_download(error):
                return
            if any(words in str(error) for words in _NO_URL):
                raise ActionFailed(f"{quoted(url)} is not a whole address, such as https://example.org") from None
            raise ActionFailed(f"{quoted(url)} cannot be reached: {reason_of(error)}") from None

    async def close(self) -> None:
        """Hear no more of the context. Of one that goes on without us, close the tabs that we opened."""
        was_lost = self.lost.done()
        self.lose("the browser is closed")
        self.downloads.cancel()
        for task in self._tasks:
            task.cancel()
        for emitter, event, listener in self._listeners:
            emitter.remove_listener(event, listener)
        self._listeners.clear()
        if self._trace is not None and not was_lost:
            await end_trace(self.context, self._trace)
        if self._is_foreign:
            await asyncio.gather(*(self._give_back(one) for one in self.pages))

    async def _give_back(self, page: _Page) -> None:
        with suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(GIVE_BACK_S):
                await (page.let_go() if page.page == self._lent else page.page.close())

    # What happens unasked. Playwright calls these outside of any action.

    def _on_gone(self, _: object) -> None:
        self.lose("the browser is gone")

    def _follow(self, page: Page) -> None:
        if any(one.page == page for one in self.pages):
            return
        if not self._by_us and (len(self.pages) >= MAX_TABS or not self.takes_tabs):
            self.report(f"a further tab was closed at once: {len(self.pages)} are open")
            self._start(page.close())
            return
        opened = self._watched(page)
        opened.on_download_grown = self.downloads.grow
        self._listen(page, "dialog", lambda dialog: self._start(self.dialogs.answer(dialog, opened, self.report)))
        self._listen(page, "download", lambda download: self._begin_download(opened, download))
        self._listen(page, "filechooser", lambda _: self._on_file_chooser(opened))
        self._listen(page, "crash", lambda _: self._on_crash(opened))
        self._listen(page, "close", lambda _: self._on_close(opened))
        if self._is_foreign:
            self._listen(page, "popup", self._follow)
        self._start(opened.prepare())  # so that a dialog that it opens at once is told of
        self.pages.append(opened)
        if not self._by_us:
            for one in self.pages:
                one.popup_arrived()
            self.report("a new tab opened and is shown")
        self._active = opened
        fits = page.viewport_size == {"width": self.viewport.width, "height": self.viewport.height}
        if not fits and not self._has_own_size:
            self._start(self._fit(page))

    async def _fit(self, page: Page) -> None:
        await page.set_viewport_size({"width": self.viewport.width, "height": self.viewport.height})

    def _begin_download(self, page: _Page, download: Download) -> None:
        page.download_arrived()
        self.downloads.begin(download)

    def _on_file_chooser(self, page: _Page) -> None:
        if not page.is_uploading:
            self.report("the page asks for a file: give it with an upload at that place")

    def _on_crash(self, page: _Page) -> None:
        if page is self._active:
            self.lose("the page crashed")
        else:
            self.report("a tab in the background crashed and was closed")
            self._drop(page)
            self._start(page.page.close())

    def _on_close(self, page: _Page) -> None:
        if page not in self.pages:
            return
        if not self._by_us:
            self.report("a tab was closed by its page")
        self._drop(page)
        if self._active is not None:
            self._start(self._active.page.bring_to_front())

    def _drop(self, page: _Page) -> None:
        if page in self.pages:
            self.pages.remove(page)
        if page is self._active:
            self._active = self.pages[-1] if self.pages else None
        if not self.pages:
            self.lose("the last tab is gone, or the whole browser")

    def _listen(self, emitter: Any, event: str, listener: Callable[[Any], Any]) -> None:
        emitter.on(event, listener)
        self._listeners.append((emitter, event, listener))

    @contextmanager
    def _acting(self) -> Generator[None]:
        """Tabs that open and close in here do so because we want it."""
        self._by_us = True
        try:
            yield
        finally:
            self._by_us = False

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it beside the action that is under way; a page that closed meanwhile needs no answer."""
        self._tasks.add(task := asyncio.ensure_future(quietly(work)))
        task.add_done_callback(self._tasks.discard)
