"""What a finger does where a mouse would click, hold and drag elsewhere."""

import asyncio
from collections.abc import Sequence

from playwright.async_api import Error as PlaywrightError

from ...screen import Point
from .page import BrowserPage

STILL_S = 0.06
"""A finger that rests for 40 ms before it is lifted throws nothing: the page stays where it was put."""


async def tap(page: BrowserPage, place: Point, count: int) -> None:
    for _ in range(count):
        await page.page.touchscreen.tap(place.x, place.y)


async def hold(page: BrowserPage, place: Point, seconds: float) -> None:
    """As a gesture of the browser's own: one that is made of touches ends in a click, however long it takes."""
    gesture = {"x": place.x, "y": place.y, "duration": round(seconds * 1000), "gestureSourceType": "touch"}
    await page.send("Input.synthesizeTapGesture", **gesture)


async def slide(page: BrowserPage, path: Sequence[Point], seconds: float) -> None:
    """Put a finger down at the first place, move it through the others, lift it after so many seconds."""
    await _touch(page, "touchStart", path[:1])
    try:
        clock = asyncio.get_running_loop().time
        began = clock()
        for number, place in enumerate(path[1:], 1):
            await _touch(page, "touchMove", (place,))
            await asyncio.sleep(max(0.0, began + seconds * number / len(path) - clock()))
        await asyncio.sleep(max(STILL_S if len(path) > 1 else 0.0, began + seconds - clock()))
    except (asyncio.CancelledError, PlaywrightError):
        await _touch(page, "touchCancel", ())
        raise
    await _touch(page, "touchEnd", ())


async def _touch(page: BrowserPage, kind: str, places: Sequence[Point]) -> None:
    await page.send("Input.dispatchTouchEvent", type=kind, touchPoints=[{"x": one.x, "y": one.y} for one in places])
