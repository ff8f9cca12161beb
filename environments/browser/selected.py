"""What a selector of Playwright's finds on a page."""

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from ...errors import EnvironmentLost, UsageError
from ...screen import Box
from .faults import reason_of

IN_SIGHT_S = 5.0


async def box_selected(page: Page, selector: str) -> Box | None:
    """Where the only thing is that a selector finds, brought into sight; CSS pixels of the viewport.

    None where it finds nothing, several, or what nobody can see. Raises UsageError for what is no selector.
    """
    found = page.locator(selector)
    try:
        if await found.count() != 1 or not await found.is_visible():
            return None
        await found.scroll_into_view_if_needed(timeout=1000 * IN_SIGHT_S)
        box = await found.bounding_box(timeout=1000 * IN_SIGHT_S)
    except PlaywrightTimeoutError:
        return None
    except PlaywrightError as error:
        if page.is_closed():
            raise EnvironmentLost("the page is closed") from None
        raise UsageError(f"{selector!r} is no selector: {reason_of(error)}") from None
    return None if box is None else Box(box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"])
