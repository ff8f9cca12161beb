"""Who can be examined without a model: for tests, and to prove that a suite knows right from wrong."""

from collections.abc import Callable, Sequence

from ..errors import BadModelOutput
from ..policies import Decision, Grounding, Turn
from ..policies.asking import Reply, Seen
from ..screen import Box, Observation, Point, Screenshot
from ..tools import Action, Task
from .suite import Subject


class ScriptedSubject:
    """Answers as functions say; each has the arguments of the method of that name. Implements `Subject`.

    What is asked for and has no function raises BadModelOutput, as a model that writes nothing does. What is asked is
    kept: `descriptions`, `tasks` and `histories`, `questions`.
    """

    def __init__(
        self,
        *,
        ground: Callable[[Screenshot, str], Grounding] | None = None,
        act: Callable[[Task, Observation, Sequence[Turn]], Decision] | None = None,
        ask: Callable[[str, Seen], Reply] | None = None,
    ) -> None:
        self._ground, self._act, self._ask = ground, act, ask
        self.descriptions: list[str] = []
        self.tasks: list[Task] = []
        self.histories: list[Sequence[Turn]] = []
        self.questions: list[str] = []

    def ground(self, screenshot: Screenshot, description: str) -> Grounding:
        self.descriptions.append(description)
        if self._ground is None:
            raise BadModelOutput("nothing was written")
        return self._ground(screenshot, description)

    def act(self, task: Task, observation: Observation, history: Sequence[Turn]) -> Decision:
        self.tasks.append(task)
        self.histories.append(history)
        if self._act is None:
            raise BadModelOutput("nothing was written")
        return self._act(task, observation, history)

    def ask(self, question: str, seen: Seen, *, max_new_tokens: int | None = None) -> Reply:
        self.questions.append(question)
        if self._ask is None:
            raise BadModelOutput("nothing was written")
        return self._ask(question, seen)


def pointing(point: Point, box: Box | None = None) -> ScriptedSubject:
    """One who finds everything at the same place."""
    return ScriptedSubject(ground=lambda screenshot, description: Grounding(point=point, box=box))


def doing(*actions: Action) -> ScriptedSubject:
    """One who does the same whatever is seen."""
    return ScriptedSubject(act=lambda task, seen, history: Decision(actions=actions, frame=seen.screenshot.frame))


def unreadable(raw: str) -> ScriptedSubject:
    """One whose every answer is this text, which could not be read."""

    def fail() -> BadModelOutput:
        return BadModelOutput("the answer cannot be read", raw=raw)

    def ground(screenshot: Screenshot, description: str) -> Grounding:
        raise fail()

    def act(task: Task, observation: Observation, history: Sequence[Turn]) -> Decision:
        raise fail()

    def ask(question: str, seen: Seen) -> Reply:
        raise fail()

    return ScriptedSubject(ground=ground, act=act, ask=ask)


def silent() -> Subject:
    """One who never answers anything that can be read."""
    return ScriptedSubject()
