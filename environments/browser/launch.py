"""A Chromium process: started when first needed, started again when it was killed, never left behind."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from playwright.async_api import Browser, BrowserContext, Playwright, StorageState

from ...errors import UsageError
from ...screen import Size
from .devtools import ask
from .driven import CLOSE_S, LAUNCH_S, Driven, ended_within
from .features import switched_off
from .find import find_browser
from .options import USUAL, BrowserOptions
from .styled import STYLED_SELECTS

ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-smooth-scrolling",  # a wheel turn is over when its event is
    "--disable-sync",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",  # datagrams would go around a proxy
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",  # the same for other versions
    "--no-first-run",
    "--site-per-process",  # which the windowless browser does not do by itself: a frame that hangs would hang its page
)


class Chromium(Driven):
    """One browser process that several `BrowserEnvironment`s may share, each in a context of its own.

    `user_data_dir` keeps cookies and logins between runs; such a browser has one context only. `Chromium.connect` is
    for a browser that runs already.
    """

    def __init__(
        self,
        *,
        executable: Path | str | None = None,
        headless: bool = True,
        user_data_dir: Path | str | None = None,
        arguments: tuple[str, ...] = (),
        launch_s: float = LAUNCH_S,
    ) -> None:
        super().__init__(launch_s)
        self._executable = executable
        self._headless = headless
        self._user_data_dir = user_data_dir
        self._arguments = (*ARGUMENTS, *switched_off(), *arguments)
        self._endpoint = ""
        self.is_ours = True
        """Whether the process is one that was started here."""
        self.is_foreign = False
        """Whether its context is the user's: no tab but our own is looked at or closed."""
        self._browser: Browser | None = None
        self._lasting: BrowserContext | None = None
        self._lasting_proxy: object = None
        self.pid: int | None = None
        """The process, while it runs and is known."""

    @classmethod
    def connect(cls, endpoint: str, *, own_context: bool = False, launch_s: float = LAUNCH_S) -> "Chromium":
        """A browser that runs already, with `--remote-debugging-port=9222` at `http://127.0.0.1:9222`, and goes on.

        Acts in a tab of its own beside the user's, with their cookies and logins; or in a context of its own, which
        alone takes options and a device scale.
        """
        browser = cls(launch_s=launch_s)
        browser._endpoint, browser.is_ours, browser.is_foreign = endpoint, False, not own_context
        return browser

    @property
    def is_lasting(self) -> bool:
        """Whether the one context outlives a task, because it is the user's."""
        return self._user_data_dir is not None or self.is_foreign

    async def open_context(
        self,
        viewport: Size,
        device_scale: float,
        *,
        storage: StorageState | None = None,
        options: BrowserOptions = USUAL,
    ) -> BrowserContext:
        """A context without pages, with no cookies but those of `storage`; launches the browser where it does not run.

        Raises EnvironmentLost when there is no browser, or it does not start within `launch_s`; UsageError for options
        that a context of the user's cannot have.
        """
        self.require_own_loop()
        self._require_fitting(device_scale, options)
        asked = _Asked(shape_of(viewport, device_scale, options), storage or options.stored(), options.styled_selects)
        return await self._open(lambda driver: self._open_context(driver, asked))

    @property
    def _failed(self) -> str:
        return f"no browser answered at {self._endpoint}" if self._endpoint else "the browser did not start"

    def _require_fitting(self, device_scale: float, options: BrowserOptions) -> None:
        if self.is_foreign and (device_scale != 1 or options.needs_own_context):
            raise UsageError("options and a device scale need Chromium.connect(..., own_context=True)")
        if self._user_data_dir is not None and options.storage_state is not None:
            raise UsageError("a folder of the user's keeps its own cookies: leave out storage_state")

    async def _open_context(self, driver: Playwright, asked: "_Asked") -> BrowserContext:
        if self._user_data_dir is not None:
            return await self._open_lasting(driver, self._user_data_dir, asked)
        browser = self._browser
        if browser is None or not browser.is_connected():
            browser = self._browser = await self._find_or_start(driver)
            browser.once("disconnected", self._forget)
        if self.is_foreign:
            return browser.contexts[0]
        return await asked.dress(await browser.new_context(**asked.shape, storage_state=asked.storage))

    async def _open_lasting(self, driver: Playwright, folder: Path | str, asked: "_Asked") -> BrowserContext:
        proxy = asked.shape.get("proxy")
        if self._lasting is not None and proxy != self._lasting_proxy:  # what is open goes on by the old way
            await self._lasting.close()
            self._lasting = None
        if self._lasting is None:
            self._lasting_proxy = proxy
            launch = driver.chromium.launch_persistent_context
            self._lasting = await asked.dress(await launch(folder, **self._options(), **asked.shape))
            self._lasting.once("close", self._forget)
            if self._lasting.browser is not None:
                self.pid = await _process_of(self._lasting.browser)
        if asked.storage is not None:  # its folder keeps everything but the cookies of a session
            await self._lasting.add_cookies(cast(Any, asked.storage.get("cookies", [])))
        return self._lasting

    async def _find_or_start(self, driver: Playwright) -> Browser:
        if self._endpoint:  # whose process is not ours to end: its number stays unknown
            milliseconds = self.launch_s * 1000
            return await driver.chromium.connect_over_cdp(
                self._endpoint, timeout=milliseconds, no_defaults=self.is_foreign
            )
        browser = await driver.chromium.launch(**self._options())
        self.pid = await _process_of(browser)
        return browser

    def _options(self) -> dict[str, Any]:
        program = find_browser(self._executable, headless=self._headless)
        options: dict[str, Any] = {
            "executable_path": str(program),
            "headless": self._headless,
            "args": list(self._arguments),
            "timeout": self.launch_s * 1000,
        }
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            options["chromium_sandbox"] = False  # Chromium's sandbox does not start for root
        return options

    def _forget(self, gone: Browser | BrowserContext) -> None:
        """The process has ended: its number may soon be another's."""
        if gone is self._lasting:
            self._lasting = self.pid = None
        if gone is self._browser:
            self._browser = self.pid = None

    def _end_by_force(self) -> None:
        if self.pid is not None:
            _end(self.pid)
        self._browser = self._lasting = self.pid = None

    async def _kill(self) -> None:
        browser, lasting, pid = self._browser, self._lasting, self.pid
        self._browser = self._lasting = self.pid = None
        closed = True
        if browser is not None:
            closed = await ended_within(CLOSE_S, browser.close)
        if lasting is not None:
            closed = await ended_within(CLOSE_S, lasting.close)
        if not closed and pid is not None:
            _end(pid)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a context is to be like, in Playwright's words."""

    shape: dict[str, Any]
    storage: StorageState | None
    is_styled: bool

    async def dress(self, context: BrowserContext) -> BrowserContext:
        if self.is_styled:
            await context.add_init_script(STYLED_SELECTS)
        return context


def shape_of(viewport: Size, device_scale: float, options: BrowserOptions) -> dict[str, Any]:
    """A context, in Playwright's words."""
    return {
        "viewport": {"width": viewport.width, "height": viewport.height},
        "device_scale_factor": device_scale,
        "accept_downloads": True,
        **options.for_context(),
    }


async def _process_of(browser: Browser) -> int | None:
    session = await browser.new_browser_cdp_session()
    try:
        answer = await ask(session, "SystemInfo.getProcessInfo")
    finally:
        await session.detach()
    return next((int(one["id"]) for one in answer["processInfo"] if one["type"] == "browser"), None)


def _end(pid: int) -> None:
    """The process, and on POSIX its whole group, which Playwright gives each browser: a renderer that was stopped does
    not see its browser go, nor does the script that some systems start one by."""
    try:
        if os.name == "nt":
            os.kill(pid, signal.SIGTERM)
        elif (group := os.getpgid(pid)) != os.getpgrp():
            os.killpg(group, signal.SIGKILL)
        else:
            os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
