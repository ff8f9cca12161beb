"""What became of a page, or of a pane on it, that was scrolled."""

from ..screen import Box
from .sight import Sight


def is_at_end(sight: Sight, after: Sight, pane: Box | None) -> bool:
    """Whether nothing was scrolled any more: of a pane, where it shows the same, or where the page began to move."""
    if pane is None:  # two parts of a long page may look the same
        is_still = after.observation.page == sight.observation.page
        return is_still and after.screenshot.frame == sight.screenshot.frame
    return _gone(sight, after) != (0, 0) or after.shown.crop(pane).frame == sight.shown.crop(pane).frame


def _gone(sight: Sight, after: Sight) -> tuple[float, float] | None:
    """How far the page has moved between two looks, None where nobody tells. One that only grew has not."""
    was, now = sight.observation.page, after.observation.page
    if was is None or now is None:
        return (0, 0) if was is now else None
    return now.x1 - was.x1, now.y1 - was.y1


def carried(pane: Box, sight: Sight, after: Sight) -> Box:
    """Where it is now that the page has moved."""
    dx, dy = _gone(sight, after) or (0, 0)
    return Box(pane.x1 + dx, pane.y1 + dy, pane.x2 + dx, pane.y2 + dy)
