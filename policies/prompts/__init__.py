"""What a model is told: the conversation that a profile makes of a goal, what came before and the screen now."""

from .acting import Told, acting_conversation, goal_told
from .asking import asking_conversation, question_of_places
from .pointing import pointing_conversation
from .template import filled

__all__ = [
    "Told",
    "acting_conversation",
    "asking_conversation",
    "filled",
    "goal_told",
    "pointing_conversation",
    "question_of_places",
]
