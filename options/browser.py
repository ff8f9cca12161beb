"""The browser that is meant, how it is started or found, and what pages are told of it."""

import os
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote

from typer import Option

from ..errors import EnvironmentLost, UsageError
from .sizes import read_size

if TYPE_CHECKING:
    from ..environments import BrowserEnvironment, BrowserOptions, Chromium, PlaywrightEnvironment, Proxy


class Engine(StrEnum):
    """Which browser: all is known of pages in Chromium, and of those of the others what pictures show."""

    CHROMIUM = "chromium"
    FIREFOX = "firefox"
    WEBKIT = "webkit"


Headed = Annotated[bool, Option("--headed", help="Show the browser's window.")]
VIEWPORT = "1288x728"


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsing:
    """A browser, how it is started or found, and what pages are told of it."""

    browser: Annotated[Engine, Option(help="Which browser; all but chromium by sight alone.")] = Engine.CHROMIUM
    headed: Headed = False
    viewport: Annotated[str, Option(help="Size of the page in CSS pixels.")] = VIEWPORT
    scale: Annotated[float, Option(help="Device pixels per CSS pixel.")] = 1.0
    connect: Annotated[
        str | None, Option(help="Act in a new tab of a browser that runs with --remote-debugging-port: http://...")
    ] = None
    profile_dir: Annotated[Path | None, Option(help="A folder in which the browser keeps logins between runs.")] = None
    storage_state: Annotated[
        Path | None,
        Option(help="A JSON file with cookies and local storage, read before the run and written after."),
    ] = None
    mobile: Annotated[bool, Option("--mobile", help="Show pages as a phone does, and tap.")] = False
    locale: Annotated[str | None, Option(help="Language and country that pages are told: de-DE ...")] = None
    proxy: Annotated[str | None, Option(help="http://user:password@host:port, or socks5://...")] = None

    def environment(
        self,
        *,
        elements: bool,
        labels: bool = False,
        download_dir: Path | None = None,
        trace: Path | None = None,
        url: str = "",
        chromium: "Chromium | None" = None,
    ) -> "BrowserEnvironment":
        """Chromium, not started yet; with Playwright's own trace in a file where one is named.

        In a `chromium` that is shared, where there is one. Raises UsageError for what does not go together, and for
        another browser; EnvironmentLost without a browser.
        """
        from ..environments import BrowserEnvironment, find_browser

        if self.browser is not Engine.CHROMIUM:
            raise UsageError(f"{self.browser} does not tell what is on a page: this needs chromium")
        self._require_fitting()
        size, options = read_size(self.viewport, "a viewport"), self._options(trace)
        if self.connect is None:
            find_browser(headless=not self.headed)  # before the model is loaded: that there is none is told at once
            self._require_display()
        return BrowserEnvironment(
            url,
            viewport=size,
            device_scale=self.scale,
            headless=not self.headed,
            user_data_dir=self.profile_dir,
            download_dir=download_dir,
            elements=elements,
            labels=labels,
            chromium=chromium,
            options=options,
            connect=self.connect,
        )

    def screen(
        self, *, elements: bool, download_dir: Path | None = None, trace: Path | None = None
    ) -> "BrowserEnvironment | PlaywrightEnvironment":
        """Whichever browser is meant, as `environment` gives Chromium."""
        if self.browser is Engine.CHROMIUM:
            return self.environment(elements=elements, download_dir=download_dir, trace=trace)
        from ..environments import PlaywrightEnvironment
        from ..environments.playwright_api.program import find_program

        self._require_by_sight(elements=elements)
        size, options = read_size(self.viewport, "a viewport"), self._options(trace)
        find_program(self.browser.value, headless=not self.headed)
        self._require_display()
        return PlaywrightEnvironment(
            browser=self.browser.value,
            viewport=size,
            device_scale=self.scale,
            headless=not self.headed,
            download_dir=download_dir,
            options=options,
        )

    def _options(self, trace: Path | None) -> "BrowserOptions":
        from ..environments import BrowserOptions

        if trace is not None and (self.connect or self.profile_dir or self.storage_state):
            raise UsageError("Playwright's trace would keep your cookies: give it a browser that starts without any")
        return BrowserOptions(
            mobile=self.mobile,
            locale=self.locale or "",
            proxy=None if self.proxy is None else proxy_of(self.proxy),
            storage_state=self.storage_state,
            keeps_storage_state=self.storage_state is not None,
            trace=trace,
        )

    def _require_by_sight(self, *, elements: bool) -> None:
        if elements:
            raise UsageError(
                f"--browser {self.browser} does not tell what can be used on a page: leave out --elements, and the "
                "profile marks"
            )
        if self.connect is not None or self.profile_dir is not None or self.mobile:
            raise UsageError("--connect, --profile-dir and --mobile need chromium: leave out --browser")

    def _require_fitting(self) -> None:
        told = (self.headed, self.profile_dir, self.storage_state, self.mobile, self.locale, self.proxy)
        if self.connect is not None and (any(told) or self.scale != 1):
            raise UsageError("--connect takes the browser as it runs: leave out the other options of the browser")
        if self.profile_dir is not None and self.storage_state is not None:
            raise UsageError("give --profile-dir or --storage-state: a folder keeps its own cookies")

    def _require_display(self) -> None:
        has_display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
        if self.headed and sys.platform == "linux" and not has_display:
            raise EnvironmentLost("there is no display for --headed: leave it out, or start this under xvfb-run")


def proxy_of(text: str) -> "Proxy":
    """A proxy's URL with its credentials told apart. Raises UsageError for what is none, without naming them."""
    import ada_url

    from ..environments import Proxy

    try:
        url = ada_url.URL(text)
    except ValueError:
        url = None
    if url is None or url.protocol not in ("http:", "https:", "socks5:") or not url.host:
        raise UsageError("a proxy is written like http://user:password@host:port or socks5://host:port")
    server = f"{url.protocol}//{url.host}"
    return Proxy(server=server, username=unquote(url.username), password=unquote(url.password))
