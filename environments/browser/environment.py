"""A browser as an environment: Chromium, driven through Playwright and the DevTools protocol."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, StorageState

from ...errors import ActionFailed, EnvironmentLost, UsageError
from ...screen import Box, Observation, Screenshot, Size
from ...tools import Action, Ask, CallTool, Finish, Task, points_of
from ..environment import DialogJudge, DownloadLimits, Facts, Judge
from ..points import refuse_off_screen
from .actions import answers, do, own_time_s
from .capture import capture
from .concealed import conceal
from .deadline import within
from .dialogs import Dialogs
from .driven import CLOSE_S, RECOVERY_CLOSE_S
from .effect import effect_between, moment_of
from .egress import Egress
from .facts import facts_of, remember
from .faults import reason_of
from .launch import Chromium
from .lent import LentPage
from .native import told_of
from .options import USUAL, BrowserOptions, Proxy
from .recovery import LastSeen, climb, close_context, reopen_page, reopen_tabs, seen_beside, show_nothing
from .see import Seen, see
from .sensitive import sensitive_boxes
from .settle import LATE_S, settle
from .storage import keep_storage, write_storage
from .tiles import MAX_TILES, Tile, tiles_of
from .window import BrowserWindow

VIEWPORT = Size(1288, 728)
"""Multiples of 28, so that a screenshot is the model's grid without a resize."""
DEADLINE_S = 15.0
_UNOPENED = "no page is open; reset the environment first"

_Result = TypeVar("_Result")
Waits = Callable[[BrowserWindow], Awaitable[bool]]
"""Waits until the active page has answered an action; False where the usual way must go on."""
_NAVIGATION_SHARE = 0.5
"""Of the deadline: what is left is for settling and looking."""


class BrowserEnvironment:
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
        if device_scale <= 0:
            raise UsageError(f"a screen has more than 0 pixels for each CSS pixel, not {device_scale:g}")
        self._url, self._waits, self._viewport, self._device_scale = url, waits, viewport, device_scale
        self._download_dir, self._dialogs = download_dir, Dialogs(accepts=accept_dialogs)
        self.tells = {"elements": elements, "labels": labels, "sensitive": False}
        self.deadline_s, self._is_shared = deadline_s, chromium is not None
        self._options, self.keeps_trace = options, options.trace is not None
        if connect is not None and (chromium or executable or user_data_dir):
            raise UsageError("connect takes a browser as it runs: leave out chromium, executable and user_data_dir")
        own = Chromium(executable=executable, headless=headless, user_data_dir=user_data_dir)
        self.chromium = chromium or (Chromium.connect(connect) if connect else own)
        self._window: BrowserWindow | None = None
        self._seen, self._frame, self._acted_on = LastSeen(), "", ""
        self._egress: Egress | None = None

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

    def confine(self, judge: Judge) -> None:
        """From the next reset on, let the browser connect to nothing but what the judge allows.

        Raises UsageError for a browser or a page of the user's, and for one with a proxy of its own.
        """
        if not self.chromium.is_ours or self._options.proxy is not None:
            whose = "with a proxy of its own" if self.chromium.is_ours else "that was not started here"
            raise UsageError(f"a browser {whose} cannot be kept from other places")
        if self._egress is None and self._window is not None:
            self._window.lose("the browser is opened anew, so that it is kept to the places of the run")
        self._egress = self._egress or Egress(judge)
        self._egress.judge = judge

    def limit_downloads(self, limits: DownloadLimits) -> None:
        self._options = self._options.limited(limits)

    def judge_dialogs(self, judge: DialogJudge | None) -> None:
        self._dialogs.judge = judge

    @property
    def start_url(self) -> str:
        return self._url

    @property
    def window(self) -> BrowserWindow:
        """The open tabs, for what the actions cannot do. Raises EnvironmentLost before a reset and after a loss."""
        if self._window is None:
            raise EnvironmentLost(_UNOPENED)
        if self._window.lost.done():
            raise EnvironmentLost(self._window.lost.result())
        return self._window

    async def reset(self, task: Task) -> Observation:
        """A clean context at the start of the task. Raises EnvironmentLost when its page cannot be reached."""
        self.chromium.require_own_loop()
        await self._leave()
        self._seen = LastSeen()
        window = await self._open_window()
        try:
            return await self._guard(self._begin(window, task.start_url or self._url), self.deadline_s)
        except ActionFailed as failure:
            await self._leave()
            raise EnvironmentLost(str(failure)) from None

    async def observe(self) -> Observation:
        return await self._guard(self._look(self.window), self.deadline_s)

    async def glance(self) -> Observation:
        """Like `observe`, of a page that is known to stand still: nothing is waited for."""
        return await self._guard(self._look(self.window, waits=False), self.deadline_s)

    async def step(self, action: Action) -> Observation:
        return await self._guard(self._step(self.window, action), self.deadline_s + own_time_s(action))

    async def act(self, action: Action) -> str | None:
        return await self._guard(self._act(self.window, action), self.deadline_s + own_time_s(action))

    async def facts(self, action: Action) -> Facts:
        return await self._guard(self._asked(lambda window: facts_of(window, action)), self.deadline_s)

    async def sensitive_boxes(self) -> tuple[Box, ...]:
        return await self._guard(self._asked(sensitive_boxes), self.deadline_s)

    async def conceal(self) -> tuple[Box, ...]:
        return await self._guard(self._asked(conceal), self.deadline_s)

    async def recover(self) -> Observation:
        """The tabs as they were last seen, with cookies and local storage; nothing is done again.

        Tries a new page, then a new context, then a new browser. Harmless where nothing was lost. What no address
        holds is gone: half-filled forms, session storage, the way back. Where the page in front cannot be opened
        again, an empty one is shown with the reason as `error`. Raises EnvironmentLost when no new browser starts.
        """
        if not self._seen.urls:
            raise EnvironmentLost("nothing was seen yet that could be brought back; reset the environment first")
        with suppress(EnvironmentLost):
            return await self.observe()
        return await climb((self._in_new_page, self._in_new_context, self._in_new_browser))

    async def close(self) -> None:
        try:
            await self._leave()
        finally:
            self._seen = LastSeen()
            if not self._is_shared:
                await self.chromium.close()
            if self._egress is not None:
                await self._egress.close()

    async def _in_new_page(self) -> Observation:
        if self._window is None:
            raise EnvironmentLost(_UNOPENED)
        return await self._look_again(await reopen_page(self._window, self._seen, self._navigation_s))

    async def _in_new_context(self) -> Observation:
        await self._leave(RECOVERY_CLOSE_S)
        window = await self._open_window(self._seen.state())
        return await self._look_again(await reopen_tabs(window, self._seen, self._navigation_s))

    async def _in_new_browser(self) -> Observation:
        await self.chromium.discard()
        return await self._in_new_context()

    async def _look_again(self, error: str | None) -> Observation:
        """At an empty page, where the one that was brought back is lost as soon as it is looked at."""
        window = self.window
        try:
            return await self._guard(self._look(window, error), self.deadline_s)
        except EnvironmentLost as lost:
            error = await show_nothing(window, self._seen.url, str(lost))
            return await self._guard(self._look(window, error), self.deadline_s)
        finally:
            window.takes_tabs = True

    async def _open_window(self, storage: StorageState | None = None) -> BrowserWindow:
        source, options = self.chromium, self._options
        if self._egress is not None:
            await self._egress.start()
            options = replace(options, proxy=Proxy(server=self._egress.url))
        context = await source.open_context(self._viewport, self._device_scale, storage=storage, options=options)
        lent = None
        if isinstance(source, LentPage):
            lent, (self._viewport, self._device_scale) = source.page, await source.shape()
        self._window = window = BrowserWindow(
            context,
            viewport=self._viewport,
            device_scale=self._device_scale,
            dialogs=self._dialogs,
            download_dir=self._download_dir,
            options=self._options,
            is_foreign=source.is_foreign,
            lent=lent,
        )
        # Part of starting: the first tab took 9 s where two busy cores were shared with others.
        await self._guard(window.begin(), self.chromium.launch_s)
        return window

    async def _begin(self, window: BrowserWindow, url: str) -> Observation:
        if url not in ("", "about:blank"):
            await window.goto(url, self._navigation_s)
        return await self._look(window)

    async def _act(self, window: BrowserWindow, action: Action) -> str | None:
        self._acted_on = ""
        try:
            for point in points_of(action):
                refuse_off_screen(point, window.size)
            await self._stand_still(window)
            await do(action, window, navigation_s=self._navigation_s, frame=self._frame, is_judged=bool(self._egress))
        except ActionFailed as failure:
            return str(failure)
        except PlaywrightError as failure:
            if window.lost.done():
                raise
            return f"the page did not take it: {reason_of(failure)}"
        self._acted_on = self._frame if answers(action) else ""
        return None

    async def _step(self, window: BrowserWindow, action: Action) -> Observation:
        before = moment_of(window, self._frame)
        error = await self._act(window, action)
        seen = await self._look(window, error)
        is_done = error is None and not isinstance(action, CallTool | Ask | Finish)
        return replace(seen, effect=effect_between(before, moment_of(window, self._frame))) if is_done else seen

    async def _asked(self, question: Callable[[BrowserWindow], Awaitable[_Result]]) -> _Result:
        await self._stand_still(self.window)
        return await question(self.window)

    async def _stand_still(self, window: BrowserWindow) -> None:
        """A page that is being left by itself answers no question until the next one is there."""
        if window.active.is_navigating:
            await settle(window, navigation_s=self._navigation_s)

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

    @property
    def _navigation_s(self) -> float:
        return self.deadline_s * _NAVIGATION_SHARE

    async def _guard(self, work: Coroutine[Any, Any, _Result], seconds: float) -> _Result:
        if self._window is None:
            work.close()
            raise EnvironmentLost(_UNOPENED)
        return await within(seconds, self._window, work)

    async def _leave(self, close_s: float = CLOSE_S) -> None:
        """Close the context; a browser that does not manage that in time is ended."""
        window, self._window = self._window, None
        if window is None:
            return
        try:
            if self._options.keeps_storage_state and self._options.storage_state and not window.lost.done():
                await keep_storage(window.context, self._options.storage_state, close_s)
        finally:
            await window.close()
            await close_context(self.chromium, window.context, close_s)
