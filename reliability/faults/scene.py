"""A good page in a browser, and what is told of what happens to it."""

import re
from dataclasses import dataclass

import psutil

from ...environments.browser.environment import BrowserEnvironment
from ...errors import EnvironmentLost
from ...screen import Observation, Point
from ...tools import Action, Click, Navigate
from .site import BadSite

GO = Click(point=Point(100, 30))
"""The button of every page of the site."""


@dataclass(slots=True, kw_only=True)
class Scene:
    """A good page in a browser, before something happens to it. `seen` is what was shown last."""

    environment: BrowserEnvironment
    site: BadSite
    seen: Observation

    async def survive(self, action: Action | None, told: str = "") -> str:
        """What is told of an action, or of a look: its error and events, or why the screen was lost and brought back.

        AssertionError where the regular expression `told` is not found in that.
        """
        environment = self.environment
        try:
            self.seen = await (environment.observe() if action is None else environment.step(action))
            words = "; ".join(filter(None, (self.seen.error, *self.seen.events))) or "nothing to tell"
        except EnvironmentLost as lost:
            words = await self.bring_back(lost)
        if not re.search(told, words):
            raise AssertionError(f"told was {words!r}, which does not say {told!r}")
        return words

    async def bring_back(self, lost: EnvironmentLost) -> str:
        before = [tab.url for tab in self.seen.tabs]
        self.seen = await self.environment.recover()
        after = [tab.url for tab in self.seen.tabs]
        if self.seen.error or before != after:
            raise AssertionError(f"of {before} came back {after}, with the error {self.seen.error!r}")
        return f"{lost}; brought back"

    async def stay(self, action: Action | None = None) -> str:
        """Act until the screen is lost, which may be told a moment later than it is done."""
        for _ in range(100):
            words = await self.survive(action)
            if "brought back" in words:
                return words
        raise AssertionError("the screen was never lost")

    async def visit(self, html: str) -> None:
        """A page with a button and this."""
        await self.survive(Navigate(url=self.site.put(html)), "^nothing to tell$")

    async def js(self, script: str) -> object:
        return await self.environment.window.active.evaluate(script)

    def processes(self, *words: str) -> list[psutil.Process]:
        """Those of the browser whose command line has one of these words."""
        found = psutil.Process(self.browser).children(recursive=True)
        return [one for one in found if any(word in part for part in one.cmdline() for word in words)]

    @property
    def browser(self) -> int:
        pid = self.environment.chromium.pid
        if pid is None:
            raise AssertionError("no browser runs")
        return pid
