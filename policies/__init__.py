"""Observation in, decision out: with a model, or scripted. And questions about what is seen."""

from .asking import Reply, ask, ask_places
from .grammars import Spread
from .load import load_policy
from .model_policy import ModelPolicy
from .policy import Decision, Grounder, Grounding, Policy, Turn
from .scripted import ScriptedPolicy
from .shown import Detector
from .usage import Usage

__all__ = [
    "Decision",
    "Detector",
    "Grounder",
    "Grounding",
    "ModelPolicy",
    "Policy",
    "Reply",
    "ScriptedPolicy",
    "Spread",
    "Turn",
    "Usage",
    "ask",
    "ask_places",
    "load_policy",
]
