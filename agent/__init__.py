"""The loop: observe, plan, decide, guard, act, review. With its run folder, journal, permissions and report."""

from .agent import Agent, Result, resume
from .approvals import Answer, Approval, Approve, Approver, Edit, InterruptApprover, Question, Refuse, TakeOver
from .permissions import Allow, AskUser, Budget, Deny, Files, Permissions, SecretRule, Verdict
from .record.folder import read_run
from .record.trace import Decided, Did, Outcome, RunInfo, Sight, Step, Trajectory

__all__ = [
    "Agent",
    "Allow",
    "Answer",
    "Approval",
    "Approve",
    "Approver",
    "AskUser",
    "Budget",
    "Decided",
    "Deny",
    "Did",
    "Edit",
    "Files",
    "InterruptApprover",
    "Outcome",
    "Permissions",
    "Question",
    "Refuse",
    "Result",
    "RunInfo",
    "SecretRule",
    "Sight",
    "Step",
    "TakeOver",
    "Trajectory",
    "Verdict",
    "read_run",
    "resume",
]
