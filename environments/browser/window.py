"""The open tabs of one browser context, which of them is looked at, and what happens in them unasked."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Dialog, Download, Page
from playwright.async_api import Error as PlaywrightError

from ...errors import ActionFailed, EnvironmentLost
from ...screen import Size, Tab
from .downloads import free_path
from .faults import is_download, reason_of
from .page import BrowserPage

MAX_QUOTED_CHARS = 500
MAX_EVENTS = 20
MAX_TABS = 20
"""More that pages open by themselves are closed at once: each costs 100 MB and slows the others down."""


class BrowserWindow:
    """Follows new tabs, answers dialogs at once, keeps downloads, and notices when the page or the browser is lost."""

    def __init__(
        self,
        context: BrowserContext,
        *,
        viewport: Size,
        device_scale: float,
        accept_dialogs: bool = True,
        download_dir: Path | None = None,
    ) -> None:
        self.context = context
        self.viewport = viewport
        self.device_scale = device_scale
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        """Done, with the reason, once the active page or the browser is gone."""
        self.pages: list[BrowserPage] = []
        self.downloads: set[asyncio.Task[None]] = set()
        self._slow: set[asyncio.Task[None]] = set()
        self._active: BrowserPage | None = None
        self._accept_dialogs = accept_dialogs
        self._download_dir = download_dir
        self._events: list[str] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._by_us = False
        self.takes_tabs = True
        """Whether a tab that a page opens is followed; else it is closed at once."""
        context.on("page", self._follow)
        context.on("close", self._on_gone)
        if context.browser is not None:
            context.browser.on("disconnected", self._on_gone)

    @property
    def active(self) -> BrowserPage:
        """The tab that is looked at. Raises EnvironmentLost when none is left."""
        if self._active is None:
            raise EnvironmentLost("no tab is open")
        return self._active

    @property
    def front(self) -> BrowserPage | None:
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

    @property
    def arriving(self) -> set[asyncio.Task[None]]:
        """Downloads that are worth waiting for."""
        return self.downloads - self._slow

    def stop_waiting_for_downloads(self) -> None:
        """Those that are under way go on beside the next actions, and are told of when they end."""
        if self.arriving:
            self.report("a download is still under way")
        self._slow = set(self.downloads)

    def take_events(self) -> tuple[str, ...]:
        """What happened since this was last asked."""
        events, self._events = tuple(self._events), []
        return events

    def tabs(self) -> tuple[Tab, ...]:
        return tuple(Tab(title=one.title, url=one.page.url, active=one is self._active) for one in self.pages)

    async def open_tab(self) -> None:
        """An empty tab, looked at."""
        self._by_us = True
        try:
            page = await self.context.new_page()
        finally:
            self._by_us = False
        self._follow(page)

    async def switch(self, index: int) -> None:
        """Raises ActionFailed for a tab that is not there."""
        self._active = self.tab(index)
        await self._active.page.bring_to_front()

    async def close_tab(self, index: int | None) -> None:
        """Raises ActionFailed for the last tab, without which there is nothing to look at."""
        closing = self.active if index is None else self.tab(index)
        if len(self.pages) == 1:
            raise ActionFailed("the only tab cannot be closed")
        self._by_us = True
        try:
            await closing.page.close()
        finally:
            self._by_us = False
        self._drop(closing)
        await self.active.page.bring_to_front()

    async def replace(self, old: BrowserPage) -> None:
        """An empty tab, looked at, in the place of another, which may hang, have crashed or be gone."""
        await self.open_tab()
        if old in self.pages:
            self.pages[self.pages.index(old)] = self.pages.pop()
            self._start(old.page.close())

    def give_up(self, page: BrowserPage) -> None:
        """Close a tab without waiting for its end."""
        self._drop(page)
        self._start(page.page.close())

    def tab(self, index: int) -> BrowserPage:
        if index >= len(self.pages):
            raise ActionFailed(f"there is no tab {index}; the last one is {len(self.pages) - 1}")
        return self.pages[index]

    async def goto(self, url: str, timeout_s: float) -> None:
        """Open a URL in the active tab. Raises ActionFailed with the reason when that does not work."""
        page = self.active
        if url.strip().lower().startswith("javascript:"):
            raise ActionFailed("a javascript: address is not a page")
        try:
            await page.goto(url, timeout_s)
        except PlaywrightError as error:
            if self.lost.done() or is_download(error):
                return
            if "Timeout" in str(error):
                await page.send("Page.stopLoading")
                raise ActionFailed(f"{_quoted(url)} did not answer within {timeout_s:g} s") from None
            if "invalid URL" in str(error):
                raise ActionFailed(f"{_quoted(url)} is not a whole address, such as https://example.org") from None
            raise ActionFailed(f"{_quoted(url)} cannot be reached: {reason_of(error)}") from None

    async def close(self) -> None:
        """Close every page; of a browser that lasts, only the pages."""
        self.lose("the browser is closed")
        self.context.remove_listener("page", self._follow)
        self.context.remove_listener("close", self._on_gone)
        if self.context.browser is not None:  # which may outlive many windows
            self.context.browser.remove_listener("disconnected", self._on_gone)
        for task in (*self._tasks, *self.downloads):
            task.cancel()

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
        opened = BrowserPage(page, self.device_scale)
        page.on("dialog", lambda dialog: self._start(self._answer(dialog)))
        page.on("download", lambda download: self._begin_download(opened, download))
        page.on("filechooser", lambda _: self._on_file_chooser(opened))
        page.on("crash", lambda _: self._on_crash(opened))
        page.on("close", lambda _: self._on_close(opened))
        self.pages.append(opened)
        if not self._by_us:
            for one in self.pages:
                one.popup_arrived()
            self.report("a new tab opened and is shown")
        self._active = opened
        if page.viewport_size != {"width": self.viewport.width, "height": self.viewport.height}:
            self._start(self._fit(page))

    async def _fit(self, page: Page) -> None:
        await page.set_viewport_size({"width": self.viewport.width, "height": self.viewport.height})

    async def _answer(self, dialog: Dialog) -> None:
        text = _quoted(dialog.message)
        accept = self._accept_dialogs or dialog.type == "beforeunload"
        self.report(f"a dialog ({dialog.type}) said {text} and was {'accepted' if accept else 'dismissed'}")
        await (dialog.accept(dialog.default_value) if accept else dialog.dismiss())

    def _begin_download(self, page: BrowserPage, download: Download) -> None:
        page.download_arrived()
        self.downloads.add(task := asyncio.ensure_future(self._keep(download)))
        task.add_done_callback(self.downloads.discard)

    async def _keep(self, download: Download) -> None:
        name = _quoted(download.suggested_filename)
        try:
            if self._download_dir is None:
                failure = await download.failure()
                self.report(f"the file {name} was not downloaded: {failure}" if failure else f"downloaded {name}")
                return
            path = free_path(self._download_dir, download.suggested_filename)
            await download.save_as(path)
            self.report(f"downloaded {name} to {path}")
        except PlaywrightError as error:
            self.report(f"the file {name} was not downloaded: {reason_of(error)}")
        except OSError as error:
            self.report(f"the file {name} was not downloaded: {error.strerror}")

    def _on_file_chooser(self, page: BrowserPage) -> None:
        if not page.is_uploading:
            self.report("the page asks for a file: give it with an upload at that place")

    def _on_crash(self, page: BrowserPage) -> None:
        if page is self._active:
            self.lose("the page crashed")
        else:
            self.report("a tab in the background crashed and was closed")
            self._drop(page)
            self._start(page.page.close())

    def _on_close(self, page: BrowserPage) -> None:
        if page not in self.pages:
            return
        if not self._by_us:
            self.report("a tab was closed by its page")
        self._drop(page)
        if self._active is not None:
            self._start(self._active.page.bring_to_front())

    def _drop(self, page: BrowserPage) -> None:
        if page in self.pages:
            self.pages.remove(page)
        if page is self._active:
            self._active = self.pages[-1] if self.pages else None
        if not self.pages:
            self.lose("the last tab is gone, or the whole browser")

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it beside the action that is under way; a page that closed meanwhile needs no answer."""
        self._tasks.add(task := asyncio.ensure_future(_quietly(work)))
        task.add_done_callback(self._tasks.discard)


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except PlaywrightError:
        return


def _quoted(text: str) -> str:
    """Page text for a sentence: one line, of bounded length."""
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= MAX_QUOTED_CHARS else flat[:MAX_QUOTED_CHARS] + "…")
