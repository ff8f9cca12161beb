"""The browser that is meant, how it is started or found, and what pages are told of it."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote

import typer

from ..errors import EnvironmentLost, UsageError
from .sizes import read_size

if TYPE_CHECKING:
    from ..environments import BrowserEnvironment, Chromium, Proxy

Headed = Annotated[bool, typer.Option("--headed", help="Show the browser's window.")]
Viewport = Annotated[str, typer.Option(help="Size of the page in CSS pixels.")]
Scale = Annotated[float, typer.Option(help="Device pixels per CSS pixel.")]
Connect = Annotated[
    str | None, typer.Option(help="Act in a new tab of a browser that runs with --remote-debugging-port: http://...")
]
ProfileDir = Annotated[Path | None, typer.Option(help="A folder in which the browser keeps logins between runs.")]
StorageState = Annotated[
    Path | None, typer.Option(help="A JSON file with cookies and local storage, read before the run and written after.")
]
Mobile = Annotated[bool, typer.Option("--mobile", help="Show pages as a phone does, and tap.")]
Locale = Annotated[str | None, typer.Option(help="Language and country that pages are told: de-DE ...")]
ProxyUrl = Annotated[str | None, typer.Option("--proxy", help="http://user:password@host:port, or socks5://...")]
Unconfined = Annotated[
    bool,
    typer.Option("--unconfined", help="Go on with a browser that cannot be kept to what the run may use."),
]
VIEWPORT = "1288x728"


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsing:
    """A browser, how it is started or found, and what pages are told of it."""

    headed: bool = False
    viewport: str = VIEWPORT
    scale: float = 1.0
    connect: str | None = None
    profile_dir: Path | None = None
    storage_state: Path | None = None
    mobile: bool = False
    locale: str | None = None
    proxy: str | None = None

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
        """Not started yet; with Playwright's own trace in a file where one is named; in a `chromium` that is shared.

        Raises UsageError for what does not go together, EnvironmentLost without a browser.
        """
        from ..environments import BrowserEnvironment, BrowserOptions, find_browser

        self._require_fitting()
        if trace is not None and (self.connect or self.profile_dir or self.storage_state):
            raise UsageError("Playwright's trace would keep your cookies: give it a browser that starts without any")
        size = read_size(self.viewport, "a viewport")
        if self.connect is None:
            find_browser(headless=not self.headed)  # before the model is loaded: that there is none is told at once
            self._require_display()
        options = BrowserOptions(
            mobile=self.mobile,
            locale=self.locale or "",
            proxy=None if self.proxy is None else proxy_of(self.proxy),
            storage_state=self.storage_state,
            keeps_storage_state=self.storage_state is not None,
            trace=trace,
        )
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
