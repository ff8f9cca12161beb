"""A browser of our own as the screen of a test, with selectors of Playwright's."""

from ...environments import BrowserEnvironment, Environment
from ...environments.browser.selected import box_selected
from ..stage import Stage
from ..target import Found


class BrowserStage(Stage):
    """The tab in front of `browser`, which `environment` shows as a test may see it."""

    def __init__(self, environment: Environment, browser: BrowserEnvironment) -> None:
        super().__init__(environment)
        self._browser = browser

    @property
    def browser(self) -> str:
        return "chromium"

    async def selected(self, selector: str) -> Found | None:
        await self.begin()
        box = await box_selected(self._browser.window.active.page, selector)
        if box is None:
            return None
        scale = (await self.look()).scale
        place = box.scale(scale, scale)
        return Found(point=place.center, box=place, how="selector")
