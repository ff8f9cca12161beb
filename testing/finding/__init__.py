"""Things found again on another picture, by pixels, layout and the page's own word, without a model."""

from .find import find
from .look import element_at, target_at
from .pane import pane_at
from .place import pane_of, place_of

__all__ = ["element_at", "find", "pane_at", "pane_of", "place_of", "target_at"]
