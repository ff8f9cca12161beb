"""The screens of a run: one browser for all tests, with a context of its own for each; a desktop for each."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from ...environments import BrowserEnvironment, Chromium, DesktopEnvironment, Environment
from ...options.browser import VIEWPORT, Browsing
from ...options.sizes import read_size
from ..stage import Stage
from .concealed import Concealed
from .plan import Planned
from .selecting import BrowserStage


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenScreen:
    """The screen of one test. `url` is where it began, empty on a desktop; `concealed` is for secrets."""

    stage: Stage
    url: str = ""
    concealed: Concealed | None = None

    @property
    def hide(self) -> Callable[[str], str]:
        """A text without the values of secrets."""
        return (lambda text: text) if self.concealed is None else self.concealed.hide


class Screens:
    """Belongs to one event loop. The browser is started by the first test that needs it."""

    def __init__(self, *, headed: bool = False) -> None:
        self._headed = headed
        self._chromium: Chromium | None = None

    async def close(self) -> None:
        if self._chromium is not None:
            await self._chromium.close()

    @asynccontextmanager
    async def open(self, planned: Planned) -> AsyncGenerator[OpenScreen]:
        """Given back at the end. Raises UsageError and EnvironmentLost where it cannot be had."""
        start = planned.file.start
        if start.desktop:
            async with self._shown(planned, self._desktop(planned), None) as screen:
                yield screen
        elif start.demo is not None:
            async with _demo(start.demo) as url, self._in_browser(planned, url) as screen:
                yield screen
        else:
            url = "" if start.url is None else planned.filled(start.url).real
            async with self._in_browser(planned, url) as screen:
                yield screen

    @asynccontextmanager
    async def _in_browser(self, planned: Planned, url: str) -> AsyncGenerator[OpenScreen]:
        start = planned.file.start
        self._chromium = self._chromium or Chromium(headless=not self._headed)
        browsing = Browsing(
            headed=self._headed,
            viewport=start.viewport or VIEWPORT,
            scale=start.scale,
            mobile=start.mobile,
            locale=start.locale or None,
        )
        browser = browsing.environment(elements=True, labels=True, url=url, chromium=self._chromium)
        async with self._shown(planned, browser, browser, url) as screen:
            yield screen

    def _desktop(self, planned: Planned) -> DesktopEnvironment:
        command = [planned.filled(words).real for words in planned.file.start.desktop]
        size = read_size(planned.file.start.viewport or VIEWPORT, "`viewport`")
        return DesktopEnvironment(command, virtual_display=None if self._headed else size)

    @asynccontextmanager
    async def _shown(
        self, planned: Planned, environment: Environment, browser: BrowserEnvironment | None, url: str = ""
    ) -> AsyncGenerator[OpenScreen]:
        concealed = Concealed(environment, planned.secrets) if planned.secrets else None
        shown = concealed or environment
        stage = Stage(shown) if browser is None else BrowserStage(shown, browser)
        try:
            yield OpenScreen(stage=stage, url=url, concealed=concealed)
        finally:
            await stage.end()


@asynccontextmanager
async def _demo(seed: int) -> AsyncGenerator[str]:
    """A demo site of one test's own; its URL."""
    from ...demo.process import SiteProcess
    from ...demo.state import State

    with tempfile.TemporaryDirectory(prefix="clickwright-") as folder:
        site = SiteProcess(Path(folder), State(seed=seed))
        await asyncio.to_thread(site.__enter__)
        try:
            yield site.url
        finally:
            await asyncio.to_thread(site.__exit__, None, None, None)
