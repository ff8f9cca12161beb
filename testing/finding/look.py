"""How a thing looks now, kept so that it can be found again."""

from ...screen import Box, Element, Label, Point
from ..sight import Sight
from ..target import Target

ALONE_PX = 48
"""The side of the box around a point that lies on nothing known, in input units."""
MAX_ANCHORS = 6


def target_at(sight: Sight, point: Point, box: Box | None = None) -> Target:
    """The thing at a point: the page's element there, else the box that was pointed at, else what lies around it."""
    element = element_at(sight, point)
    half = ALONE_PX * sight.scale / 2
    alone = Box(point.x - half, point.y - half, point.x + half, point.y + half)
    whole = (element.box if element is not None else box or alone).clip(sight.size)
    return Target(
        box=whole,
        point=point,
        screen=sight.size,
        scale=sight.scale,
        crop=sight.screenshot.crop(whole),
        element=element,
        anchors=anchors_of(sight, whole),
    )


def element_at(sight: Sight, point: Point) -> Element | None:
    """The smallest element that a point lies on."""
    hit = [element for element in sight.elements if element.box.contains(point)]
    return min(hit, key=lambda element: element.box.area, default=None)


def anchors_of(sight: Sight, box: Box) -> tuple[Label, ...]:
    """The texts nearest to a box, outside of it."""
    outside = [label for label in sight.labels if box.intersect(label.box) is None]
    return tuple(sorted(outside, key=lambda label: label.box.center.distance(box.center))[:MAX_ANCHORS])
