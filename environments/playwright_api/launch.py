"""A browser that Playwright starts, of any kind; nothing of it is left behind."""

import os
import signal
import sys
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Playwright, StorageState
from playwright.async_api import Error as PlaywrightError

from ...errors import EnvironmentLost
from ...screen import Size
from ..browser.driven import CLOSE_S, LAUNCH_S, Driven, ended_within
from ..browser.launch import ARGUMENTS, shape_of
from ..browser.options import BrowserOptions
from .preferences import USUAL, WITH_A_PROXY, kept_to
from .program import NAMES, STOCK, Kind, find_program, none_found

_MARK = "CLICKWRIGHT_BROWSER_MARK"
"""Playwright tells no process number: what it starts is known by this variable, which every process inherits."""


class PlaywrightBrowser(Driven):
    """One process of Chromium, Firefox or WebKit. `proxy_url` of a context is that of the whole browser."""

    is_lasting = False
    """Whether a context outlives a task."""

    def __init__(
        self,
        kind: Kind,
        *,
        executable: Path | str | None,
        headless: bool,
        launch_s: float = LAUNCH_S,
        has_proxy: bool = False,
    ) -> None:
        """`has_proxy`: contexts have one of the user's, so that pages are to reach nothing by another way."""
        super().__init__(launch_s)
        self.kind: Kind = kind
        self._executable = executable
        self._headless = headless
        self._has_proxy = has_proxy
        self._mark = ""
        self._proxy_url = ""
        self._browser: Browser | None = None
        self.is_stock = False
        """Whether the program that runs is a Firefox that was not built for Playwright."""

    async def open_context(
        self,
        viewport: Size,
        device_scale: float,
        *,
        storage: StorageState | None,
        options: BrowserOptions,
        proxy_url: str = "",
    ) -> BrowserContext:
        """A context without pages; launches the browser where it does not run, or runs with another proxy.

        Raises EnvironmentLost when there is no browser, or it does not start within `launch_s`.
        """
        self.require_own_loop()
        asked = shape_of(viewport, device_scale, options) | {"storage_state": storage or options.stored()}
        return await self._open(lambda driver: self._open_context(driver, asked, proxy_url))

    def processes(self) -> Iterator[int]:
        """Of the browser, as far as the system tells (Linux)."""
        mark = f"{_MARK}={self._mark}".encode()
        for folder in Path("/proc").glob("[0-9]*") if self._mark and sys.platform == "linux" else ():
            with suppress(OSError):  # it is gone, or another user's
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    yield int(folder.name)

    @property
    def _failed(self) -> str:
        return f"{NAMES[self.kind]} did not start"

    async def _open_context(self, driver: Playwright, asked: dict[str, Any], proxy_url: str) -> BrowserContext:
        browser = self._browser
        if browser is not None and proxy_url != self._proxy_url:  # what is open goes on by the old way
            await self._kill()
        if browser is None or not browser.is_connected() or proxy_url != self._proxy_url:
            browser = self._browser = await self._launch(driver, proxy_url)
            self._proxy_url = proxy_url
        try:
            return await browser.new_context(**asked)
        except PlaywrightError as error:
            if "unknown command" not in str(error).lower():
                raise
            missing = f"this Firefox ({browser.version}) does not know a command of the installed Playwright"
            raise EnvironmentLost(f"{missing}: python -m playwright install firefox brings one that does") from None

    async def _launch(self, driver: Playwright, proxy_url: str) -> Browser:
        program = find_program(self.kind, self._executable, headless=self._headless)
        self.is_stock = program.channel == STOCK
        self._mark = uuid.uuid4().hex
        options: dict[str, Any] = {
            "executable_path": program.path,
            "channel": program.channel or None,
            "headless": self._headless,
            "timeout": self.launch_s * 900,  # before our own, so that the driver takes away what it began
            "env": {**os.environ, _MARK: self._mark},
            **_of_kind(self.kind, proxy_url, has_proxy=self._has_proxy),
        }
        browser_type = {"chromium": driver.chromium, "firefox": driver.firefox, "webkit": driver.webkit}[self.kind]
        try:
            return await browser_type.launch(**options)
        except PlaywrightError as error:
            if "Executable doesn't exist" not in str(error):
                raise
            raise EnvironmentLost(none_found(self.kind)) from None

    def _end_by_force(self) -> None:
        self._browser = None
        for number in self.processes():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(number, signal.SIGKILL)

    async def _kill(self) -> None:
        browser, self._browser = self._browser, None
        if browser is not None and not await ended_within(CLOSE_S, browser.close):
            self._end_by_force()


def _of_kind(kind: Kind, proxy_url: str, *, has_proxy: bool) -> dict[str, Any]:
    match kind:
        case "firefox":
            further = kept_to(proxy_url) if proxy_url else WITH_A_PROXY if has_proxy else {}
            return {"firefox_user_prefs": USUAL | further}
        case "chromium":
            root = {"chromium_sandbox": False} if hasattr(os, "geteuid") and os.geteuid() == 0 else {}
            proxy = {"proxy": {"server": proxy_url, "bypass": "<-loopback>"}} if proxy_url else {}
            return {"args": list(ARGUMENTS), **root, **proxy}
        case "webkit":
            return {}
