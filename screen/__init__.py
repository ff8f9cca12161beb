"""What is seen and where: sizes, points, boxes, screenshots, observations."""

from .difference import Difference, difference
from .element import Element
from .geometry import Box, Point, Quad, Size
from .label import MAX_LABELS, Label
from .mask import masked
from .numbered import draw_numbers
from .observation import Effect, Observation, Tab, Window
from .overlay import Mark, draw_marks, draw_overlay
from .screenshot import Pixels, Screenshot, frame_of, read_image, write_image

__all__ = [
    "MAX_LABELS",
    "Box",
    "Difference",
    "Effect",
    "Element",
    "Label",
    "Mark",
    "Observation",
    "Pixels",
    "Point",
    "Quad",
    "Screenshot",
    "Size",
    "Tab",
    "Window",
    "difference",
    "draw_marks",
    "draw_numbers",
    "draw_overlay",
    "frame_of",
    "masked",
    "read_image",
    "write_image",
]
