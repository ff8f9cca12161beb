"""A person at a browser, for tests: the recorder watches what a second hand does."""

import asyncio
from pathlib import Path

from clickwright.environments import BrowserEnvironment
from clickwright.testing.codegen.follow import record
from playwright.async_api import Page

CALM_S = 0.8
"""A person looks before each action; the recorder does so meanwhile."""


class Watched:
    """The recorder at work, and the page that a second hand acts on."""

    def __init__(self, url: str, path: Path, environment: BrowserEnvironment | None = None) -> None:
        self.environment, self.path = environment or BrowserEnvironment(elements=True), path
        self.lines: list[str] = []
        ready = asyncio.Event()
        self.ready = ready
        self.recording = asyncio.ensure_future(
            record(self.environment, url, path, on_line=self.lines.append, on_ready=ready.set)
        )

    @property
    def page(self) -> Page:
        return self.environment.window.active.page

    async def wrote(self, line: str) -> None:
        """Wait until the file has the line, and the screen has been looked at again."""
        async with asyncio.timeout(20):
            while line not in self.path.read_text("utf-8"):  # noqa: ASYNC110  a file tells nobody
                await asyncio.sleep(0.05)
        await asyncio.sleep(CALM_S)
