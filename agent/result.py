"""How a run ended, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel

from ..errors import Denied, ModelUnavailable
from .record.trace import Did, Spent, Status, Step, Stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a run ended, and where everything about it is."""

    status: Status
    reason: str
    run_dir: Path
    steps: tuple[Step, ...]
    facts: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the model noted on the way, by name."""
    answer: str = ""
    output: BaseModel | None = None
    """The answer as the class that the agent was given for it; None where it was given none, or the run failed."""
    stop: Stop | None = None

    BUDGET_OR_INCONCLUSIVE: ClassVar[int] = 5

    @property
    def spent(self) -> Spent:
        """The time and the tokens that the steps took."""
        return Spent.on(self.steps)

    @property
    def in_doubt(self) -> tuple[Did, ...]:
        """What a kill interrupted, and nobody can say whether it was done."""
        return tuple(did for step in self.steps for did in step.did if did.effect == "in_doubt")

    @property
    def exit_code(self) -> int:
        """What a command line ends with: 0 done, 1 not done, 3 the model, 5 a limit or no answer, 6 denied."""
        match self.status, self.stop:
            case "success", _:
                return 0
            case "failure", _:
                return 1
            case _, "denied":
                return Denied.exit_code
            case _, "bad_outputs":
                return ModelUnavailable.exit_code
            case _:
                return self.BUDGET_OR_INCONCLUSIVE
