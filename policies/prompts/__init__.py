"""What a model is told: the conversation that a profile makes of a goal, what came before and the screen now."""

from .acting import Told, acting_conversation
from .pointing import pointing_conversation
from .template import filled

__all__ = ["Told", "acting_conversation", "filled", "pointing_conversation"]
