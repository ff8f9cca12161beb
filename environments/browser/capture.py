"""What a page shows, without loss, at the device's own resolution."""

import asyncio
import base64
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from playwright.async_api import Error as PlaywrightError

from ...errors import EnvironmentLost
from ...screen import Screenshot, Size
from .loading import LoadingPage
from .page import BrowserPage

LEFT_S = 0.2
"""How long a picture of a page that was left may still come."""
LONG_S = 60.0
"""Longer than any deadline."""
_LEFT = ("Not attached to an active page", "Unable to capture screenshot")
_NO_ZOOM = 1e-3


async def capture(page: BrowserPage, viewport: Size, device_scale: float) -> Screenshot:
    """Dimensions: viewport times device scale. Taken anew where another document comes meanwhile."""
    return await taken(page, lambda: picture(page, viewport, device_scale), device_scale)


async def taken(page: LoadingPage, take: Callable[[], Coroutine[Any, Any, bytes]], device_scale: float) -> Screenshot:
    """Like `capture`, of a PNG that is taken in another way."""
    began = time.monotonic()
    while True:
        png = await _unless_left(page, take())
        if png is not None:
            return replace(decode(png, device_scale), took_s=time.monotonic() - began)
        await asyncio.sleep(LEFT_S / 10)


async def _unless_left(page: LoadingPage, work: Coroutine[Any, Any, bytes]) -> bytes | None:
    """None where the page was left: Chromium then gives an error, or never answers."""
    taking, arrivals = asyncio.ensure_future(work), page.arrivals
    try:
        while not taking.done() and page.arrivals == arrivals:
            await page.change(LONG_S, beside=taking)
        await asyncio.wait({taking}, timeout=LEFT_S)
        return taking.result() if taking.done() else None
    except PlaywrightError as error:
        if not any(words in str(error) for words in _LEFT):
            raise
        return None
    finally:
        taking.cancel()


async def picture(page: BrowserPage, viewport: Size, device_scale: float) -> bytes:
    """A PNG. DevTools' fast one has the same pixels as Playwright's, in a third of the time.

    A clip undoes a pinch zoom. Without one, now and then, Chromium forgets what it took a picture of an emulated scale
    for: from then on the mouse lands at a share of where it points. So pictures at such a scale have a clip, unless the
    page is zoomed. A page that is not ours has its scale emulated by another session, of which DevTools' pictures know
    nothing without a clip: there, both together go Playwright's slower way.
    """
    params: dict[str, Any] = {"format": "png", "optimizeForSpeed": True}
    if device_scale != 1 or device_scale != page.own_scale:
        view = await page.view()
        if abs(view.zoom - 1) <= _NO_ZOOM:
            params["clip"] = {
                "x": view.scrolled.x,
                "y": view.scrolled.y,
                "width": viewport.width,
                "height": viewport.height,
                "scale": device_scale / page.own_scale,
            }
        elif device_scale != page.own_scale:
            return await page.page.screenshot(type="png", scale="device", animations="allow", caret="initial")
    answer = await page.send("Page.captureScreenshot", **params)
    return base64.b64decode(answer["data"])


def decode(png: bytes, device_scale: float) -> Screenshot:
    """OpenCV takes half of Pillow's time, for the same pixels."""
    pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR_RGB)
    if pixels is None:
        raise EnvironmentLost(f"the browser sent {len(png)} bytes that are no picture")
    return Screenshot(pixels=pixels.astype(np.uint8, copy=False), scale=device_scale)
