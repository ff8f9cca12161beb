"""AndroidControl, as the standard evaluation of UI-S1 scores a step (evaluation/qwenvl_utils.py, MobileAgent/UI-S1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Literal

from ...screen import Box, Point, Size

GROWTH = 1.2
"""Of the boxes that a click may lie in."""
NEAR = 0.04
"""How far from the right point, in shares of the screen's width and height, a click may be that lies in no box."""

Word = Literal["click", "long_press", "type", "open", "swipe", "system_button", "wait", "terminate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An action in the words of the data. Places are pixels of the screenshot."""

    word: Word
    point: Point | None = None
    text: str = ""
    """What is typed, the name of the app, or the status at the end."""
    button: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """Whether the kind of an action is right, and whether all of it is."""

    kind: bool
    whole: bool


def match(said: Move | None, right: Move, boxes: Sequence[Box], size: Size) -> Match:
    """How right an action is. `boxes` are the candidates of a click, and of the icon of an app that is to be opened.

    Any swipe is right for a swipe, whichever way it goes: the script says that the data have up and down confused. An
    app may also be opened by a click on its icon, where the data give a box of it.
    """
    if said is None:
        return Match(False, False)
    if right.word == "open" and said.word == "click" and boxes and said.point is not None:
        return Match(True, is_hit(said.point, boxes, boxes[0].center, size))
    if said.word != right.word:
        return Match(False, False)
    match right.word:
        case "wait" | "swipe":
            return Match(True, True)
        case "system_button":
            return Match(True, said.button.strip().lower() == right.button.strip().lower())
        case "type" | "open":
            return Match(True, is_same_text(said.text, right.text))
        case "terminate":
            return Match(True, said.text == right.text)
        case "click" | "long_press":
            return Match(True, said.point is not None and is_hit(said.point, boxes, right.point, size))


def is_hit(point: Point, boxes: Sequence[Box], right: Point | None, size: Size) -> bool:
    """Whether a click lies in a box that is enlarged by 1.2, or within 4 % of the screen of the right point."""
    for box in boxes:
        wide, high = GROWTH * box.width / 2, GROWTH * box.height / 2
        if abs(point.x - box.center.x) <= wide and abs(point.y - box.center.y) <= high:
            return True
    return right is not None and hypot((point.x - right.x) / size.width, (point.y - right.y) / size.height) <= NEAR


def is_same_text(one: str, other: str) -> bool:
    """Whether one holds the other, in any case."""
    one, other = one.strip().lower(), other.strip().lower()
    return one == other or bool(one and other and (one in other or other in one))
