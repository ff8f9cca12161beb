"""The loop: observe, plan, decide, guard, act, review. With its run folder, journal, permissions and report."""

from .agent import Agent, Result, resume
from .permissions import Allow, AskUser, Deny, Permissions, Verdict
from .record.folder import read_run
from .record.trace import Decided, Did, Outcome, RunInfo, Sight, Step, Trajectory
from .run import Approver

__all__ = [
    "Agent",
    "Allow",
    "Approver",
    "AskUser",
    "Decided",
    "Deny",
    "Did",
    "Outcome",
    "Permissions",
    "Result",
    "RunInfo",
    "Sight",
    "Step",
    "Trajectory",
    "Verdict",
    "read_run",
    "resume",
]
