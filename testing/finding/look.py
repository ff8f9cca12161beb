"""How a thing looks now, kept so that it can be found again."""

from collections.abc import Sequence

from ...screen import Box, Element, Point
from ..sight import Sight
from ..target import Target
from .kind import is_same_kind
from .layout import anchors_of
from .pane import pane_at
from .picture import places_of
from .texts import has_words, plain, shape_of, texts_of

ALONE_PX = 48
"""The side of the box around a point that lies on nothing known, in input units."""
MUCH_LARGER = 4
AROUND_PX = 48
"""How much around a thing is kept where only the picture says which of several alike it is, in input units."""


def target_at(sight: Sight, point: Point, box: Box | None = None, *, is_pane: bool = False) -> Target:
    """The thing at a point: the page's element there, else the box that was pointed at, else what lies around it.

    A box much larger than the element at its middle is of something else, such as a card with a button in it. A pane
    has its box, and is the element that fills it, whatever lies at its middle.
    """
    pane = box if is_pane else None
    element = _meant_at(sight, point, box) if pane is None else pane_at(sight, pane)
    half = ALONE_PX * sight.scale / 2
    on = point.clip(sight.size)
    alone = Box(on.x - half, on.y - half, on.x + half, on.y + half).clip(sight.size)
    whole = (pane or (element.box if element is not None else box or alone)).clip(sight.size)
    whole = whole if min(whole.width, whole.height) >= 1 else alone  # a model may write a box without any extent
    text = sight.text_in(whole)
    crop = sight.shown.crop(whole)
    others, count = _alike(sight, whole, element, text)
    if element is None and not text:
        count = max(1, len(places_of(crop, sight.shown, 1)))
    anchors, own = anchors_of(sight, whole, others)
    around = whole.grow(AROUND_PX * sight.scale).clip(sight.size)
    return Target(
        box=whole,
        point=point,
        screen=sight.size,
        scale=sight.scale,
        crop=crop,
        element=element,
        anchors=anchors,
        text=text,
        own=own,
        alike=count,
        around=sight.shown.crop(around) if count > 1 and not own else None,
    )


def element_at(sight: Sight, point: Point) -> Element | None:
    """The smallest element that a point lies on."""
    hit = [element for element in sight.elements if element.box.contains(point)]
    return min(hit, key=lambda element: element.box.area, default=None)


def _meant_at(sight: Sight, point: Point, box: Box | None) -> Element | None:
    element = element_at(sight, point)
    is_part = element is not None and box is not None and box.area > MUCH_LARGER * element.box.area
    return None if is_part else element


def _alike(sight: Sight, box: Box, element: Element | None, text: str) -> tuple[Sequence[Box], int]:
    """The boxes of what could be taken for the thing, and how many are called as it is, itself included."""
    if element is not None:
        name = plain(element.name)
        others = [
            one.box
            for one in sight.elements
            if one is not element and is_same_kind(element.role, one.role) and plain(one.name) == name
        ]
        return others, 1 + len(others)
    others = [label for label in texts_of(sight) if box.intersect(label.box) is None]
    same = [label for label in others if plain(label.text) == plain(text)]
    return [label.box for label in others if shape_of(label.text) == shape_of(text) or has_words(text)], 1 + len(same)
