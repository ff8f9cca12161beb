"""What a page shows, without loss, at the device's own resolution."""

import base64
import io
from typing import Any

import numpy as np
from PIL import Image

from ...screen import Screenshot, Size
from .page import BrowserPage

_NO_ZOOM = 1e-3


async def capture(page: BrowserPage, viewport: Size, device_scale: float) -> Screenshot:
    """Dimensions: viewport times device scale. DevTools' fast PNG has the same pixels in a third of the time.

    A page that is not ours has its scale emulated by another session, of which DevTools' pictures know nothing: without
    a clip they ignore that scale, with one they undo a pinch zoom, so that both together go Playwright's slower way.
    """
    params: dict[str, Any] = {"format": "png", "optimizeForSpeed": True}
    if device_scale != page.own_scale:
        view = await page.view()
        if abs(view.zoom - 1) > _NO_ZOOM:
            png = await page.page.screenshot(type="png", scale="device", animations="allow", caret="initial")
            return decode(png, device_scale)
        params["clip"] = {
            "x": view.scrolled.x,
            "y": view.scrolled.y,
            "width": viewport.width,
            "height": viewport.height,
            "scale": device_scale / page.own_scale,
        }
    answer = await page.send("Page.captureScreenshot", **params)
    return decode(base64.b64decode(answer["data"]), device_scale)


def decode(png: bytes, device_scale: float) -> Screenshot:
    """A PNG as a screenshot."""
    with Image.open(io.BytesIO(png)) as picture:
        return Screenshot(pixels=np.array(picture.convert("RGB")), scale=device_scale)
