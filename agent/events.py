"""What happens in a run, told as it happens: to whoever listens, to the log and to OpenTelemetry."""

from dataclasses import dataclass
from typing import Literal

from .record.trace import Decided, Did, Outcome, Step

NodeName = Literal["observe", "plan", "decide", "guard", "act", "review"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeBegan:
    """A node of the loop begins."""

    turn: int
    node: NodeName


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeEnded:
    """A node of the loop has ended, with what it found.

    `decided` comes from decide, `did` from guard (judged) and act (done), `step` from a review that ended the turn.
    """

    turn: int
    node: NodeName
    seconds: float
    decided: Decided | None = None
    did: Did | None = None
    step: Step | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded:
    """The run is over for now. No outcome: it was interrupted or broke off with `fault`, and can be resumed."""

    outcome: Outcome | None
    fault: str = ""


Event = NodeBegan | NodeEnded | RunEnded
