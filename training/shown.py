"""What stands on a picture, what is asked about it, and what is to be answered: plain text and pixels."""

from dataclasses import dataclass, replace
from typing import Any, Self

PAGE_PX = 1288, 728
"""Width and height of a page."""
CELL_PX = 28
"""A side of what one token shows."""
LARGE_PX, SMALL_PX = 50, 36
Sides = tuple[float, float, float, float]
"""A box: x1, y1, x2, y2 in pixels of the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One labelled thing on a picture. `visible` is the share of it that can be seen."""

    kind: str
    colour: str
    name: str
    box: Sides
    visible: float

    @property
    def size(self) -> str:
        side = self.box[2] - self.box[0]
        return "large" if side >= LARGE_PX else "small" if side <= SMALL_PX else ""

    def crop(self, x: float, y: float, width: float, height: float) -> Self | None:
        """The element on a part of its picture; None where nothing of it is left."""
        x1, y1, x2, y2 = self.box
        kept = max(x1, x), max(y1, y), min(x2, x + width), min(y2, y + height)
        if kept[0] >= kept[2] or kept[1] >= kept[3]:
            return None
        share = (kept[2] - kept[0]) * (kept[3] - kept[1]) / ((x2 - x1) * (y2 - y1))
        box = kept[0] - x, kept[1] - y, kept[2] - x, kept[3] - y
        return replace(self, box=box, visible=self.visible * share)

    def to_row(self) -> list[Any]:
        """As a pack holds it."""
        return [self.kind, self.colour, self.name, *(round(side, 1) for side in self.box), round(self.visible, 3)]


def element_of(row: list[Any]) -> Element:
    """What `to_row` gave."""
    kind, colour, name, x1, y1, x2, y2, visible = row
    return Element(kind=kind, colour=colour, name=name, box=(x1, y1, x2, y2), visible=visible)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An instruction and the answer to it, as plain text. `box` is the target, None for keys and scrolling.

    `rung` is "a" where no reading is needed, "b" for one of the closed words, "word" for any, "goal" for what an
    episode is about. `copied` is what the answer repeats letter by letter, `made_up` says that the target is not on the
    picture.
    """

    text: str
    answer: str
    kind: str
    box: Sides | None = None
    rung: str = "a"
    copied: str = ""
    made_up: bool = False

    def to_row(self) -> list[Any]:
        """As a pack holds it."""
        box = None if self.box is None else [round(side, 1) for side in self.box]
        return [self.text, self.answer, self.kind, box, self.rung, self.copied, self.made_up]


def question_of(row: list[Any]) -> Question:
    """What `to_row` gave."""
    text, answer, kind, box, rung, copied, made_up = row
    sides = None if box is None else (box[0], box[1], box[2], box[3])
    return Question(text=text, answer=answer, kind=kind, box=sides, rung=rung, copied=copied, made_up=made_up)
