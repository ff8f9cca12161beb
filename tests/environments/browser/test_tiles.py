"""Pictures of a whole page fit together without a seam, and what is on show does not move."""

import typing

import numpy as np
import pytest
from clickwright.screen import Box, Point
from clickwright.tools import Scroll

if typing.TYPE_CHECKING:
    from conftest import Open

pytestmark = pytest.mark.asyncio(loop_scope="session")

STRIPES = (
    "<div style='width:2000px; height:1700px; background:linear-gradient(90deg, red, blue)'></div>"
    "<div style='width:2000px; height:300px; background:linear-gradient(lime, black)'></div>"
    "<script>addEventListener('scroll', () => note('scroll'))</script>"
)


@pytest.mark.parametrize("scale", [1.0, 2.0])
async def test_tiles_make_the_whole_page(show: "Open", scale: float) -> None:
    page = await show(STRIPES, device_scale=scale)
    await page.step(Scroll(point=Point(50, 50), dx=100 * scale, dy=333 * scale))
    before, heard = await page.observe(), len(await page.log())
    tiles = await page.environment.tiles()
    assert len(tiles) == 6
    whole = np.zeros((round(2000 * scale), round(2000 * scale), 3), np.uint8)
    for tile in tiles:
        box = tile.box
        whole[int(box.y1) : int(box.y2), int(box.x1) : int(box.x2)] = tile.screenshot.pixels
    after = await page.observe()
    assert (after.screenshot.frame, after.page) == (before.screenshot.frame, before.page)
    assert len(await page.log()) == heard
    x, y = round(100 * scale), round(333 * scale)
    size = before.screenshot.size
    assert (whole[y : y + size.height, x : x + size.width] == before.screenshot.pixels).all()
    assert tuple(whole[-1, -1]) == tuple(whole[-1, 0])  # the end of the second stripe, black or nearly so


async def test_tiles_are_limited(show: "Open") -> None:
    page = await show("<div style='height:100000px'></div>")
    tiles = await page.environment.tiles(most=2)
    assert [tile.box for tile in tiles] == [Box(0, 0, 1288, 728), Box(0, 728, 1288, 1456)]
