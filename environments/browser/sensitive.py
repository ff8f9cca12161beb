"""Where a page shows fields for passwords and the like."""

import asyncio
from contextlib import suppress

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame

from ...screen import Box
from .element_script import SENSITIVE
from .fields import INSIDE_S, box_in_viewport
from .page import BrowserPage
from .window import BrowserWindow


async def sensitive_boxes(window: BrowserWindow) -> tuple[Box, ...]:
    """Fields for passwords, codes and card numbers, in every frame and open shadow root, in screenshot pixels."""
    page = window.active
    view = await page.view()
    boxes: list[Box] = []
    for found in await asyncio.gather(*(_sensitive_in(page, frame) for frame in page.page.frames)):
        boxes += (view.to_screen(box).clip(window.size) for box in found)
    return tuple(box for box in boxes if box.area > 0)


async def _sensitive_in(page: BrowserPage, frame: Frame) -> list[Box]:
    """Those of one frame, in CSS pixels of the page's viewport; of one that hangs, all that it shows."""
    around = frame.parent_frame
    try:
        async with asyncio.timeout(None if around is None else INSIDE_S):
            return [await box_in_viewport(frame, field) for field in await frame.query_selector_all(SENSITIVE)]
    except TimeoutError:
        if around is None:
            raise
        with suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(INSIDE_S):
                return [await box_in_viewport(around, await frame.frame_element())]
    except PlaywrightError:
        if page.page.is_closed() or around is None:
            raise
    return []  # the frame went away meanwhile, or hangs with the one around it
