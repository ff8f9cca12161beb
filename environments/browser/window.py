"""The open tabs of a context that are driven through DevTools, and what was judged in them last."""

from dataclasses import dataclass

from playwright.async_api import Page

from ...tools import Action, points_of
from ..environment import Facts
from .page import BrowserPage
from .shape import screen_shape
from .tabs import OpenTabs


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What an action was said to touch, and the tab and the document (of those that it has shown) that this was in."""

    page: BrowserPage
    document: int
    action: Action
    facts: Facts
    focus: tuple[str, int] | None = None
    """What had the focus, for keys: DevTools' names of its frame and of itself."""

    def is_about(self, action: Action) -> bool:
        return action.kind == self.action.kind and points_of(action) == points_of(self.action)

    def is_shown_by(self, page: BrowserPage) -> bool:
        return page is self.page and page.documents == self.document


class BrowserWindow(OpenTabs[BrowserPage]):
    """Tabs whose screen is emulated through DevTools, but for that of a page that was lent."""

    judged: Judged | None = None
    """What facts were last asked for; good for one action."""

    def _watched(self, page: Page) -> BrowserPage:
        shape = None if self._lent else screen_shape(self.viewport, self.device_scale, is_mobile=self._is_mobile)
        watched = BrowserPage(page, self.device_scale, shape)
        if self._has_own_size:
            watched.own_scale = self.device_scale
        return watched
