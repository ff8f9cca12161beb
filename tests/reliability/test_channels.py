"""The ways of a page by HTTPS, in a frame and in a new tab. By HTTP, in the page itself, they are in test_egress.py."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
from clickwright.environments import BrowserEnvironment, Chromium
from clickwright.reliability.channels import CHANNELS, LEAST, TRUSTING, Place, tried

in_browser = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def trusting() -> AsyncGenerator[Chromium]:
    async with Chromium(arguments=(TRUSTING,)) as chromium:
        yield chromium


@pytest.mark.slow
@in_browser
@pytest.mark.parametrize("place", ["frame", "tab"])
async def test_no_way_leads_to_where_it_may_not(trusting: Chromium, place: Place) -> None:
    kept = await tried(BrowserEnvironment(chromium=trusting), place, secure=True, confined=True)
    assert kept.leaked == 0
    assert kept.refused > 30


@in_browser
async def test_the_same_ways_lead_there_where_nothing_keeps_them(trusting: Chromium) -> None:
    free = await tried(BrowserEnvironment(chromium=trusting), "frame", secure=True, confined=False)
    assert len(free.arrived) >= LEAST, CHANNELS.keys() - free.arrived
