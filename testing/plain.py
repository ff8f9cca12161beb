"""What the page says so plainly that no model has to look."""

import re
from collections.abc import Sequence

from ..screen import Box, Tab
from .sight import Sight


def named_plainly(sight: Sight, words: str) -> Box | None:
    """The box of the only thing on the page with these words for its name, else of the only one that has them in it.

    None where there is none, or more than one.
    """
    wanted = plainly(words)
    found = [element.box for element in sight.elements if plainly(element.name) == wanted]
    found = found or [element.box for element in sight.elements if wanted and says(plainly(element.name), wanted)]
    return found[0] if len(found) == 1 else None


def says(text: str, wanted: str) -> bool:
    """Whether the wanted text stands in the text, as whole words and whole numbers: 2 does not stand in 12 or 2.50."""
    parts = r"\s+".join(re.escape(word) for word in wanted.split())
    if not parts:
        return not text.strip()
    before = r"(?<!\w)(?<!\w[.,])" if wanted.split()[0][0].isalnum() else ""
    after = r"(?!\w|[.,]\w)" if wanted.split()[-1][-1].isalnum() else ""
    return re.search(before + parts + after, " ".join(text.split()), re.IGNORECASE) is not None


def plainly(words: str) -> str:
    """Without quotes, case and doubled spaces."""
    return " ".join(words.strip("\"'“”‘’ ").split()).casefold()


def labelled_plainly(sight: Sight, words: str) -> Box | None:
    """The box of the only text on the page that is these very words; None where there is none or more."""
    found = [label.box for label in sight.labels if plainly(label.text).rstrip(":") == plainly(words).rstrip(":")]
    return found[0] if len(found) == 1 else None


def tab_called(tabs: Sequence[Tab], words: str) -> int | None:
    """The place of the only tab with these words for its title or address, else of the only one that has them in it.

    None where there is none, or more than one.
    """
    wanted = plainly(words)
    told = [(plainly(tab.title), plainly(tab.url)) for tab in tabs]
    found = [n for n, names in enumerate(told) if wanted in names]
    found = found or [n for n, names in enumerate(told) if wanted and any(wanted in name for name in names)]
    return found[0] if len(found) == 1 else None


def value_plainly(sight: Sight, words: str) -> tuple[str, Box] | None:
    """The value of the only field of this name, or the text right of the only text that is these words, and its box."""
    wanted = plainly(words)
    fields = [one for one in sight.elements if plainly(one.name) == wanted and one.value]
    if len(fields) == 1:
        return fields[0].value, fields[0].box
    label = labelled_plainly(sight, words)
    if label is None:
        return None
    beside = [
        one
        for one in sight.labels
        if one.box.x1 >= label.x2 - 1 and one.box.y1 < label.center.y < one.box.y2 and one.box != label
    ]
    nearest = min(beside, key=lambda one: one.box.x1, default=None)
    return None if nearest is None else (nearest.text, nearest.box)
