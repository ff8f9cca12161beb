"""What every browser does as an environment: reset, act, look, come back, end; each call within its deadline."""

from abc import ABC, abstractmethod
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import StorageState

from ...errors import ActionFailed, EnvironmentLost, UsageError
from ...screen import Observation, Size
from ...tools import Action, Ask, CallTool, Finish, Task, points_of
from ..environment import DialogJudge, DownloadLimits, Judge
from ..points import refuse_off_screen
from .actions import answers, own_time_s
from .deadline import within
from .dialogs import Dialogs
from .downloads import files_in
from .driven import CLOSE_S, RECOVERY_CLOSE_S
from .effect import effect_between, moment_of
from .egress import Egress
from .faults import reason_of
from .options import BrowserOptions
from .recovery import LastSeen, Source, climb, close_context, reopen_page, reopen_tabs, show_nothing
from .settle import settle
from .storage import keep_storage
from .tabs import OpenTabs

VIEWPORT = Size(1288, 728)
"""Multiples of 28, so that a screenshot is the model's grid without a resize."""
DEADLINE_S = 15.0
HAS_A_PROXY = "a browser with a proxy of its own cannot be kept from other places"
_UNOPENED = "no page is open; reset the environment first"
_NAVIGATION_SHARE = 0.5
"""Of the deadline: what is left is for settling and looking."""

_Result = TypeVar("_Result")
_Tabs = TypeVar("_Tabs", bound=OpenTabs[Any])


class ContextSource(Source, Protocol):
    """A browser, or what stands for one."""

    @property
    def launch_s(self) -> float:
        """How long starting may take."""
        ...

    def require_own_loop(self) -> None:
        """Raises UsageError in any other event loop than the first."""
        ...

    async def close(self) -> None: ...


class TabbedEnvironment(ABC, Generic[_Tabs]):
    """Tabs of one browser context. Points are screenshot pixels; every call ends within `deadline_s`.

    How a context is opened, an action done and a page looked at, each browser knows for itself.
    """

    def __init__(
        self,
        url: str,
        source: ContextSource,
        *,
        viewport: Size,
        device_scale: float,
        download_dir: Path | None,
        accept_dialogs: bool,
        deadline_s: float,
        options: BrowserOptions,
        is_shared: bool = False,
    ) -> None:
        """Raises UsageError for a screen without pixels. A `source` that is shared is left open in the end."""
        if device_scale <= 0:
            raise UsageError(f"a screen has more than 0 pixels for each CSS pixel, not {device_scale:g}")
        self._url, self._viewport, self._device_scale = url, viewport, device_scale
        self._source, self._is_shared = source, is_shared
        self._download_dir, self._dialogs = download_dir, Dialogs(accepts=accept_dialogs)
        self._options, self.keeps_trace = options, options.trace is not None
        self.deadline_s = deadline_s
        self._window: _Tabs | None = None
        self._seen, self._frame, self._acted_on = LastSeen(), "", ""
        self._downloads, self._counts_files = 0, False
        self._egress: Egress | None = None

    @property
    @abstractmethod
    def _unconfined(self) -> str:
        """Why this browser cannot be kept from other places, in one sentence; empty where it can."""

    @abstractmethod
    async def _open_tabs(self, storage: StorageState | None) -> _Tabs:
        """The tabs of a new context, none of them open yet, through the egress where there is one."""

    @abstractmethod
    async def _do(self, action: Action, window: _Tabs) -> None:
        """Raises ActionFailed, or Playwright's errors, for what cannot be done."""

    @abstractmethod
    async def _look(self, window: _Tabs, error: str | None = None) -> Observation:
        """Settle and show."""

    def confine(self, judge: Judge) -> None:
        """From the next reset on, let the browser connect to nothing but what the judge allows.

        Raises UsageError where that cannot be promised.
        """
        if self._unconfined:
            raise UsageError(self._unconfined)
        if self._egress is None and self._window is not None:
            self._window.lose("the browser is opened anew, so that it is kept to the places of the run")
        self._egress = self._egress or Egress(judge)
        self._egress.judge = judge

    def limit_downloads(self, limits: DownloadLimits) -> None:
        self._options = self._options.limited(limits)
        self._counts_files = limits.most is not None

    def judge_dialogs(self, judge: DialogJudge | None) -> None:
        self._dialogs.judge = judge

    @property
    def start_url(self) -> str:
        return self._url

    @property
    def window(self) -> _Tabs:
        """The open tabs, for what the actions cannot do. Raises EnvironmentLost before a reset and after a loss."""
        if self._window is None:
            raise EnvironmentLost(_UNOPENED)
        if self._window.lost.done():
            raise EnvironmentLost(self._window.lost.result())
        return self._window

    async def reset(self, task: Task) -> Observation:
        """A clean context at the start of the task. Raises EnvironmentLost when its page cannot be reached."""
        self._source.require_own_loop()
        await self._leave()
        self._seen = LastSeen()
        self._downloads = files_in(self._download_dir) if self._counts_files else 0
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
                await self._source.close()
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
        await self._source.discard()
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

    async def _open_window(self, storage: StorageState | None = None) -> _Tabs:
        if self._egress is not None:
            await self._egress.start()
        self._window = window = await self._open_tabs(storage)
        window.downloads.count = self._downloads
        # Part of starting: the first tab took 9 s where two busy cores were shared with others.
        await self._guard(window.begin(), self._source.launch_s)
        return window

    async def _begin(self, window: _Tabs, url: str) -> Observation:
        if url not in ("", "about:blank"):
            await window.goto(url, self._navigation_s)
        return await self._look(window)

    async def _act(self, window: _Tabs, action: Action) -> str | None:
        self._acted_on = ""
        try:
            for point in points_of(action):
                refuse_off_screen(point, window.size)
            await self._stand_still(window)
            await self._do(action, window)
        except ActionFailed as failure:
            return str(failure)
        except PlaywrightError as failure:
            if window.lost.done():
                raise
            return f"the page did not take it: {reason_of(failure)}"
        self._acted_on = self._frame if answers(action) else ""
        return None

    async def _step(self, window: _Tabs, action: Action) -> Observation:
        before = moment_of(window, self._frame)
        error = await self._act(window, action)
        seen = await self._look(window, error)
        is_done = error is None and not isinstance(action, CallTool | Ask | Finish)
        return replace(seen, effect=effect_between(before, moment_of(window, self._frame))) if is_done else seen

    async def _stand_still(self, window: _Tabs) -> None:
        """A page that is being left by itself answers no question until the next one is there."""
        if window.active.is_navigating:
            await settle(window, navigation_s=self._navigation_s)

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
        self._downloads = window.downloads.count
        try:
            if self._options.keeps_storage_state and self._options.storage_state and not window.lost.done():
                await keep_storage(window.context, self._options.storage_state, close_s)
        finally:
            await window.close()
            await close_context(self._source, window.context, close_s)
