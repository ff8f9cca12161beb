"""The loop: observe, plan, decide, guard, act, review. With its run folder, journal, permissions and report."""

from .agent import Agent, resume
from .approvals import Answer, Approval, Approve, Approver, Edit, InterruptApprover, Question, Refuse, TakeOver
from .checking import Checker, ModelChecker, ScriptedChecker
from .events import Event, NodeBegan, NodeEnded, RunEnded
from .patience import Patience
from .permissions import Allow, AskUser, Budget, Deny, Files, Permissions, SecretRule, Verdict, read_rules
from .planning import REMEMBER, Evidence, ModelPlanner, Planner, Planning, ScriptedPlanner
from .record.folder import read_run
from .record.trace import Checked, Decided, Did, Outcome, PlanMade, RunInfo, Sight, Spent, Step, Trajectory
from .result import Result

__all__ = [
    "REMEMBER",
    "Agent",
    "Allow",
    "Answer",
    "Approval",
    "Approve",
    "Approver",
    "AskUser",
    "Budget",
    "Checked",
    "Checker",
    "Decided",
    "Deny",
    "Did",
    "Edit",
    "Event",
    "Evidence",
    "Files",
    "InterruptApprover",
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
    "Question",
    "Refuse",
    "Result",
    "RunEnded",
    "RunInfo",
    "ScriptedChecker",
    "ScriptedPlanner",
    "SecretRule",
    "Sight",
    "Spent",
    "Step",
    "TakeOver",
    "Trajectory",
    "Verdict",
    "read_rules",
    "read_run",
    "resume",
]
