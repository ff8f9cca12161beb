"""The contract of a planner: a task and a screen go in, sub-goals come out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ...errors import BadModelOutput
from ...screen import Observation
from ...tools import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a plan does not go on. `done` are its sub-goals that are reached, `failed` the one that is not, `left` those
    behind it; `tried` says in words what was done for the one that is not, with what came of it.

    `facts` were noted on the way; they and `tried` may hold text of a hostile page.
    """

    reason: str
    done: tuple[str, ...] = ()
    failed: str = ""
    left: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """Sub-goals in their order, each to be understood without the others, and the tokens that they took."""

    steps: tuple[str, ...]
    tokens: int = 0


class Planner(Protocol):
    """Makes sub-goals. Synchronous: the agent calls it in a worker thread."""

    def plan(self, task: Task, observation: Observation, evidence: Evidence | None = None) -> Planning:
        """The sub-goals of a task whose first screen this is; with evidence, what is to be done from this screen on,
        in the place of the sub-goal that failed and those behind it.

        Raises BadModelOutput when the model wrote no plan, ModelUnavailable when it cannot be reached.
        """
        ...


class ScriptedPlanner:
    """A planner without a model: it plays a list of plans, or of errors to raise. For tests and demonstrations.

    `tasks` holds every task, `seen` every screen and `told` the evidence, None for a first plan.
    """

    def __init__(self, script: Iterable[Sequence[str] | Exception]) -> None:
        self._script = iter(tuple(script))
        self.tasks: list[Task] = []
        self.seen: list[Observation] = []
        self.told: list[Evidence | None] = []

    def plan(self, task: Task, observation: Observation, evidence: Evidence | None = None) -> Planning:
        """The next plan. Raises the entry when it is an error, and BadModelOutput when the script is over."""
        self.tasks.append(task)
        self.seen.append(observation)
        self.told.append(evidence)
        match next(self._script, None):
            case None:
                raise BadModelOutput(f"the script is over after {len(self.tasks) - 1} plans")
            case Exception() as error:
                raise error
            case steps:
                return Planning(steps=tuple(steps))
