"""Holo1 and Holo1.5, on Qwen2.5-VL, which point in pixels of the resized picture: https://github.com/hcompai/hai-cookbook

Both also plan, but how they are told of what was done before is not published; they are asked where things are only.
"""

from ..grammars.canvas import SEEN_PIXELS
from ..grammars.named_places import NamedPlaces
from ..grammars.plain import PlainPlaces
from .profile import Checkpoint, Pointing, Profile

# The schema stands in the prompt as Python shows it.
_SCHEMA = (
    "{'description': 'Click at absolute coordinates.', 'properties': {'action': {'const': 'click_absolute', "
    "'default': 'click_absolute', 'title': 'Action', 'type': 'string'}, 'x': {'description': 'The x coordinate, number "
    "of pixels from the left edge.', 'title': 'X', 'type': 'integer'}, 'y': {'description': 'The y coordinate, number "
    "of pixels from the top edge.', 'title': 'Y', 'type': 'integer'}}, 'required': ['x', 'y'], 'title': "
    "'ClickAbsoluteAction', 'type': 'object'}"
)

HOLO1_5 = Profile(
    name="holo1.5",
    title="Holo1.5",
    architectures=("qwen2_5_vl",),
    names=(r"holo1[.-]5-(3|7|72)b",),
    space=SEEN_PIXELS,
    ground=Pointing(
        places=NamedPlaces(point='{"action": "click_absolute", "x": {x}, "y": {y}}'),
        prompt="{image}Localize an element on the GUI image according to the provided target and output a click "
        f"position.\n     * You must output a valid JSON following the format: {_SCHEMA}\n     Your target is:\n"
        "{description}",
    ),
    min_pixels=3136,
    max_pixels=2560 * 1440,
    checkpoints=(
        Checkpoint(name="Hcompany/Holo1.5-3B", parameters_b=3.8),
        Checkpoint(name="Hcompany/Holo1.5-7B", parameters_b=8.3),
        Checkpoint(name="Hcompany/Holo1.5-72B", parameters_b=73.4),
    ),
)
"""Holo1.5 of any size: places as JSON."""

HOLO1 = Profile(
    name="holo1",
    title="Holo1",
    architectures=("qwen2_5_vl",),
    names=("holo1-(3|7)b",),
    space=SEEN_PIXELS,
    ground=Pointing(
        places=PlainPlaces(point="Click({x}, {y})"),
        prompt="{image}Localize an element on the GUI image according to my instructions \nand output a click position "
        "as Click(x, y) with x num pixels from \nthe left edge and y num pixels from the top edge.\n\n{description}",
    ),
    min_pixels=3136,
    max_pixels=2560 * 1440,
    checkpoints=(
        Checkpoint(name="Hcompany/Holo1-3B", parameters_b=3.8),
        Checkpoint(name="Hcompany/Holo1-7B", parameters_b=8.3),
    ),
)
"""Holo1 of any size: places as a click."""
