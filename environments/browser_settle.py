"""When a page has answered an action: told by its own events, never by a fixed time."""

import asyncio

from playwright.async_api import Error as PlaywrightError

from .browser_page import BrowserPage
from .browser_window import BrowserWindow

NETWORK_S = 2.0
"""How long requests that are no navigation are waited for: some pages never fall silent."""

# Two frames show what the action changed. Transitions that end soon are let end: a menu that is half open shows
# its entries where they will not stay. The timer is a cap for pages that paint nothing, such as hidden ones.
_PAINTED = """() => new Promise((done) => {
  setTimeout(done, 1000);
  const twice = () => requestAnimationFrame(() => requestAnimationFrame(() => done()));
  requestAnimationFrame(() => {
    const moving = document.getAnimations().filter((one) =>
      one.playState === "running" && one.effect && one.effect.getComputedTiming().endTime <= 1000);
    Promise.allSettled(moving.map((one) => one.finished)).then(twice);
  });
})"""


async def settle(window: BrowserWindow, *, navigation_s: float) -> None:
    """Wait until the active page is painted and loads nothing more, or for as long as is reasonable.

    A page that is still on its way after `navigation_s` is reported as an event.
    """
    clock = asyncio.get_running_loop().time
    began = clock()
    while True:
        page = window.active
        await page.prepare()
        await _paint(page)
        if window.active is not page:
            continue
        if not page.is_loading and not window.downloads:
            return
        limit_s = navigation_s if page.is_navigating else min(NETWORK_S, navigation_s)
        while (left_s := began + limit_s - clock()) > 0 and page.is_loading and window.active is page:
            await page.change(left_s)
            limit_s = navigation_s if page.is_navigating else min(NETWORK_S, navigation_s)
        if window.downloads and left_s > 0:
            await asyncio.wait(set(window.downloads), timeout=left_s)
        if left_s <= 0:
            if page.is_navigating:
                window.report("the page is still loading")
            return


async def _paint(page: BrowserPage) -> None:
    """Wait for two frames; a page that is replaced meanwhile counts once its document is there."""
    try:
        await page.page.evaluate(_PAINTED)
    except PlaywrightError:
        if page.page.is_closed():
            return
        await page.page.wait_for_load_state("domcontentloaded")
        await page.page.evaluate(_PAINTED)
