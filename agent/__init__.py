"""The loop: observe, plan, decide, guard, act, review. With its run folder, journal, permissions and report."""

from .agent import Agent, Result, resume
from .events import Event, NodeBegan, NodeEnded, RunEnded
from .permissions import Allow, AskUser, Deny, Permissions, Verdict
from .record.folder import read_run
from .record.trace import Decided, Did, Outcome, RunInfo, Sight, Spent, Step, Trajectory
from .run import Approver

__all__ = [
    "Agent",
    "Allow",
    "Approver",
    "AskUser",
    "Decided",
    "Deny",
    "Did",
    "Event",
    "NodeBegan",
    "NodeEnded",
    "Outcome",
    "Permissions",
    "Result",
    "RunEnded",
    "RunInfo",
    "Sight",
    "Spent",
    "Step",
    "Trajectory",
    "Verdict",
    "read_run",
    "resume",
]
