"""A thing on a screen as it was when a test was recorded, and where one like it was found."""

from dataclasses import dataclass
from typing import Literal

from ..screen import Box, Element, Label, Point, Screenshot, Size

How = Literal["selector", "model", "pixels", "page", "layout"]
"""What found a thing: a selector of the test; a model; a recorded picture, at its place or at another; the page's own
word on it; or the things around it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """How a thing looked. All in pixels of the screenshot it was recorded on, which had `screen` pixels and `scale`.

    `box` is the whole thing, `point` where it was acted on. `crop` shows the box, `around` what lies around it too,
    where nothing but the picture tells which of several alike it is. `element` is the page's own word on it, None where
    there was none; `text` is what can be read within the box.

    `anchors` are texts around it. The first `own` of them stand in its own row or card, and with none of the others
    that are alike: they say which one is meant. `alike` is how many there were of the same kind and name, itself
    included. Where it is not whole, the box is only a piece of the thing around the point: nobody told how large it is.
    """

    box: Box
    point: Point
    screen: Size
    scale: float
    crop: Screenshot
    element: Element | None = None
    anchors: tuple[Label, ...] = ()
    text: str = ""
    own: int = 0
    alike: int = 1
    is_whole: bool = True
    around: Screenshot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A thing on the screen as it is now. `note` says in words what is not as it was, such as that it has moved."""

    point: Point
    box: Box | None = None
    how: How
    note: str = ""
    tokens: int = 0
