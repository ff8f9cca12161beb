"""The loop: observe, plan, decide, guard, act, review. With its run folder, journal, permissions and report."""

from .agent import Agent, Result, resume
from .checking import Checker, ModelChecker, ScriptedChecker
from .patience import Patience
from .permissions import Allow, AskUser, Deny, Permissions, Verdict
from .planning import REMEMBER, Evidence, ModelPlanner, Planner, Planning, ScriptedPlanner
from .record.folder import read_run
from .record.trace import Checked, Decided, Did, Outcome, PlanMade, RunInfo, Sight, Step, Trajectory
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
    "Evidence",
    "ModelChecker",
    "ModelPlanner",
    "Outcome",
    "Patience",
    "Permissions",
    "PlanMade",
    "Planner",
    "Planning",
    "Result",
    "RunInfo",
    "ScriptedChecker",
    "ScriptedPlanner",
    "Sight",
    "Step",
    "Trajectory",
    "Verdict",
    "read_run",
    "resume",
]
