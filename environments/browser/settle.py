"""When a page has answered an action: told by its own events, never by a fixed time."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from .loading import LoadingPage, quietly
from .tabs import OpenTabs

PAINT_S = 60.0
"""Longer than any deadline: a page that does not paint is noticed by that."""
LATE_S = 0.05
"""What a page shows of an action in its own time, such as by a timer of its own: as long as three frames."""
NETWORK_S = 2.0
"""How long requests that are no navigation are waited for: some pages never fall silent."""

# One frame, and the one that a screenshot makes, show what the action changed. Transitions that end soon are let end: a
# menu that is half open shows its entries where they will not stay. The timer is a cap for pages that paint nothing,
# such as hidden ones.
_PAINTED = """new Promise((done) => {
  setTimeout(done, 1000);
  requestAnimationFrame(() => {
    const moving = document.getAnimations().filter((one) =>
      one.playState === "running" && one.effect && one.effect.getComputedTiming().endTime <= 1000);
    if (moving.length) Promise.allSettled(moving.map((one) => one.finished)).then(() => requestAnimationFrame(done));
    else done();
  });
})"""

# A frame of another process paints in its own time. What is out of sight does not paint at all.
_FRAME_PAINTED = """new Promise((done) => {
  const watch = new IntersectionObserver(([seen]) => {
    watch.disconnect();
    if (!seen.isIntersecting) done();
    else requestAnimationFrame(() => requestAnimationFrame(() => done()));
  });
  watch.observe(document.documentElement);
})"""
MAX_FRAMES = 10
FRAMES_S = 0.15
"""How much longer than for the page itself its frames are waited for: a busy one is no reason to wait for ever."""


async def settle(window: OpenTabs[Any], *, navigation_s: float) -> None:
    """Wait until the active page is painted and loads nothing more, or for as long as is reasonable.

    A page whose document has not come after `navigation_s` is stopped, because Chromium answers no question about
    a page that is being left; that is reported as an event.
    """
    clock = window.dialogs.clock
    began = clock()
    while True:
        page = window.active
        await page.prepare()
        if page.is_navigating and not await _arrive(page, clock, began + navigation_s):
            await page.stop()
            window.report(f"the page did not come within {navigation_s:g} s, so that loading it was stopped")
        if not await _paint(page) or window.active is not page:
            if clock() < began + navigation_s:
                continue
            return  # it is left again and again
        left_s = began + min(NETWORK_S, navigation_s) - clock()
        if left_s <= 0:
            page.expect_nothing()
            window.downloads.stop_waiting()
            return
        if not (page.is_loading or window.downloads.awaited):
            return
        if page.is_loading:
            await page.change(left_s)
        else:
            await asyncio.wait(set(window.downloads.awaited), timeout=left_s)


async def _arrive(page: LoadingPage, clock: Callable[[], float], until: float) -> bool:
    """Whether the document that is on its way came in time."""
    while page.is_navigating:
        if clock() >= until:
            return False
        await page.change(until - clock())
    with suppress(PlaywrightTimeout):  # what has come of it by then is shown
        await page.page.wait_for_load_state("domcontentloaded", timeout=max(1.0, (until - clock()) * 1000))
    return True


async def _paint(page: LoadingPage) -> bool:
    """Wait for two frames; False when the page began to be left meanwhile."""
    painting = asyncio.ensure_future(page.paint(_PAINTED))
    frames = [
        asyncio.ensure_future(quietly(frame.evaluate(_FRAME_PAINTED))) for frame in page.page.frames[1 : MAX_FRAMES + 1]
    ]
    try:
        while not painting.done():
            if page.is_navigating:
                return False
            await page.change(PAINT_S, beside=painting)
        painting.result()
        if frames:
            await asyncio.wait(frames, timeout=FRAMES_S)
    except PlaywrightError:
        if page.page.is_closed():
            return True
        await page.page.wait_for_load_state("domcontentloaded")
        return False
    finally:
        for work in (painting, *frames):
            work.cancel()
    return True
