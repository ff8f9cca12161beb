"""Clicks land within a pixel on every kind of page that the measurement knows; the table of all scales is in perf/."""

import typing

import pytest
from clickwright.environments import Chromium
from clickwright.perf.clicks import LIMIT_PX, SETTINGS, Setting, Site, measure

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda one: typing.cast(Setting, one).name)
async def test_every_click_lands_within_a_pixel(chromium: Chromium, setting: Setting) -> None:
    async with Site() as site:
        landed = await measure(site, chromium, 1.5, setting, clicks=3)
    assert (landed.hits, landed.worst_px <= LIMIT_PX) == (3, True)
