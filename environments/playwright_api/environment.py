"""A browser by sight: Firefox, WebKit, or Chromium without DevTools, through Playwright's public API."""

import asyncio
from pathlib import Path

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, StorageState

from ...errors import ActionFailed, EnvironmentLost, UsageError
from ...screen import Box, Observation, Screenshot, Size
from ...tools import Action, Navigate, NewTab, points_of
from ..browser.actions import ANOTHER_PAGE, ANYWHERE
from ..browser.capture import taken
from ..browser.driven import LAUNCH_S
from ..browser.options import USUAL, BrowserOptions
from ..browser.owners import origin_of
from ..browser.recovery import seen_beside
from ..browser.settle import LATE_S, settle
from ..browser.tabbed import DEADLINE_S, HAS_A_PROXY, VIEWPORT, TabbedEnvironment
from ..environment import Facts
from .actions import do
from .launch import PlaywrightBrowser
from .page import SightPage, SightTabs
from .program import NAMES, Kind

STILL_S = 1.0
"""How long after an action pictures are taken until two are the same: nobody tells of what a page begins late."""


class PlaywrightEnvironment(TabbedEnvironment[SightTabs]):
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
        if options.takes_touch or options.styled_selects:
            raise UsageError("mobile, touch and styled_selects need BrowserEnvironment, which is Chromium")
        self.browser = PlaywrightBrowser(
            browser,
            executable=executable,
            headless=headless,
            launch_s=launch_s,
            has_proxy=options.proxy is not None,
        )
        super().__init__(
            url,
            self.browser,
            viewport=viewport,
            device_scale=device_scale,
            download_dir=download_dir,
            accept_dialogs=accept_dialogs,
            deadline_s=deadline_s,
            options=options,
        )
        self._judged: tuple[SightPage, int, str] | None = None
        """The document that was told of last, for an action that has not been done yet."""

    async def facts(self, action: Action) -> Facts:
        """The page in front, whatever stands at the place: the scripts that could tell are the page's own.

        Without an origin where a frame of another one is in the page, because the place may be in that.
        """
        return await self._guard(self._facts(self.window, action), self.deadline_s)

    async def _facts(self, window: SightTabs, action: Action) -> Facts:
        await self._stand_still(window)
        page, points = window.active, points_of(action)
        self._judged = _document(page)
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

    @property
    def _unconfined(self) -> str:
        """That of WebKit, of which it is not known what passes its proxy by, and of one with a proxy of its own."""
        if self.browser.kind == "webkit":
            return "WebKit cannot be kept from other places: it is not known what passes a proxy by in it"
        return "" if self._options.proxy is None else HAS_A_PROXY

    async def _open_tabs(self, storage: StorageState | None) -> SightTabs:
        context = await self.browser.open_context(
            self._viewport,
            self._device_scale,
            storage=storage,
            options=self._options,
            proxy_url="" if self._egress is None else self._egress.url,
        )
        window = SightTabs(
            context,
            viewport=self._viewport,
            device_scale=self._device_scale,
            dialogs=self._dialogs,
            download_dir=self._download_dir,
            options=self._options,
        )
        window.is_stock = self.browser.is_stock
        return window

    async def _do(self, action: Action, window: SightTabs) -> None:
        judged, self._judged = self._judged, None
        if judged not in (None, _document(window.active)) and not isinstance(action, ANYWHERE):
            raise ActionFailed(ANOTHER_PAGE)
        take = self._take
        await do(action, window, navigation_s=self._navigation_s, frame=self._frame, look=lambda: take(window))

    async def _look(self, window: SightTabs, error: str | None = None) -> Observation:
        """Settle and show. A tab may close while it is looked at: then the next one is."""
        acted_on, self._acted_on = self._acted_on, ""
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


def _document(page: SightPage) -> tuple[SightPage, int, str]:
    return page, page.documents, _origin(page.page.url)


async def picture(page: Page) -> bytes:
    """A PNG at the device's own resolution, of the page as it is: carets blink, animations go on."""
    return await page.screenshot(type="png", scale="device", animations="allow", caret="initial", timeout=0)


def _origin(url: str) -> str:
    """Empty for an address of no origin."""
    return origin_of(url).removeprefix("null")
