"""A person in a browser, watched from the first page until the browser is closed."""

import asyncio
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ...agent.export.source import as_name
from ...environments import BrowserEnvironment
from ...errors import ActionFailed, EnvironmentLost
from ...screen import Size, Tab
from ...tools import Task
from ..stage import Stage
from .draft import Draft
from .recorder import CALM_S, Recorder

if TYPE_CHECKING:
    from ...environments.browser.watch import Happened, Page

MAX_LOOKS = 3
"""How often is looked while one tab after another comes to the front."""


async def record(
    environment: BrowserEnvironment,
    url: str,
    path: Path,
    *,
    on_line: Callable[[str], None] | None = None,
    on_ready: Callable[[], None] | None = None,
) -> Draft:
    """Watch until the browser is closed, or this is cancelled. The file is written after each step.

    Raises EnvironmentLost where the address cannot be opened, UsageError where nothing can be written.
    """
    from ...environments.browser.watch import watched

    stage = Stage(environment, Task(goal="a test", start_url=url))
    try:
        first = await stage.look()
        name = as_name(path.stem.removeprefix("test_"))
        size, scale = first.size, first.scale
        viewport = Size(round(size.width / scale), round(size.height / scale))
        draft = Draft(
            name=name, title=f"What was done at {url}", url=url, viewport=viewport, scale=scale, by="a person"
        )
        recorder = Recorder(draft, path, first, on_line, tab=environment.window.active.page)
        recorder.write()
        heard = _Heard()
        async with watched(environment, heard.put):
            if on_ready is not None:
                on_ready()
            try:
                await _follow(stage, environment, recorder, heard)
            finally:
                while heard.left:
                    _write_first(environment, recorder, heard)
                recorder.end()
        return draft
    finally:
        await environment.close()


class _Heard:
    """What has happened, in which tab, and is not written yet."""

    def __init__(self) -> None:
        self.left = deque[tuple["Page", "Happened"]]()
        self._has_come = asyncio.Event()

    def put(self, page: "Page", happened: "Happened") -> None:
        self.left.append((page, happened))
        self._has_come.set()

    async def wait(self, lost: "asyncio.Future[str]") -> bool:
        """Until there is something; False where the browser is gone first."""
        if not self.left:
            self._has_come.clear()
            coming = asyncio.ensure_future(self._has_come.wait())
            try:
                await asyncio.wait({coming, lost}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                coming.cancel()
        return bool(self.left) and not lost.done()


async def _follow(stage: Stage, environment: BrowserEnvironment, recorder: Recorder, heard: _Heard) -> None:
    """Until the browser is gone. What happened stays in `heard` until it is written, whatever ends this."""
    while await heard.wait(environment.window.lost):
        page, happened = heard.left[0]
        try:
            if happened.kind != "scroll":
                await _come_to(page, stage, environment, recorder)
            _write_first(environment, recorder, heard)
            if happened.kind == "scroll" and not recorder.is_in(page):
                continue
            await asyncio.sleep(CALM_S)
            if not heard.left:
                await _see(stage, environment, recorder)
        except EnvironmentLost:
            return


def _write_first(environment: BrowserEnvironment, recorder: Recorder, heard: _Heard) -> None:
    page, happened = heard.left.popleft()
    if happened.kind == "scroll" and not recorder.is_in(page):
        return  # a page may scroll by itself; how far it is scrolled, the next thing done there tells
    if recorder.has_seen(page):
        recorder.turn(page, _tabs(environment))
        recorder.hear(happened)
    else:
        recorder.miss()


async def _come_to(page: "Page", stage: Stage, environment: BrowserEnvironment, recorder: Recorder) -> None:
    """The tab in which something was done is the one that is looked at."""
    await _bring_to_front(environment, page)
    for _ in range(MAX_LOOKS):
        if recorder.has_seen(page):
            return
        await _see(stage, environment, recorder)
        await _bring_to_front(environment, page)


async def _see(stage: Stage, environment: BrowserEnvironment, recorder: Recorder) -> None:
    """Look at the tab in front; where another one has come to the front meanwhile, nobody knows which was seen."""
    for _ in range(MAX_LOOKS):
        page = environment.window.active.page
        sight = await stage.look()
        if environment.window.active.page == page:
            recorder.see(sight, page)
            return


def _tabs(environment: BrowserEnvironment) -> "list[tuple[Page, Tab]]":
    window = environment.window
    return [(one.page, tab) for one, tab in zip(window.pages, window.tabs(), strict=True)]


async def _bring_to_front(environment: BrowserEnvironment, page: "Page") -> None:
    try:
        window = environment.window
        known = [one.page for one in window.pages]
        if page in known and window.active.page != page:
            await window.switch(known.index(page))
    except (ActionFailed, EnvironmentLost):
        return  # it was closed meanwhile
