"""A browser by sight: Firefox, WebKit, or Chromium without DevTools, through Playwright's public API."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import ada_url
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, StorageState

from ...errors import ActionFailed, EnvironmentLost, UsageError
from ...screen import Box, Observation, Screenshot, Size
from ...tools import Action, Ask, CallTool, Finish, Navigate, NewTab, Task, points_of
from ..browser.actions import answers, own_time_s
from ..browser.capture import taken
from ..browser.deadline import within
from ..browser.dialogs import Dialogs
from ..browser.driven import CLOSE_S, LAUNCH_S, RECOVERY_CLOSE_S
from ..browser.effect import effect_between, moment_of
from ..browser.egress import Egress
from ..browser.environment import DEADLINE_S, VIEWPORT
from ..browser.faults import reason_of
from ..browser.options import USUAL, BrowserOptions
from ..browser.recovery import LastSeen, climb, close_context, reopen_page, reopen_tabs, seen_beside, show_nothing
from ..browser.settle import LATE_S, settle
from ..browser.storage import keep_storage
from ..environment import DialogJudge, DownloadLimits, Facts, Judge
from ..points import refuse_off_screen
from .actions import do
from .launch import PlaywrightBrowser
from .page import SightTabs
from .program import NAMES, Kind

STILL_S = 1.0
"""How long after an action pictures are taken until two are the same: nobody tells of what a page begins late."""
_NAVIGATION_SHARE = 0.5
"""Of the deadline: what is left is for settling and looking."""
_UNOPENED = "no page is open; reset the environment first"

_Result = TypeVar("_Result")


class PlaywrightEnvironment:
    """Tabs of one context of Firefox, WebKit or Chromium, known by their pictures and addresses alone.

    Points are screenshot pixels; every call ends within `deadline_s`. A task starts at its own `start_url`, else at
    `url`. `viewport` is in CSS pixels: a screenshot has `device_scale` times as many. The browser is the program
    `executable`, else Playwright's own build, else a Firefox of the system. Dialogs, downloads and options are those of
    `BrowserEnvironment`, but for fingers and styled lists, which raise UsageError.

    A hung page and a killed browser raise EnvironmentLost: `recover` goes on there, `reset` starts afresh.
    """

    def __init__(
        self,
        url: str = "",
        *,
        browser: Kind = "firefox",
        viewport: Size = VIEWPORT,
        device_scale: float = 1.0,
        headless: bool = True,
        executable: Path | str | None = None,
        download_dir: Path | None = None,
        accept_dialogs: bool = True,
        deadline_s: float = DEADLINE_S,
        options: BrowserOptions = USUAL,
        launch_s: float = LAUNCH_S,
    ) -> None:
        if browser not in NAMES:
            raise UsageError(f"a browser is one of {', '.join(NAMES)}, not {browser!r}")
        if device_scale <= 0:
            raise UsageError(f"a screen has more than 0 pixels for each CSS pixel, not {device_scale:g}")
        if options.takes_touch or options.styled_selects:
            raise UsageError("mobile, touch and styled_selects need BrowserEnvironment, which is Chromium")
        self._url, self._viewport, self._device_scale = url, viewport, device_scale
        self._download_dir, self._dialogs = download_dir, Dialogs(accepts=accept_dialogs)
        self._options, self.keeps_trace = options, options.trace is not None
        self.deadline_s = deadline_s
        self.browser = PlaywrightBrowser(browser, executable=executable, headless=headless, launch_s=launch_s)
        self._window: SightTabs | None = None
        self._seen, self._frame, self._acted_on = LastSeen(), "", False
        self._egress: Egress | None = None

    @property
    def start_url(self) -> str:
        return self._url

    @property
    def window(self) -> SightTabs:
        """The open tabs, for what the actions cannot do. Raises EnvironmentLost before a reset and after a loss."""
        if self._window is None:
            raise EnvironmentLost(_UNOPENED)
        if self._window.lost.done():
            raise EnvironmentLost(self._window.lost.result())
        return self._window

    def confine(self, judge: Judge) -> None:
        """From the next reset on, let the browser connect to nothing but what the judge allows.

        Raises UsageError for WebKit, of which it is not known what passes its proxy by, and with a proxy of one's own.
        """
        if self.browser.kind == "webkit":
            raise UsageError("WebKit cannot be kept from other places: it is not known what passes a proxy by in it")
        if self._options.proxy is not None:
            raise UsageError("a browser with a proxy of its own cannot be kept from other places")
        if self._egress is None and self._window is not None:
            self._window.lose("the browser is opened anew, so that it is kept to the places of the run")
        self._egress = self._egress or Egress(judge)
        self._egress.judge = judge

    def limit_downloads(self, limits: DownloadLimits) -> None:
        self._options = self._options.limited(limits)

    def judge_dialogs(self, judge: DialogJudge | None) -> None:
        self._dialogs.judge = judge

    async def reset(self, task: Task) -> Observation:
        """A clean context at the start of the task. Raises EnvironmentLost when its page cannot be reached."""
        self.browser.require_own_loop()
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

    async def step(self, action: Action) -> Observation:
        return await self._guard(self._step(self.window, action), self.deadline_s + own_time_s(action))

    async def act(self, action: Action) -> str | None:
        return await self._guard(self._act(self.window, action), self.deadline_s + own_time_s(action))

    async def facts(self, action: Action) -> Facts:
        """The page in front, whatever stands at the place: the scripts that could tell are the page's own.

        Without an origin where a frame of another one is in the page, because the place may be in that.
        """
        window, points = self.window, points_of(action)
        page = window.active
        return Facts(
            point=points[0] if points else None,
            role="page",
            name=page.title,
            url=page.page.url,
            href=action.url if isinstance(action, Navigate | NewTab) else "",
            origin="" if page.has_others else _origin(page.page.url),
            screen="browser",
        )

    async def sensitive_boxes(self) -> tuple[Box, ...]:
        """Nothing: a picture does not tell where passwords are. Keep what must not be stored off the screen."""
        _ = self.window
        return ()

    async def recover(self) -> Observation:
        """The tabs as they were last seen, with cookies and local storage; nothing is done again.

        Tries a new page, then a new context, then a new browser. Where the page in front cannot be opened again, an
        empty one is shown with the reason as `error`. Raises EnvironmentLost when no new browser starts.
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
            await self.browser.close()
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
        await self.browser.discard()
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

    async def _open_window(self, storage: StorageState | None = None) -> SightTabs:
        if self._egress is not None:
            await self._egress.start()
        context = await self.browser.open_context(
            self._viewport,
            self._device_scale,
            storage=storage,
            options=self._options,
            proxy_url="" if self._egress is None else self._egress.url,
        )
        self._window = window = SightTabs(
            context,
            viewport=self._viewport,
            device_scale=self._device_scale,
            dialogs=self._dialogs,
            download_dir=self._download_dir,
            options=self._options,
        )
        window.is_stock = self.browser.is_stock
        await self._guard(window.begin(), self.browser.launch_s)
        return window

    async def _begin(self, window: SightTabs, url: str) -> Observation:
        if url not in ("", "about:blank"):
            await window.goto(url, self._navigation_s)
        return await self._look(window)

    async def _act(self, window: SightTabs, action: Action) -> str | None:
        self._acted_on = False
        try:
            for point in points_of(action):
                refuse_off_screen(point, window.size)
            if window.active.is_navigating:
                await settle(window, navigation_s=self._navigation_s)
            look = self._take
            await do(action, window, navigation_s=self._navigation_s, frame=self._frame, look=lambda: look(window))
        except ActionFailed as failure:
            return str(failure)
        except PlaywrightError as failure:
            if window.lost.done():
                raise
            return f"the page did not take it: {reason_of(failure)}"
        self._acted_on = answers(action)
        return None

    async def _step(self, window: SightTabs, action: Action) -> Observation:
        before = moment_of(window, self._frame)
        error = await self._act(window, action)
        seen = await self._look(window, error)
        is_done = error is None and not isinstance(action, CallTool | Ask | Finish)
        return replace(seen, effect=effect_between(before, moment_of(window, self._frame))) if is_done else seen

    async def _look(self, window: SightTabs, error: str | None = None) -> Observation:
        """Settle and show. A tab may close while it is looked at: then the next one is."""
        acted_on, self._acted_on = self._acted_on, False
        for _ in range(len(window.pages)):
            page = window.active
            try:
                screenshot = await (self._still(window) if acted_on else self._settled(window))
                break
            except PlaywrightError:
                if not page.page.is_closed() or window.lost.done():
                    raise
        else:
            raise EnvironmentLost("no tab stayed open for long enough to be seen")
        page = window.active
        self._frame = screenshot.frame
        return Observation(
            screenshot=screenshot,
            url=page.page.url,
            title=page.title,
            tabs=window.tabs(),
            error=error,
            events=window.take_events(),
        )

    async def _still(self, window: SightTabs) -> Screenshot:
        """A picture like the one before it, or the last of `STILL_S`."""
        clock = window.dialogs.clock
        until = clock() + STILL_S
        shown = await self._settled(window)
        while clock() < until:
            await asyncio.sleep(LATE_S)
            before, shown = shown, await self._settled(window)
            if shown.frame == before.frame:
                break
        return shown

    async def _settled(self, window: SightTabs) -> Screenshot:
        """A picture of the tab in front, of which is kept what it takes to come back to it."""
        while True:
            await settle(window, navigation_s=self._navigation_s)
            page = window.active
            screenshot, seen = await seen_beside(self._take(window), self._seen, window)
            if window.active is page:
                self._seen = seen
                return screenshot

    async def _take(self, window: SightTabs) -> Screenshot:
        page = window.active
        return await taken(page, lambda: picture(page.page), self._device_scale)

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
            await close_context(self.browser, window.context, close_s)


async def picture(page: Page) -> bytes:
    """A PNG at the device's own resolution, of the page as it is: carets blink, animations go on."""
    return await page.screenshot(type="png", scale="device", animations="allow", caret="initial", timeout=0)


def _origin(url: str) -> str:
    """Empty for an address of no origin."""
    try:
        origin = ada_url.URL(url).origin
    except ValueError:
        return ""
    return "" if origin == "null" else origin
