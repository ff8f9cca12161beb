"""What brings a lost browser back to where it was last seen: its tabs, cookies and local storage, kept in memory."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from playwright.async_api import BrowserContext, Cookie, StorageState
from playwright.async_api import Error as PlaywrightError

from ...errors import EnvironmentLost
from ...screen import Observation, Screenshot
from .faults import reason_of
from .loading import LoadingPage
from .owners import origin_of
from .tabs import OpenTabs

MAX_TITLE_CHARS = 1000
TELL_S = 1.0
"""After the picture. A page that is being left tells nothing: what was known of it then stays known."""
MAX_STORED_CHARS = 300_000
"""Of one origin's local storage, read in 10 ms beside a screenshot. A browser allows five million."""
TAB_S = 2.5
"""An empty tab takes 0.2 s: a browser that needs ten times that does not answer."""
TABS_S = 15.0
"""For all tabs of a browser that has just started."""
BACKGROUND_S = 3.0
"""For tabs that are not looked at: one that is slow goes on loading."""

_TOLD = f"""(() => {{
  const stored = () => {{
    try {{
      const kept = Object.entries(localStorage);
      const chars = kept.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
      return chars <= {MAX_STORED_CHARS} ? kept : null;
    }} catch {{ return null; }}
  }};
  return [document.title, location.origin, stored()];
}})()"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSeen:
    """A window as it was when an observation was last made of it. In memory only, because cookies are secrets.

    `storage` holds the local storage of every origin that a tab in front has shown since the window was opened.
    """

    pages: tuple[LoadingPage, ...] = ()
    urls: tuple[str, ...] = ()
    active: int = 0
    cookies: Sequence[Cookie] = ()
    storage: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict[str, Sequence[tuple[str, str]]])

    @property
    def url(self) -> str:
        """Of the tab in front."""
        return self.urls[self.active]

    async def now(self, window: OpenTabs[Any]) -> "LastSeen":
        """The tabs, and what the one in front has stored; also reads its title. 1 ms, beside 20 to 40 of a screenshot.

        A page that is being left may not answer, and fail with Playwright's error.
        """
        page: LoadingPage = window.active
        pages, active = tuple(window.pages), window.pages.index(page)
        urls = tuple(one.page.url for one in pages)
        cookies, told = await asyncio.gather(window.context.cookies(), page.evaluate(_TOLD))
        storage = self.storage
        match told:
            case [title, origin, [*kept]] if origin == origin_of(page.page.url):
                storage = {**storage, str(origin): _pairs(kept)}
            case [title, *_]:
                pass
            case _:
                title = ""
        page.title = _plain(title)
        return LastSeen(pages=pages, urls=urls, active=active, cookies=cookies, storage=storage)

    def state(self) -> StorageState:
        """For a new context."""
        origins = [
            {"origin": origin, "localStorage": [{"name": name, "value": value} for name, value in kept]}
            for origin, kept in self.storage.items()
            if kept
        ]
        return cast(StorageState, {"cookies": list(self.cookies), "origins": origins})


def _plain(title: object) -> str:
    """A title as it can be written to a file: a page may have put anything in its place."""
    return title[:MAX_TITLE_CHARS].encode("utf-8", "replace").decode() if isinstance(title, str) else ""


def _pairs(told: Sequence[object]) -> list[tuple[str, str]]:
    """What is a name and a value: a page may have put anything in the place of the functions that tell it."""
    pairs: list[tuple[str, str]] = []
    for one in told:
        match one:
            case [str(name), str(value)]:
                pairs.append((name, value))
            case _:
                continue
    return pairs


async def climb(rungs: Sequence[Callable[[], Awaitable[Observation]]]) -> Observation:
    """What the first rung shows that holds; where one does not answer in time, only the last is tried after it.

    Raises EnvironmentLost where none holds.
    """
    left, reason = list(rungs), ""
    while left:
        try:
            return await left.pop(0)()
        except TimeoutError:
            left, reason = left[-1:], "the browser did not answer"
        except PlaywrightError as error:
            reason = reason_of(error)
        except EnvironmentLost as lost:
            reason = str(lost)
    raise EnvironmentLost(f"the browser cannot be brought back: {reason}")


async def reopen_page(window: OpenTabs[Any], seen: LastSeen, navigation_s: float) -> str | None:
    """The tab in front anew, in its old place. None, or why its page does not come.

    Of the other tabs, those that are still there stay as they are, those that are gone are loaded anew, and those that
    came since they were last seen go.
    """
    lost, front = window.front, seen.pages[seen.active]
    window.takes_tabs = False
    for page in [one for one in window.pages if one not in seen.pages]:
        window.give_up(page)
    window.regain()
    if lost is not front and front in window.pages and await _answers(front):
        async with asyncio.timeout(TAB_S):
            await window.switch(window.pages.index(front))
        return None
    gone = [page for page in seen.pages if page not in window.pages and page is not front]
    async with asyncio.timeout(TAB_S):
        for page in gone:
            await _put_back(window, seen, page)
        await _put_back(window, seen, front)
    others = [page for page in window.pages if page is not window.active and page not in seen.pages]
    await asyncio.gather(*map(_start_loading, others, (seen.urls[seen.pages.index(page)] for page in gone)))
    return await _load(window, seen.url, navigation_s)


async def _put_back(window: OpenTabs[Any], seen: LastSeen, old: LoadingPage) -> None:
    """An empty tab, looked at, in the place of one that is gone or broken."""
    await window.replace(old)
    window.pages.remove(window.active)
    window.pages.insert(seen.pages.index(old), window.active)
    window.active.title = old.title


async def _answers(page: LoadingPage) -> bool:
    try:
        async with asyncio.timeout(TELL_S):
            await page.evaluate("1")
    except (TimeoutError, PlaywrightError):
        return False
    return True


async def reopen_tabs(window: OpenTabs[Any], seen: LastSeen, navigation_s: float) -> str | None:
    """Every tab anew, in a window that has one empty tab. None, or why the page of the one in front does not come."""
    async with asyncio.timeout(TABS_S):
        for _ in seen.urls[1:]:
            await window.open_tab()
        await window.switch(seen.active)
    for page, old in zip(window.pages, seen.pages, strict=True):
        page.title = old.title
    behind = [(one, url) for one, url in zip(window.pages, seen.urls, strict=True) if one is not window.active]
    await asyncio.gather(*(_start_loading(page, url) for page, url in behind))
    return await _load(window, seen.url, navigation_s)


async def _start_loading(page: LoadingPage, url: str) -> None:
    """Of a tab in the background: what became of it is seen when it is looked at."""
    with suppress(PlaywrightError):
        await page.page.goto(url, wait_until="commit", timeout=BACKGROUND_S * 1000)


async def _load(window: OpenTabs[Any], url: str, navigation_s: float) -> str | None:
    """Show a URL in the active tab, or an empty page with the reason where that does not work.

    The page is asked something after it has come: one that hangs as it loads would hang whoever looks at it next.
    """
    page = window.active
    try:
        async with asyncio.timeout(navigation_s):
            await page.page.goto(url, wait_until="domcontentloaded", timeout=0)
            await page.evaluate("1")
        return None
    except TimeoutError:
        reason = f"it did not answer within {navigation_s:g} s"
    except PlaywrightError as error:
        reason = reason_of(error)
    return await show_nothing(window, url, reason)


async def show_nothing(window: OpenTabs[Any], url: str, reason: str) -> str:
    """An empty page in the place of one that does not come back, and the sentence that says so."""
    window.regain()
    async with asyncio.timeout(TAB_S):
        await window.replace(window.active)
    return f"{url} could not be opened again: {reason}; an empty page is shown"


async def seen_beside(
    taking: Coroutine[Any, Any, Screenshot],
    before: LastSeen,
    window: OpenTabs[Any],
    *,
    beside: Sequence[Coroutine[Any, Any, None]] = (),
) -> tuple[Screenshot, LastSeen]:
    """A picture, and what is needed to come back to it; what was needed `before`, where a page is slow to tell.

    What else is done `beside` it has the same time.
    """
    others = [asyncio.ensure_future(work) for work in beside]
    telling = asyncio.ensure_future(before.now(window))
    telling.add_done_callback(lambda done: done.cancelled() or done.exception())  # asyncio complains of what none saw
    seen = before
    try:
        screenshot = await taking
        await asyncio.wait({telling, *others}, timeout=TELL_S)
        with suppress(PlaywrightError):
            seen = telling.result() if telling.done() else before
    finally:
        for work in (telling, *others):
            work.cancel()
    return screenshot, seen


class Source(Protocol):
    """What contexts come from."""

    @property
    def is_lasting(self) -> bool:
        """Whether a context outlives a task."""
        ...

    async def discard(self) -> None:
        """End what no longer answers, by force."""
        ...


async def close_context(source: Source, context: BrowserContext, close_s: float) -> None:
    """Close it, where it is not the browser itself; a browser that does not manage that in time is ended."""
    if source.is_lasting:
        return  # the next reset closes its pages
    try:
        with suppress(PlaywrightError):  # it was gone already
            async with asyncio.timeout(close_s):
                await context.close()
    except TimeoutError:
        await source.discard()
