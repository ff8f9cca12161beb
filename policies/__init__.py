"""Observation in, decision out. One file per checkpoint family, plus scripted."""

from .grammars import Spread
from .policy import Decision, Grounder, Grounding, Policy, Turn
from .qwen2_vl import Qwen2VLPolicy, load_policy
from .scripted import ScriptedPolicy

__all__ = [
    "Decision",
    "Grounder",
    "Grounding",
    "Policy",
    "Qwen2VLPolicy",
    "ScriptedPolicy",
    "Spread",
    "Turn",
    "load_policy",
]
