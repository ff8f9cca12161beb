"""Sub-goals: made from the first screen, remade on evidence; facts found on the way; when a run is stuck."""

from .facts import REMEMBER
from .model_planner import ModelPlanner
from .planner import Evidence, Planner, Planning, ScriptedPlanner

__all__ = ["REMEMBER", "Evidence", "ModelPlanner", "Planner", "Planning", "ScriptedPlanner"]
