"""What a page is told of the browser, and what it may do: everything of a context beside its size."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import StorageState

from ...errors import UsageError
from ..environment import DownloadLimits
from .storage import read_storage

MAX_DOWNLOAD_BYTES = 500_000_000
MAX_DOWNLOADS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A proxy such as `http://127.0.0.1:3128` or `socks5://...`; loopback goes through it, too.

    `bypass` are hosts that do not.
    """

    server: str
    username: str = ""
    password: str = field(default="", repr=False)
    bypass: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserOptions:
    """How a context differs from the usual one. All of it needs a context of our own, except the downloads' limits.

    `mobile` shows pages as a phone does, and takes taps for clicks; `touch` alone only does the latter. `permissions`
    are granted under their web names, such as "geolocation" or "clipboard-read"; any other is denied without a
    question, because no picture shows that question. `geolocation` is latitude and longitude in degrees. A
    `storage_state` file with cookies and local storage is loaded where it exists, and written when the context is left
    where `keeps_storage_state`. `styled_selects` has native lists drawn in the page, which changes how they look.
    With `trace` Playwright's own trace goes to that file when a context is left, and beside it where there is one
    already; everything that was typed and every cookie is in it. Downloads that are larger than `max_download_bytes`,
    or more in number than `max_downloads`, are cancelled, and those of whose name `download_judge` says why not.
    """

    mobile: bool = False
    touch: bool = False
    user_agent: str = ""
    locale: str = ""
    time_zone: str = ""
    proxy: Proxy | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    permissions: tuple[str, ...] = ()
    geolocation: tuple[float, float] | None = None
    colour_scheme: Literal["light", "dark"] | None = None
    storage_state: Path | str | None = None
    keeps_storage_state: bool = False
    styled_selects: bool = False
    trace: Path | None = None
    max_download_bytes: int = MAX_DOWNLOAD_BYTES
    max_downloads: int = MAX_DOWNLOADS
    download_judge: Callable[[str], str] | None = None

    def __post_init__(self) -> None:
        """Raises UsageError for what does not go together."""
        if self.keeps_storage_state and self.storage_state is None:
            raise UsageError("say with storage_state in which file the cookies are to be kept")
        if self.trace is not None and self.storage_state is not None:
            raise UsageError("a trace would keep the cookies of storage_state: leave one of them out")
        if self.max_download_bytes < 0 or self.max_downloads < 0:
            raise UsageError("the limits of downloads are at least 0")

    @property
    def takes_touch(self) -> bool:
        return self.mobile or self.touch

    def stored(self) -> StorageState | None:
        """What the storage state's file holds. Raises UsageError for a file that holds something else."""
        return None if self.storage_state is None else read_storage(self.storage_state)

    @property
    def needs_own_context(self) -> bool:
        return self != BrowserOptions(
            max_download_bytes=self.max_download_bytes,
            max_downloads=self.max_downloads,
            download_judge=self.download_judge,
        )

    def limited(self, limits: DownloadLimits) -> "BrowserOptions":
        """The same with no more downloads than that, none larger, and none that the judge refuses."""
        count = self.max_downloads if limits.most is None else min(limits.most, self.max_downloads)
        size = self.max_download_bytes if limits.most_bytes is None else min(limits.most_bytes, self.max_download_bytes)
        judge = limits.judge or self.download_judge
        return replace(self, max_downloads=count, max_download_bytes=size, download_judge=judge)

    def for_context(self) -> dict[str, Any]:
        """The same as Playwright's parameters of a context, for what differs from its defaults."""
        given: dict[str, Any] = {
            "is_mobile": self.mobile,
            "has_touch": self.takes_touch,
            "user_agent": self.user_agent,
            "locale": self.locale,
            "timezone_id": self.time_zone,
            "extra_http_headers": dict(self.headers),
            "color_scheme": self.colour_scheme,
        }
        asked = {name: value for name, value in given.items() if value}
        asked["permissions"] = list(self.permissions)  # even none: all others are then denied without a question
        if self.geolocation is not None:
            asked["geolocation"] = dict(zip(("latitude", "longitude"), self.geolocation, strict=True))
        if self.proxy is not None:
            asked["proxy"] = _proxy(self.proxy)
        return asked


USUAL = BrowserOptions()


def _proxy(proxy: Proxy) -> dict[str, str]:
    told = {"server": proxy.server, "bypass": ",".join((*proxy.bypass, "<-loopback>"))}
    if proxy.username or proxy.password:
        told |= {"username": proxy.username, "password": proxy.password}
    return told
