"""Observation in, decision out. One file per checkpoint family, plus scripted."""

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
    "Turn",
    "load_policy",
]
