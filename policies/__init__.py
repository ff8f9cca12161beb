"""Observation in, decision out: with a model, or scripted."""

from .grammars import Spread
from .model_policy import ModelPolicy, load_policy
from .policy import Decision, Grounder, Grounding, Policy, Turn
from .scripted import ScriptedPolicy
from .shown import Detector

__all__ = [
    "Decision",
    "Detector",
    "Grounder",
    "Grounding",
    "ModelPolicy",
    "Policy",
    "ScriptedPolicy",
    "Spread",
    "Turn",
    "load_policy",
]
