"""A person in a browser, watched from the first page until the browser is closed."""

import asyncio
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
        heard = asyncio.Queue[tuple["Page", "Happened"]]()
        async with watched(environment, lambda page, happened: heard.put_nowait((page, happened))):
            if on_ready is not None:
                on_ready()
            try:
                await _follow(stage, environment, recorder, heard)
            finally:
                while not heard.empty():
                    page, happened = heard.get_nowait()
                    if recorder.has_seen(page):
                        recorder.turn(page, _tabs(environment))
                        recorder.hear(happened)
                recorder.end()
        return draft
    finally:
        await environment.close()


async def _follow(
    stage: Stage,
    environment: BrowserEnvironment,
    recorder: "Recorder",
    heard: "asyncio.Queue[tuple[Page, Happened]]",
) -> None:
    """Until the browser is gone."""
    lost = environment.window.lost
    while not lost.done():
        getting = asyncio.ensure_future(heard.get())
        try:
            await asyncio.wait({getting, lost}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not getting.done():
                getting.cancel()
        if not getting.done() or getting.cancelled():
            return
        page, happened = getting.result()
        if happened.kind == "scroll" and not recorder.is_in(page):
            continue  # a page may scroll by itself; how far it is scrolled, the next thing done there tells
        await _bring_to_front(environment, page)
        try:
            if not recorder.has_seen(page):
                recorder.see(await stage.look(), page)
            recorder.turn(page, _tabs(environment))
        except EnvironmentLost:
            return
        recorder.hear(happened)
        await asyncio.sleep(CALM_S)
        if heard.empty():
            try:
                recorder.see(await stage.look(), environment.window.active.page)
            except EnvironmentLost:
                return


def _tabs(environment: BrowserEnvironment) -> "list[tuple[Page, Tab]]":
    window = environment.window
    return [(one.page, tab) for one, tab in zip(window.pages, window.tabs(), strict=True)]


async def _bring_to_front(environment: BrowserEnvironment, page: "Page") -> None:
    """The tab in which something was done is the one that is looked at."""
    try:
        window = environment.window
        known = [one.page for one in window.pages]
        if page in known and window.active.page != page:
            await window.switch(known.index(page))
    except (ActionFailed, EnvironmentLost):
        return  # it was closed meanwhile
