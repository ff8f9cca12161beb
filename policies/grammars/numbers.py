"""The coordinates of a canvas as rules of a grammar."""

import json

from .canvas import Canvas


def coordinate_rules(canvas: Canvas) -> str:
    """The rules `x` and `y`: every coordinate that can be written on each axis, and no other."""
    across, down = canvas.extent
    return f"x: {_number(across, canvas)}\ny: {_number(down, canvas)}\n"


def _number(extent: float, canvas: Canvas) -> str:
    decimals = canvas.space.decimals
    if decimals and extent <= 1:
        return rf"/0\.[0-9]{{1,{decimals}}}/"
    whole = f"%json {json.dumps({'type': 'integer', 'minimum': 0, 'maximum': int(extent) - 1})}"
    return rf"{whole} /\.[0-9]{{1,{decimals}}}/" if decimals else whole
