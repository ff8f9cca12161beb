"""Whether an action worked, by the pictures; whether a goal is reached, by somebody other than the policy."""

from .checker import Checker, ScriptedChecker
from .model_checker import ModelChecker

__all__ = ["Checker", "ModelChecker", "ScriptedChecker"]
