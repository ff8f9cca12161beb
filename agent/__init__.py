"""The loop: observe, plan, decide, guard, act, review. With its run folder, journal, permissions and report."""

from .agent import Agent, resume
from .checking import Checker, ModelChecker, ScriptedChecker
from .events import Event, NodeBegan, NodeEnded, RunEnded
from .patience import Patience
from .permissions import Allow, AskUser, Deny, Permissions, Verdict
from .planning import REMEMBER, Evidence, ModelPlanner, Planner, Planning, ScriptedPlanner
from .record.folder import read_run
from .record.trace import Checked, Decided, Did, Outcome, PlanMade, RunInfo, Sight, Spent, Step, Trajectory
from .result import Result
from .run import Approver

__all__ = [
    "REMEMBER",
    "Agent",
    "Allow",
    "Approver",
    "AskUser",
    "Checked",
    "Checker",
    "Decided",
    "Deny",
    "Did",
    "Event",
    "Evidence",
    "ModelChecker",
    "ModelPlanner",
    "NodeBegan",
    "NodeEnded",
    "Outcome",
    "Patience",
    "Permissions",
    "PlanMade",
    "Planner",
    "Planning",
    "Result",
    "RunEnded",
    "RunInfo",
    "ScriptedChecker",
    "ScriptedPlanner",
    "Sight",
    "Spent",
    "Step",
    "Trajectory",
    "Verdict",
    "read_run",
    "resume",
]
