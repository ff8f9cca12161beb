"""What is seen and where: sizes, points, boxes, screenshots, observations."""

from .element import Element
from .geometry import Box, Point, Quad, Size
from .observation import Observation, Tab
from .overlay import draw_overlay
from .screenshot import Pixels, Screenshot, read_image

__all__ = [
    "Box",
    "Element",
    "Observation",
    "Pixels",
    "Point",
    "Quad",
    "Screenshot",
    "Size",
    "Tab",
    "draw_overlay",
    "read_image",
]
