"""A page of the user's own Playwright as the screen of a test."""

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from ..environments import BrowserEnvironment
from ..environments.browser.selected import box_selected
from ..environments.browser.tracing import grouped
from .stage import Stage
from .target import Found

if TYPE_CHECKING:
    from ..environments.browser.sync_page import Page


class PageStage(Stage):
    """Acts on the page, which stays open, and on tabs that open from it. Whatever else a test does with it goes on."""

    environment: BrowserEnvironment

    def __init__(self, page: "Page") -> None:
        super().__init__(BrowserEnvironment.around(page))
        self.page = page

    async def selected(self, selector: str) -> Found | None:
        """What a selector of Playwright's finds in the tab that is looked at; None for nothing, or several."""
        await self.begin()
        box = await box_selected(self.environment.window.active.page, selector)
        if box is None:
            return None
        scale = self.scale or (await self.look()).scale
        place = box.scale(scale, scale)
        return Found(point=place.center, box=place, how="selector")

    @property
    def browser(self) -> str:
        browser = self.page.context.browser
        return "" if browser is None else browser.browser_type.name

    def group(self, name: str) -> AbstractAsyncContextManager[None]:
        return grouped(self.page.context, name)
