"""Players without a model. They check a suite: the oracle must solve every task, the others none."""

import asyncio
import random
from collections.abc import Sequence

from ...policies import Decision, Turn
from ...screen import Observation, Point, Size
from ...tools import Action, Click, Finish, Press, Scroll, Task, TypeText
from ..row import Key
from ..suite import Stage

_KEYS = (("Enter",), ("Tab",), ("Escape",), ("Space",))
_RANDOM_ACTIONS = 10


class OraclePolicy:
    """Does what the stage says that solves the episode. For use in another thread than that of the stage's loop."""

    def __init__(self, stage: Stage, loop: asyncio.AbstractEventLoop) -> None:
        self._stage, self._loop = stage, loop

    def reset(self, task: Task) -> None:
        """Nothing is remembered: the stage knows which episode it is."""

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        action = asyncio.run_coroutine_threadsafe(self._stage.oracle(), self._loop).result()
        return _decided(observation, action or Finish(status="success"))


class IdlePolicy:
    """Says at once that it is done."""

    def reset(self, task: Task) -> None:
        """Nothing is remembered."""

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        return _decided(observation, Finish(status="success"))


class RandomPolicy:
    """Clicks, types and scrolls anywhere, the same each time for one key, and is done after ten actions."""

    def __init__(self, key: Key) -> None:
        self._random = random.Random(str(key))
        self._left = _RANDOM_ACTIONS

    def reset(self, task: Task) -> None:
        """Its actions are those of the key, whatever the task."""

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        self._left -= 1
        if self._left < 0:
            return _decided(observation, Finish(status="success"))
        return _decided(observation, self._any(observation.screenshot.size))

    def _any(self, size: Size) -> Action:
        chosen = self._random
        point = Point(chosen.randrange(size.width), chosen.randrange(size.height))
        match chosen.random():
            case share if share < 0.7:
                return Click(point=point)
            case share if share < 0.8:
                return TypeText(text="".join(chosen.choices("abcdefgh", k=4)))
            case share if share < 0.9:
                return Press(keys=chosen.choice(_KEYS))
            case _:
                return Scroll(point=point, dy=chosen.choice((-100, 100)))


def _decided(observation: Observation, action: Action) -> Decision:
    return Decision(actions=(action,), frame=observation.screenshot.frame)
