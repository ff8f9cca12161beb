"""The texts of a screen, as they are compared: whole paragraphs, whatever line they are broken into."""

import re
from collections.abc import Iterable

from ...screen import Box, Label
from ..sight import Sight

_IDLE = " \t\n:*…."


def plain(text: str) -> str:
    """A text without what does not change its meaning: case, blanks, a colon or dots at its end."""
    return " ".join(text.split()).casefold().strip(_IDLE)


def has_words(text: str) -> bool:
    """Whether a text is more than a number or an amount, which change from day to day."""
    return sum(sign.isalpha() for sign in text) > 1


def shape_of(text: str) -> str:
    """A text with one sign for each number in it: "€ #" is any price."""
    return re.sub(r"\d[\d.,'\u00a0\u202f]*", "#", text)


def texts_of(sight: Sight) -> tuple[Label, ...]:
    """All texts of a screen. Where it tells of none, the names of its elements stand for them."""
    if sight.labels:
        return tuple(joined(sight.labels))
    return tuple(Label(element.name, element.box) for element in sight.elements if element.name)


def joined(labels: Iterable[Label]) -> list[Label]:
    """The labels, with the lines of one paragraph put together again."""
    whole: list[Label] = []
    last: Label | None = None
    for label in labels:
        if last is not None and _continues(last, label):
            before = whole.pop()
            whole.append(Label(f"{before.text} {label.text}", Box.around(*before.box.corners, *label.box.corners)))
        else:
            whole.append(label)
        last = label
    return whole


def _continues(line: Label, following: Label) -> bool:
    """Whether a label is the next line of the same text: as high, right below, and beginning where the line does."""
    height = line.box.height
    gap = following.box.y1 - line.box.y2
    return (
        abs(following.box.height - height) <= 1
        and -0.2 * height <= gap <= 0.4 * height
        and abs(following.box.x1 - line.box.x1) <= 0.15 * height
    )
