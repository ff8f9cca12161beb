"""What a page shows, without loss, at the device's own resolution."""

import base64
from typing import Any

import cv2
import numpy as np

from ...errors import EnvironmentLost
from ...screen import Screenshot, Size
from .page import BrowserPage

_NO_ZOOM = 1e-3


async def capture(page: BrowserPage, viewport: Size, device_scale: float) -> Screenshot:
    """Dimensions: viewport times device scale. DevTools' fast PNG has the same pixels in a third of the time.

    Without a clip DevTools ignores an emulated device scale; with one it undoes a pinch zoom, so that a page with
    both goes through Playwright's slower way.
    """
    params: dict[str, Any] = {"format": "png", "optimizeForSpeed": True}
    if device_scale != 1:
        view = await page.view()
        if abs(view.zoom - 1) > _NO_ZOOM:
            png = await page.page.screenshot(type="png", scale="device", animations="allow", caret="initial")
            return _decode(png, device_scale)
        params["clip"] = {
            "x": view.scrolled.x,
            "y": view.scrolled.y,
            "width": viewport.width,
            "height": viewport.height,
            "scale": device_scale,
        }
    answer = await page.send("Page.captureScreenshot", **params)
    return _decode(base64.b64decode(answer["data"]), device_scale)


def _decode(png: bytes, device_scale: float) -> Screenshot:
    """OpenCV takes half of Pillow's time, for the same pixels."""
    pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR_RGB)
    if pixels is None:
        raise EnvironmentLost(f"the browser sent {len(png)} bytes that are no picture")
    return Screenshot(pixels=pixels.astype(np.uint8, copy=False), scale=device_scale)
