"""The whole page in pictures of the size of the screen, whatever part of it is on show."""

import base64
from dataclasses import dataclass
from itertools import product
from math import ceil

from ...screen import Box, Screenshot
from .capture import decode
from .focus import state_of
from .window import BrowserWindow

MAX_TILES = 40
"""Unless told otherwise: forty times 1288 x 728 are 112 MB of pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A picture of one part of a page. `box` is that part, in pixels from the page's own top left corner."""

    screenshot: Screenshot
    box: Box


async def tiles_of(window: BrowserWindow, most: int) -> tuple[Tile, ...]:
    """Row by row from the top, each as large as the screen or what is left of the page; none beyond `most`.

    A pinch zoom is left out. What is fixed to the screen is drawn where the page begins.
    """
    page, scale = window.active, window.device_scale
    extent = (await state_of(page)).extent
    if extent is None:
        return ()
    zoom = (await page.view()).pixels_per_css
    width, height = ceil(extent.width / zoom - 0.01), ceil(extent.height / zoom - 0.01)
    tiles: list[Tile] = []
    across, down = window.viewport.width, window.viewport.height
    for y, x in list(product(range(0, height, down), range(0, width, across)))[:most]:
        clip = {"x": x, "y": y, "width": min(across, width - x), "height": min(down, height - y)}
        answer = await page.send(
            "Page.captureScreenshot",
            format="png",
            optimizeForSpeed=True,
            captureBeyondViewport=True,
            clip=clip | {"scale": scale / page.own_scale},
        )
        shot = decode(base64.b64decode(answer["data"]), scale)
        left, top = x * scale, y * scale
        tiles.append(Tile(screenshot=shot, box=Box(left, top, left + shot.size.width, top + shot.size.height)))
    return tuple(tiles)
