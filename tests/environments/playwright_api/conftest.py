"""One environment of each browser that is here and works: Chromium always, Firefox where Playwright can drive one."""

import asyncio
import typing
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, Literal

import pytest
import pytest_asyncio
from clickwright.environments import PlaywrightEnvironment
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


@pytest.fixture(params=["chromium", "firefox", "webkit"])
def kind(request: pytest.FixtureRequest) -> Kind:
    """Each browser, or a skip with the reason for it."""
    wanted: Kind = request.param
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
