"""The loop: observe, plan, decide, guard, act, review. With its run folder, journal, permissions and report."""

from .agent import Agent, Result, resume
from .folder import read_run
from .permissions import Allow, AskUser, Deny, Permissions, Verdict
from .run import Approver
from .trace import Decided, Did, Outcome, RunInfo, Sight, Step, Trajectory

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
