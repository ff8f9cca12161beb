"""Does Chromium go where a URL was judged to lead? Texts that are meant to be misread, opened for real and in bulk.

    python -m clickwright.reliability urls

Each text of the table is opened as an action and clicked as a link, by a Chromium whose every connection is asked for
at a proxy: the host and the port that it asks for are compared with those that were judged. The fuzzed ones are read by
Chromium's own `new URL`.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Route

from ..agent.permissions import Allow, Permissions, as_judged
from ..agent.permissions.urls import WEB, Place, complete_url, read_url
from ..environments.browser.environment import BrowserEnvironment
from ..environments.environment import Destination, Facts
from ..errors import EnvironmentLost
from ..tools import Navigate, Task
from .figure import Figure
from .url_texts import PAGE, TEXTS, fuzzed

NIGHTLY, USUAL = 1_000_000, 100_000
BATCH = 5_000
_PORTS = {"http": 80, "https": 443}
_STILL_S = 0.15
"""How long nothing must come for a text that leads nowhere."""
_COME_S = 3.0
_READ = """([texts, base]) => texts.map((text) => {
  try { const url = new URL(text, base); return [url.protocol.slice(0, -1), url.hostname, url.port]; } catch {}
  return null;
})"""


@dataclass(slots=True, kw_only=True)
class Found:
    """What came of it. `wrong` says of each disagreement which text it was, what was judged and what was done."""

    opened: int = 0
    allowed: int = 0
    not_opened: int = 0
    """What was allowed and Chromium does not open."""
    wrong: list[str] = field(default_factory=list[str])


class _Asked:
    """A judge that lets nothing through, and keeps what was asked for."""

    def __init__(self) -> None:
        self.places: list[tuple[str, int]] = []
        self.came = asyncio.Event()

    def __call__(self, to: Destination) -> str:
        self.places.append((to.host, to.port))
        self.came.set()
        return "nothing is let through"

    async def after(self, work: Any, seconds: float) -> set[tuple[str, int]]:
        """What is asked for by the work, and within the seconds behind it or until something is."""
        self.places.clear()
        self.came.clear()
        await work
        try:
            async with asyncio.timeout(seconds):
                await self.came.wait()
        except TimeoutError:
            pass
        return set(self.places)


async def compare(texts: Sequence[str], *, still_s: float = _STILL_S) -> Found:
    """Open each text as an action and as a link, and see where the browser goes."""
    found, asked = Found(), _Asked()
    environment = BrowserEnvironment()
    environment.confine(asked)
    try:
        await environment.reset(Task(goal="urls"))
        page = environment.window.active.page
        await page.context.route(lambda url: url.startswith("http://page.test:8080/"), _here)
        for text in texts:
            found.opened += 1
            await _as_action(text, environment, asked, found)
            await _as_link(text, page, asked, found, still_s)
    finally:
        await environment.close()
    return found


async def _here(route: Route) -> None:
    await route.fulfill(body="<!doctype html><title>Here</title>", content_type="text/html")


async def _as_action(text: str, environment: BrowserEnvironment, asked: _Asked, found: Found) -> None:
    """The action as a run would do it, under rules that name just the place that was understood."""
    if not text:
        return
    facts = Facts(url=PAGE)
    action, facts = as_judged(Navigate(url=text), facts)
    place = complete_url(text, PAGE)
    if place is None or place.scheme not in WEB or _is_here(place):
        return
    if not isinstance(Permissions(origins=(place.origin,)).decide(action, facts), Allow):
        return
    found.allowed += 1
    places = await asked.after(environment.step(action), _COME_S)
    found.not_opened += not places
    if places - {_wanted(place)}:
        found.wrong.append(f"{text!r} was judged as {_wanted(place)} and opened {sorted(places)}")


async def _as_link(text: str, page: Page, asked: _Asked, found: Found, still_s: float) -> None:
    """What a page does with the same text as the address of a link on it."""
    place = read_url(text, PAGE)
    if place is None:
        return  # what cannot be read is denied
    await _return(page)
    leads = place.scheme in WEB and not _is_here(place)
    places = await asked.after(_follow(page, text), _COME_S if leads else still_s)
    wanted = {_wanted(place)} if leads else set[tuple[str, int]]()
    found.allowed += leads
    found.not_opened += leads and not places
    if places - wanted:
        found.wrong.append(f"a link to {text!r} was judged as {sorted(wanted)} and led to {sorted(places)}")


async def _return(page: Page) -> None:
    """Back to the page that texts are relative to, whatever was under way."""
    for _ in range(10):
        try:
            await page.goto(PAGE)
        except PlaywrightError:
            continue
        return
    raise EnvironmentLost("the page could not be shown again")


async def _follow(page: Page, text: str) -> None:
    script = "(text) => { const a = document.createElement('a'); a.setAttribute('href', text); a.click(); }"
    try:
        await page.evaluate(script, text)
    except PlaywrightError:
        return  # the page was left at once


def _wanted(place: Place) -> tuple[str, int]:
    host = place.host.strip("[]")
    return host, int(place.port) if place.port else _PORTS[place.scheme]


def _is_here(place: Place) -> bool:
    return place.origin == "http://page.test:8080"


async def compare_in_bulk(texts: Iterable[str]) -> Found:
    """Read every text by Chromium's own parser, as it is and as it is opened once it was judged."""
    found, environment = Found(), BrowserEnvironment()
    try:
        await environment.reset(Task(goal="urls"))
        page = environment.window.active.page
        for batch in _batches(texts):
            places = [(text, read_url(text, PAGE)) for text in batch]
            places += [(place.url, place) for text in batch if (place := complete_url(text, PAGE)) is not None]
            read = await page.evaluate(_READ, [[text for text, _ in places], PAGE])
            found.opened += len(batch)
            for (text, place), there in zip(places, read, strict=True):
                _check(text, place, there, found)
    finally:
        await environment.close()
    return found


def _check(text: str, place: Place | None, there: list[str] | None, found: Found) -> None:
    if place is None or place.scheme not in WEB:
        if there is not None and there[0] in WEB and place is not None:
            found.wrong.append(f"{text!r} was judged as {place.scheme}: and is {there[0]}://{there[1]}")
        return
    found.allowed += 1
    if there is None:
        found.not_opened += 1
    elif there != [place.scheme, place.host, place.port]:
        found.wrong.append(f"{text!r} was judged as {place.origin} and is {there}")


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(texts)
    while batch := list(islice(rest, BATCH)):
        yield batch


def figures(nightly: bool) -> list[Figure]:
    count = NIGHTLY if nightly else USUAL
    opened = asyncio.run(compare(TEXTS))
    read = asyncio.run(compare_in_bulk(fuzzed(count)))
    return [
        Figure(
            name=f"of {opened.opened} URL texts, opened and clicked: led elsewhere than judged",
            found=f"{len(opened.wrong)} of {opened.allowed} that may be opened; {opened.not_opened} are not",
            bar="0; at least 150 texts",
            holds=not opened.wrong and opened.opened >= 150,
        ),
        Figure(
            name=f"of {read.opened:,} fuzzed URL texts: read otherwise than by Chromium",
            found=f"{len(read.wrong)} of {read.allowed:,} that may be opened; {read.not_opened} are not",
            bar="0",
            holds=not read.wrong and read.opened >= count,
        ),
    ]
