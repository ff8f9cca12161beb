"""What is seen and where: sizes, points, boxes, screenshots, observations."""

from .geometry import Box, Point, Quad, Size
from .observation import Observation, Tab
from .screenshot import Pixels, Screenshot, read_image

__all__ = ["Box", "Observation", "Pixels", "Point", "Quad", "Screenshot", "Size", "Tab", "read_image"]
