"""A recorded thing on the screen as it is now."""

from ..sight import Sight
from ..target import Found, Target
from ..verdicts import NotFound


def find(target: Target, sight: Sight) -> Found:
    """Where the recorded thing is now. Raises NotFound where it is gone, is another thing, or could be several."""
    if sight.size == target.screen:
        shown = sight.screenshot.crop(target.box)
        if shown.frame == target.crop.frame:
            return Found(point=target.point, box=target.box, how="pixels")
    known = target.element
    if known is not None and known.name:
        alike = [one for one in sight.elements if (one.role, one.name) == (known.role, known.name)]
        if len(alike) == 1:
            return Found(point=alike[0].box.center, box=alike[0].box, how="page", note="it looks or lies otherwise")
    raise NotFound("the recorded thing is not on the screen", screen=sight.screenshot, box=target.box)


def place_of(target: Target, sight: Sight) -> Found:
    """Where the thing is that lies as the recorded one did, whatever it says or shows now. Raises NotFound."""
    return find(target, sight)
