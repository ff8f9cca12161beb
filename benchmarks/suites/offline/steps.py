"""One step of an episode that someone recorded: what was seen and done before it is given, and what comes next asked.

The history is the truth and never what was answered before, so that one mistake does not spoil what follows.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

from pydantic import JsonValue

from ....errors import BadModelOutput
from ....policies import Decision, Turn
from ....screen import Observation, Screenshot, Size
from ....tools import ACTION, Action, Task
from ...subjects import ScriptedSubject
from ...suite import Subject
from ..samples import Examined, Judged

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen(Generic[T]):
    """What was seen at one step, and what was done then. `said` is how someone put that in words."""

    picture: Callable[[], Screenshot]
    truth: T
    said: str = ""


class Rules(Protocol[T_contra]):
    """How one benchmark tells right from wrong. Places are pixels of a screenshot of the given size."""

    def actions(self, truth: T_contra, size: Size) -> tuple[Action, ...]:
        """What was done, as we would do it: for the history, and for one who knows."""
        ...

    def judge(self, said: Sequence[Action], truth: T_contra, size: Size) -> Judged:
        """How right an answer is."""
        ...

    def unread(self, raw: str, truth: T_contra) -> Judged:
        """What an answer comes to that could not be read, from what was written."""
        ...

    def told(self, truth: T_contra) -> JsonValue:
        """What is right, for a reader of results."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Generic[T]):
    """The step at `index` of an episode, towards a goal. Implements `Sample`."""

    name: str
    goal: str
    episode: Sequence[Seen[T]]
    index: int
    rules: Rules[T]
    groups: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def expected(self) -> JsonValue:
        return self.rules.told(self._now.truth)

    def examine(self, subject: Subject) -> Examined:
        screenshot = _looked(self._now.picture)
        history = [_turn(seen, self.rules) for seen in self.episode[: self.index]]
        began = time.perf_counter()
        decision = subject.act(Task(goal=self.goal), Observation(screenshot=screenshot), history)
        return Examined(
            judged=self.rules.judge(decision.actions, self._now.truth, screenshot.size),
            generation=decision.generation,
            confidence=decision.confidence,
            asked_s=time.perf_counter() - began,
        )

    def unread(self, error: BadModelOutput) -> Judged:
        return self.rules.unread(error.raw, self._now.truth)

    def knower(self) -> Subject:
        def act(task: Task, observation: Observation, history: Sequence[Turn]) -> Decision:
            screenshot = observation.screenshot
            return Decision(actions=self.rules.actions(self._now.truth, screenshot.size), frame=screenshot.frame)

        return ScriptedSubject(act=act)

    @property
    def _now(self) -> Seen[T]:
        return self.episode[self.index]


def written(actions: Sequence[Action]) -> JsonValue:
    """Actions as they are kept in a row."""
    return [ACTION.dump_python(action, mode="json") for action in actions]


def _turn(seen: Seen[T], rules: Rules[T]) -> Turn:
    screenshot = _looked(seen.picture)
    decision = Decision(actions=rules.actions(seen.truth, screenshot.size), frame=screenshot.frame, thought=seen.said)
    return Turn(observation=Observation(screenshot=screenshot), decision=decision)


@lru_cache(maxsize=16)
def _looked(picture: Callable[[], Screenshot]) -> Screenshot:
    """The picture, kept for the steps after it."""
    return picture()
