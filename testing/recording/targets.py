"""Things between a test and its recording."""

from ...screen import Box, Element, Label, Point, Screenshot, Size
from ..target import Target
from .recorded import RecordedElement, RecordedLabel, RecordedTarget

_DIGITS = 2


def recorded(target: Target, picture: str, around: str | None = None) -> RecordedTarget:
    """The thing as it is written down; its pictures go into files of these names."""
    element, box = target.element, _numbers(target.box)
    return RecordedTarget(
        picture=picture,
        box=box,
        point=(_within(target.point.x, box[0], box[2]), _within(target.point.y, box[1], box[3])),
        element=element
        and RecordedElement(role=element.role, name=element.name, value=element.value, states=element.states),
        text=target.text,
        alike=target.alike,
        is_whole=target.is_whole,
        own=target.own,
        around=around,
        anchors=tuple(RecordedLabel(text=label.text, box=_numbers(label.box)) for label in target.anchors),
    )


def remembered(
    kept: RecordedTarget, crop: Screenshot, screen: Size, scale: float, around: Screenshot | None = None
) -> Target:
    """The thing as it was."""
    box, told = Box(*kept.box), kept.element
    return Target(
        box=box,
        point=Point(*kept.point),
        screen=screen,
        scale=scale,
        crop=crop,
        element=told and Element(box=box, role=told.role, name=told.name, value=told.value, states=told.states),
        text=kept.text,
        alike=kept.alike,
        is_whole=kept.is_whole,
        own=kept.own,
        around=around,
        anchors=tuple(Label(label.text, Box(*label.box)) for label in kept.anchors),
    )


def _within(place: float, least: float, most: float) -> float:
    return min(max(round(place, _DIGITS), least), most)


def _numbers(box: Box) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = (round(edge, _DIGITS) for edge in (box.x1, box.y1, box.x2, box.y2))
    return x1, y1, x2, y2
