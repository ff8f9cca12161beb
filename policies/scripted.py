"""A policy without a model: it plays a list. For tests, demonstrations and oracles."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..errors import BadModelOutput
from ..screen import Observation
from ..tools import Action, Task
from .policy import Decision, Turn


class ScriptedPolicy:
    """Plays its script in order, whatever the screen shows; `reset` does not go back to the beginning.

    An entry is one action, several to be done in one turn, a whole decision, or an error to raise. A decision's
    frame is set to that of the screenshot. `seen` holds every observation that was asked about, `tasks` every task.
    """

    def __init__(self, script: Iterable[Action | Sequence[Action] | Decision | Exception]) -> None:
        self._script = iter(tuple(script))
        self.seen: list[Observation] = []
        self.tasks: list[Task] = []

    def reset(self, task: Task) -> None:
        self.tasks.append(task)

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        """The next entry. Raises the entry when it is an error, and BadModelOutput when the script is over."""
        self.seen.append(observation)
        frame = observation.screenshot.frame
        match next(self._script, None):
            case None:
                raise BadModelOutput(f"the script is over after {len(self.seen) - 1} turns")
            case Exception() as error:
                raise error
            case Decision() as decision:
                return replace(decision, frame=frame)
            case [*actions]:
                return Decision(actions=tuple(actions), frame=frame)
            case action:
                return Decision(actions=(action,), frame=frame)
