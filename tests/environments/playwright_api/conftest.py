"""One environment of each browser that is here and works: Chromium always, Firefox where Playwright can drive one."""

import asyncio
import shlex
import typing
from collections.abc import AsyncGenerator, Awaitable, Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import pytest
import pytest_asyncio
from clickwright.environments import PlaywrightEnvironment
from clickwright.environments.browser.find import find_build
from clickwright.errors import EnvironmentLost
from clickwright.screen import Box, Observation, Point
from clickwright.tools import Task

if typing.TYPE_CHECKING:
    from ..conftest import Site

Kind = Literal["chromium", "firefox", "webkit"]
MISSING: dict[Kind, str] = {}
"""Why a browser cannot be driven here, once that was tried."""


class Seen:
    """An environment on a page, with what a test reads out of the page."""

    def __init__(self, environment: PlaywrightEnvironment, first: Observation) -> None:
        self.environment, self.first, self.step = environment, first, environment.step

    @property
    def is_stock(self) -> bool:
        return self.environment.browser.is_stock

    async def js(self, expression: str) -> Any:
        return await self.environment.window.active.page.evaluate(expression)

    async def log(self) -> list[str]:
        return list(await self.js("log"))

    async def center(self, selector: str) -> Point:
        found = await self.environment.window.active.page.query_selector(selector)
        assert found is not None
        place = await found.bounding_box()
        assert place is not None
        return Box(place["x"], place["y"], place["x"] + place["width"], place["y"] + place["height"]).center


See = Callable[..., Awaitable[Seen]]


async def _try(kind: Kind) -> str:
    """Why this browser does not start; empty where it does."""
    environment = PlaywrightEnvironment(browser=kind)
    try:
        await environment.reset(Task(goal="try"))
    except EnvironmentLost as lost:
        return str(lost)
    finally:
        await environment.close()
    return ""


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Playwright's own Node.js, with the driver as a stock Firefox needs it."""
    spec = find_spec("playwright")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    own = Path(spec.submodule_search_locations[0]) / "driver" / "node"
    script = tmp_path_factory.mktemp("driver") / "node"
    older = Path(__file__).with_name("older.js")
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(str(own))} --require {shlex.quote(str(older))} "$@"\n')
    script.chmod(0o755)
    return script


SLOW = pytest.mark.slow


@pytest.fixture(params=["chromium", pytest.param("firefox", marks=SLOW), pytest.param("webkit", marks=SLOW)])
def kind(request: pytest.FixtureRequest, node: Path, monkeypatch: pytest.MonkeyPatch) -> Kind:
    """Each browser, or a skip with the reason for it."""
    wanted: Kind = request.param
    if wanted == "firefox" and find_build("firefox") is None:
        monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(node))
    if wanted not in MISSING:
        MISSING[wanted] = asyncio.run(_try(wanted))
    if MISSING[wanted]:
        pytest.skip(MISSING[wanted])
    return wanted


@pytest_asyncio.fixture(loop_scope="session")
async def see(kind: Kind, site: "Site") -> AsyncGenerator[See]:
    """Opens a page with this body."""
    environments: list[PlaywrightEnvironment] = []

    async def open_page(html: str = "", **options: Any) -> Seen:
        environment = PlaywrightEnvironment(browser=kind, **options)
        environments.append(environment)
        return Seen(environment, await environment.reset(Task(goal="try it", start_url=site.put(html))))

    yield open_page
    for environment in environments:
        await environment.close()
