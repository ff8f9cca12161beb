"""URLs as browsers read them (WHATWG), and rules that name origins. Nothing here splits a URL by hand."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import ada_url

from ...errors import UsageError

WEB = ("http", "https")
_HOST_AND_PORT = re.compile(
    r"(?:localhost|[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,9}):[0-9]{1,5}(?![^/?#])", re.IGNORECASE
)
_HOST = re.compile(r"[a-z0-9._-]{1,255}|\[[0-9a-f:.]{2,45}\]")
_LOOPBACK_NAMES = ("localhost", "[::1]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A URL that a browser would open. `host` is lower case and punycode, `port` is empty where it is the default."""

    url: str
    scheme: str
    host: str = ""
    port: str = ""

    @property
    def is_loopback(self) -> bool:
        """Whether it is served by this very machine."""
        return self.host in _LOOPBACK_NAMES or self.host.endswith(".localhost") or _is_127(self.host)

    @property
    def is_empty(self) -> bool:
        """Whether it shows nothing, but what its page writes there or that nothing could be loaded.

        Other pages of `about:` are the browser's own, such as Firefox's about:config.
        """
        if self.scheme == "about":
            return ada_url.URL(self.url).pathname in ("blank", "srcdoc")
        return self.scheme == "chrome-error"

    @property
    def origin(self) -> str:
        """The origin as a rule names it; the scheme alone where a browser knows no origin."""
        if self.scheme not in WEB:
            return f"{self.scheme}:"
        return f"{self.scheme}://{self.host}{':' + self.port if self.port else ''}"

    @property
    def file(self) -> str:
        """The last part of the path, as it is written in the URL."""
        return ada_url.URL(self.url).pathname.rpartition("/")[2]


@lru_cache(maxsize=1000)  # the page of a run and its links are judged again and again
def read_url(text: str, base: str = "") -> Place | None:
    """Where a browser would go for this text, relative to a page where it is relative; None where nowhere.

    None, too, for a host that no name server knows and that browsers write each in their own way, such as one with `*`.
    """
    try:
        url = ada_url.URL(text, base) if base else ada_url.URL(text)
    except ValueError:
        return None
    scheme, host = url.protocol.removesuffix(":"), url.hostname
    if scheme in WEB and not _HOST.fullmatch(host):
        return None
    return Place(url=url.href, scheme=scheme, host=host, port=url.port)


def complete_url(text: str, page: str = "") -> Place | None:
    """Like `read_url`, for what a person or a model writes.

    `/cart` is on the page's host, `shop.test` is https, `localhost:8000` is http.
    """
    whole = None if _HOST_AND_PORT.match(text) else read_url(text)
    if whole is not None:
        return whole
    if text.startswith(("/", "?", "#", ".")):
        return read_url(text, page) if page else None
    place = None if "://" in text else read_url(f"https://{text}")
    return read_url(f"http://{text}") if place is not None and place.is_loopback else place


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginRule:
    """Which places a rule means: `https://shop.test`, `https://*.shop.test:8443`, or a whole scheme, `file:`."""

    scheme: str
    host: str = ""
    port: str = ""
    subdomains: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises UsageError for anything that a browser would not read as just an origin."""
        if text.endswith(":") and text[:-1].isalpha():
            return cls(scheme=text[:-1].lower())
        scheme, mark, rest = text.partition("://*.")
        place = read_url(f"{scheme}://{rest}" if mark else text)
        whole = None if place is None else f"{place.origin}/"
        if place is None or place.scheme not in WEB or place.url != whole:
            raise UsageError(f"{text!r} is no origin; write https://shop.test, https://*.shop.test:8443 or file:")
        return cls(scheme=place.scheme, host=place.host, port=place.port, subdomains=bool(mark))

    def covers(self, place: Place, *, loosely: bool = False) -> bool:
        """Whether the rule means the place. `loosely` also takes a host with the root's dot, as a block must."""
        if not self.host:
            return place.scheme == self.scheme
        host = place.host.removesuffix(".") if loosely else place.host
        same = host.endswith(f".{self.host}") if self.subdomains else host == self.host
        return same and (place.scheme, place.port) == (self.scheme, self.port)


@lru_cache(maxsize=10_000)
def rule_of(text: str) -> OriginRule:
    """`OriginRule.parse`, once for each text: rules are judged by at every action."""
    return OriginRule.parse(text)


class Origins:
    """Many rules, asked all at once: what a place is called by each is looked up, not compared with each."""

    def __init__(self, rules: tuple[str, ...]) -> None:
        parsed = [rule_of(rule) for rule in rules]
        self._schemes = frozenset(rule.scheme for rule in parsed if not rule.host)
        self._hosts = frozenset((one.scheme, one.host, one.port) for one in parsed if one.host and not one.subdomains)
        self._above = frozenset((one.scheme, one.host, one.port) for one in parsed if one.subdomains)

    def cover(self, place: Place, *, loosely: bool = False) -> bool:
        """Whether any of them means the place, as `OriginRule.covers` has it."""
        scheme, port = place.scheme, place.port
        host = place.host.removesuffix(".") if loosely else place.host
        if scheme in self._schemes or (scheme, host, port) in self._hosts:
            return True
        if not self._above:
            return False
        dots = (at for at, one in enumerate(host) if one == "." and at)
        return any((scheme, host[at + 1 :], port) in self._above for at in dots)


@lru_cache(maxsize=1000)
def origins_of(rules: tuple[str, ...]) -> Origins:
    """The rules, made ready once."""
    return Origins(rules)


def start_origins(place: Place) -> tuple[str, ...]:
    """The origins that a task starting here means: this one, and its siblings by https and by `www.`."""
    if place.scheme not in WEB or place.is_loopback:
        return (place.origin,)
    sibling = place.host.removeprefix("www.") if place.host.startswith("www.") else f"www.{place.host}"
    if place.port or read_url(f"https://{sibling}") is None:
        return (place.origin,)
    hosts = (place.host, sibling)
    return (place.origin, *(f"https://{host}" for host in hosts if f"https://{host}" != place.origin))


def _is_127(host: str) -> bool:
    parts = host.split(".")
    return len(parts) == 4 and parts[0] == "127" and all(part.isdigit() for part in parts)
