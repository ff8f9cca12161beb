"""The contract of a check: a goal, what was done and how it looks now go in, a verdict comes out."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from ...errors import BadModelOutput
from ...screen import Observation
from ..record.trace import Checked, Reached


class Checker(Protocol):
    """Says whether a goal is reached. Synchronous: the agent calls it in a worker thread."""

    def check(self, goal: str, before: Observation, after: Observation, did: Sequence[str]) -> Checked:
        """The verdict, with its reason in one sentence, which the policy is told.

        `before` is the screen on which the goal was called reached, `after` the one that is left, which may be the
        same; `did` says what was done for it, the oldest first. Raises BadModelOutput for a verdict that cannot be
        read, ModelUnavailable when the model cannot be reached.
        """
        ...


class ScriptedChecker:
    """A check without a model: it plays a list of verdicts, or of errors to raise. For tests and demonstrations.

    `goals` holds every goal that was asked about, `did` what had been done for it.
    """

    def __init__(self, script: Iterable[Checked | Reached | Exception], *, reason: str = "") -> None:
        """`reason` is that of the verdicts which are given as a word."""
        self._script = iter(tuple(script))
        self._reason = reason
        self.goals: list[str] = []
        self.did: list[tuple[str, ...]] = []

    def check(self, goal: str, before: Observation, after: Observation, did: Sequence[str]) -> Checked:
        """The next verdict. Raises the entry when it is an error, and BadModelOutput when the script is over."""
        self.goals.append(goal)
        self.did.append(tuple(did))
        entry = next(self._script, None)
        if entry is None:
            raise BadModelOutput(f"the script is over after {len(self.goals) - 1} checks")
        if isinstance(entry, Exception):
            raise entry
        return entry if isinstance(entry, Checked) else Checked(verdict=entry, reason=self._reason)
