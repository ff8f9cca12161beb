"""A browser as an environment: Chromium, driven through Playwright and the DevTools protocol."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, StorageState

from ...errors import ActionFailed, EnvironmentLost, UsageError
from ...screen import Box, Observation, Screenshot, Size
from ...tools import Action
from ..environment import Facts
from .actions import ANOTHER_PAGE, ANYWHERE, do
from .capture import capture
from .concealed import conceal
from .facts import facts_of, remember
from .launch import Chromium
from .lent import LentPage
from .native import told_of
from .options import USUAL, BrowserOptions, Proxy
from .recovery import seen_beside
from .see import Seen, see
from .sensitive import sensitive_boxes
from .settle import LATE_S, settle
from .storage import write_storage
from .tabbed import DEADLINE_S, HAS_A_PROXY, VIEWPORT, TabbedEnvironment
from .tiles import MAX_TILES, Tile, tiles_of
from .window import BrowserWindow

_Result = TypeVar("_Result")
QUESTIONS = 3
"""How often a page is asked that goes away while it is."""
Waits = Callable[[BrowserWindow], Awaitable[bool]]
"""Waits until the active page has answered an action; False where the usual way must go on."""


class BrowserEnvironment(TabbedEnvironment[BrowserWindow]):
    """Tabs of one browser context. Points are screenshot pixels; every call ends within `deadline_s`.

    A task starts at its own `start_url`, else at `url`. `viewport` is in CSS pixels: a screenshot has `device_scale`
    times as many. A dialog is answered by `accept_dialogs`, and where a judge was given by that; files go to
    `download_dir`, or nowhere. Starting the browser has its own, longer deadline. With `elements` and `labels` every
    observation tells what can be acted on, and what text is in sight. With `chromium` several environments share one
    browser; else each starts its own with `headless`, `executable` and `user_data_dir`. Known pages can be waited for
    in their own way by `waits`, which tells whether that was enough.

    A hung or crashed page and a killed browser raise EnvironmentLost: `recover` goes on there, `reset` starts afresh.
    """

    def __init__(
        self,
        url: str = "",
        *,
        viewport: Size = VIEWPORT,
        device_scale: float = 1.0,
        headless: bool = True,
        executable: Path | str | None = None,
        user_data_dir: Path | str | None = None,
        download_dir: Path | None = None,
        accept_dialogs: bool = True,
        deadline_s: float = DEADLINE_S,
        elements: bool = False,
        labels: bool = False,
        chromium: Chromium | LentPage | None = None,
        options: BrowserOptions = USUAL,
        connect: str | None = None,
        waits: Waits | None = None,
    ) -> None:
        if connect is not None and (chromium or executable or user_data_dir):
            raise UsageError("connect takes a browser as it runs: leave out chromium, executable and user_data_dir")
        own = Chromium(executable=executable, headless=headless, user_data_dir=user_data_dir)
        self.chromium = chromium or (Chromium.connect(connect) if connect else own)
        super().__init__(
            url,
            self.chromium,
            viewport=viewport,
            device_scale=device_scale,
            download_dir=download_dir,
            accept_dialogs=accept_dialogs,
            deadline_s=deadline_s,
            options=options,
            is_shared=chromium is not None,
        )
        self._waits = waits
        self._secrets: Mapping[str, str] = {}
        self.tells = {"elements": elements, "labels": labels, "sensitive": False}

    @classmethod
    def around(
        cls,
        page: Page,
        *,
        download_dir: Path | None = None,
        accept_dialogs: bool = True,
        deadline_s: float = DEADLINE_S,
        elements: bool = False,
        labels: bool = False,
        options: BrowserOptions = USUAL,
    ) -> "BrowserEnvironment":
        """Acts on a page that is open already, in the size it has, and leaves it open.

        A task without a URL starts where the page is. Tabs that open from the page are closed with the environment.
        """
        return cls(
            chromium=LentPage(page),
            download_dir=download_dir,
            accept_dialogs=accept_dialogs,
            deadline_s=deadline_s,
            elements=elements,
            labels=labels,
            options=options,
        )

    async def tiles(self, *, most: int = MAX_TILES) -> tuple[Tile, ...]:
        """Lossless pictures of the page, row by row, at most so many; what is on show does not move.

        A page is told of a new size for each of them, so that one that listens to that may show something else.
        """
        return await self._guard(tiles_of(self.window, most), self.deadline_s + most)

    async def save_storage_state(self, path: Path | str) -> None:
        """Write cookies and local storage to a JSON file, which `BrowserOptions.storage_state` takes."""
        await self._guard(write_storage(self.window.context, path), self.deadline_s)

    async def glance(self) -> Observation:
        """Like `observe`, of a page that is known to stand still: nothing is waited for."""
        return await self._guard(self._look(self.window, waits=False), self.deadline_s)

    async def facts(self, action: Action) -> Facts:
        return await self._guard(self._asked(lambda window: facts_of(window, action)), self.deadline_s)

    async def sensitive_boxes(self) -> tuple[Box, ...]:
        return await self._guard(self._asked(sensitive_boxes), self.deadline_s)

    def take_secrets(self, values: Mapping[str, str]) -> None:
        self._secrets = dict(values)

    async def conceal(self) -> tuple[Box, ...]:
        return await self._guard(self._asked(conceal), self.deadline_s)

    @property
    def _unconfined(self) -> str:
        """That of a browser or a page of the user's, and of one with a proxy of its own."""
        if not self.chromium.is_ours:
            return "a browser that was not started here cannot be kept from other places"
        return "" if self._options.proxy is None else HAS_A_PROXY

    async def _open_tabs(self, storage: StorageState | None) -> BrowserWindow:
        source, options = self.chromium, self._options
        if self._egress is not None:
            options = replace(options, proxy=Proxy(server=self._egress.url))
        context = await source.open_context(self._viewport, self._device_scale, storage=storage, options=options)
        lent = None
        if isinstance(source, LentPage):
            lent, (self._viewport, self._device_scale) = source.page, await source.shape()
        return BrowserWindow(
            context,
            viewport=self._viewport,
            device_scale=self._device_scale,
            dialogs=self._dialogs,
            download_dir=self._download_dir,
            options=self._options,
            is_foreign=source.is_foreign,
            lent=lent,
        )

    async def _do(self, action: Action, window: BrowserWindow) -> None:
        judged, window.judged = window.judged, None
        if judged is not None and not judged.is_about(action):
            judged = None
        if judged is not None and not judged.is_shown_by(window.active) and not isinstance(action, ANYWHERE):
            raise ActionFailed(ANOTHER_PAGE)
        seconds, frame, secrets = self._navigation_s, self._frame, self._secrets
        await do(action, window, navigation_s=seconds, frame=frame, judged=judged, secrets=secrets)

    async def _asked(self, question: Callable[[BrowserWindow], Awaitable[_Result]]) -> _Result:
        """The answer of the page that is there in the end: one that is being left breaks a question off."""
        window = self.window
        for left in reversed(range(QUESTIONS)):
            await self._stand_still(window)
            try:
                return await question(window)
            except PlaywrightError:
                if window.lost.done() or not left:
                    raise
                await settle(window, navigation_s=self._navigation_s)
        raise AssertionError("the last question returns or raises")

    async def _wait(self, window: BrowserWindow) -> None:
        if self._waits is None or not await self._waits(window):
            await settle(window, navigation_s=self._navigation_s)

    async def _look(self, window: BrowserWindow, error: str | None = None, *, waits: bool = True) -> Observation:
        """Settle and show. A tab may close while it is looked at: then the next one is.

        What still shows the frame that was acted on is looked at once more, a little later.
        """
        before, self._acted_on = self._acted_on, ""
        for _ in range(len(window.pages)):
            page = window.active
            try:
                if waits:
                    await self._wait(window)
                page = window.active
                screenshot, things, state = await self._see(window)
                if screenshot.frame == before and self._waits is None:
                    await asyncio.sleep(LATE_S)
                    await settle(window, navigation_s=self._navigation_s)
                    screenshot, things, state = await self._see(window)
                break
            except PlaywrightError:
                if not page.page.is_closed() or window.lost.done():
                    raise
        else:
            raise EnvironmentLost("no tab stayed open for long enough to be seen")
        self._frame = screenshot.frame
        page.title = state.title
        told = state.focus and told_of(state.focus)
        if told:
            window.report(told)
        return Observation(
            screenshot=screenshot,
            url=page.page.url,
            title=page.title,
            tabs=window.tabs(),
            error=error,
            events=window.take_events(),
            elements=things.elements,
            labels=things.labels,
            sensitive=things.sensitive,
            focus=state.focus and state.focus.element,
            page=state.extent,
        )

    async def _see(self, window: BrowserWindow) -> Seen:
        return await see(window, self.tells, partial(self._take, window), navigation_s=self._navigation_s)

    async def _take(self, window: BrowserWindow) -> Screenshot:
        taken = capture(window.active, self._viewport, self._device_scale)
        screenshot, self._seen = await seen_beside(taken, self._seen, window, beside=(remember(window.active),))
        return screenshot
