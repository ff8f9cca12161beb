"""What the pictures say of an action, without a model: did what should change, change?"""

from ...environments.addresses import same_page
from ...screen import Box, Observation, Point, difference
from ...tools import Action, Press, Scroll, TypeText, points_of
from ..record.trace import Found

AROUND = 32
"""Input units to each side of a place that belong to it: a button's own edge, its label, a box that it opens."""


def compare(action: Action, before: Observation, after: Observation) -> tuple[Found, float]:
    """Where the screen is another one after an action, and the share of its pixels that is."""
    apart = difference(before.screenshot, after.screenshot)
    if _is_elsewhere(before, after):
        return "navigated", apart.ratio
    if apart.box is None:
        return "unchanged", 0.0
    places = _places(action, before)
    if not places:
        return "changed", apart.ratio
    return "changed here" if apart.touches(places) else "changed elsewhere", apart.ratio


def _is_elsewhere(before: Observation, after: Observation) -> bool:
    """Whether another page, tab or window is shown; not another place on the same page, or one tab behind it less."""
    if after.effect in ("navigated", "new_tab") or not same_page(before.url, after.url):
        return True
    return after.effect is None and len(before.tabs) != len(after.tabs)


def _places(action: Action, before: Observation) -> list[Box]:
    """What an action touches: around its points, or what has the focus; nothing where it is all of the screen."""
    margin = AROUND * before.screenshot.scale
    match action:
        case Scroll():
            return []
        case TypeText() | Press():
            return [] if before.focus is None else [before.focus.box.grow(margin)]
        case _:
            return [_around(point, margin) for point in points_of(action)]


def _around(point: Point, margin: float) -> Box:
    return Box(point.x - margin, point.y - margin, point.x + margin, point.y + margin)
