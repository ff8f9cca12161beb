"""The open tabs of a context that are driven through DevTools."""

from playwright.async_api import Page

from .page import BrowserPage
from .shape import screen_shape
from .tabs import OpenTabs


class BrowserWindow(OpenTabs[BrowserPage]):
    """Tabs whose screen is emulated through DevTools, but for that of a page that was lent."""

    def _watched(self, page: Page) -> BrowserPage:
        shape = None if self._lent else screen_shape(self.viewport, self.device_scale, is_mobile=self._is_mobile)
        watched = BrowserPage(page, self.device_scale, shape)
        if self._has_own_size:
            watched.own_scale = self.device_scale
        return watched
