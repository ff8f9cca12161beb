"""What the page says so plainly that no model has to look."""

from ..screen import Box
from .sight import Sight


def named_plainly(sight: Sight, words: str) -> Box | None:
    """The box of the only thing on the page with these very words for its name; None where there is none or more."""
    wanted = plainly(words)
    found = [element.box for element in sight.elements if plainly(element.name) == wanted]
    return found[0] if len(found) == 1 else None


def plainly(words: str) -> str:
    """Without quotes, case and doubled spaces."""
    return " ".join(words.strip("\"'“”‘’ ").split()).casefold()
