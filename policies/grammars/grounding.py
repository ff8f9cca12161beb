"""Qwen2-VL's native grounding text: what is meant between object_ref marks, where it is between box or quad marks."""

from ...errors import UsageError
from ...screen import Box, Point, Size
from .thousandths import to_thousandths

REF_START, REF_END = "<|object_ref_start|>", "<|object_ref_end|>"
BOX_START, BOX_END = "<|box_start|>", "<|box_end|>"
QUAD_START, QUAD_END = "<|quad_start|>", "<|quad_end|>"


def encode_grounding(description: str, box: Box, size: Size) -> str:
    """A description and its box, in thousandths of the screenshot's size, as the model writes them."""
    corners = ",".join(_pair(point, size) for point in (Point(box.x1, box.y1), Point(box.x2, box.y2)))
    return f"{_reference(description)}{BOX_START}{corners}{BOX_END}"


def _reference(description: str) -> str:
    if "<|" in description or "<tool_call>" in description:
        raise UsageError(f"a description cannot hold marks of the grammar: {description[:80]!r}")
    return f"{REF_START}{description}{REF_END}"


def _pair(point: Point, size: Size) -> str:
    x, y = to_thousandths(point, size)
    return f"({x},{y})"
