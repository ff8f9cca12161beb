"""Any environment of ours as one of Gymnasium."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gymnasium

from ...errors import EnvironmentLost
from ...screen import Observation, Size
from ...tools import Finish, Task
from ..environment import Environment
from .loop import LoopThread
from .spaces import KINDS, Member, action_of, action_space, observation_space, seen_as


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How an episode stands. `info` says more of it, in plain values."""

    reward: float = 0.0
    done: bool = False
    info: tuple[tuple[str, Any], ...] = ()


class ScreenEnvironment(gymnasium.Env[dict[str, Any], Member]):
    """Steps an environment of ours from code without an event loop. Its spaces are those of `spaces.py`.

    `task_of` gives the task of a seed; `reset` without one draws it. An episode is terminated when `score`, which is
    asked after every step, says that it is done, or by the action "finish". A screen that is lost truncates it, with
    the reason in `info["lost"]`; the next reset brings it back. `info` also holds url, title, error, effect and events
    of the observation. Without a `size` the screen is started once to learn it.
    """

    metadata: dict[str, Any] = {"render_modes": ["rgb_array"], "render_fps": 10}  # noqa: RUF012  as Gymnasium has it

    def __init__(
        self,
        environment: Environment,
        task_of: Callable[[int], Awaitable[Task]],
        *,
        score: Callable[[], Score] = Score,
        size: Size | None = None,
        kinds: Sequence[str] = KINDS,
        render_mode: str | None = None,
    ) -> None:
        self.environment = environment
        self.render_mode = render_mode
        self.kinds = tuple(kinds)
        self._task_of = task_of
        self._score = score
        self._rewarded = 0.0
        self._loop = LoopThread()
        self._seen: Observation | None = None
        self._instruction = ""
        is_open = False
        try:
            self.size = size or self._loop.run(self._begin(0)).screenshot.size
            is_open = True
        finally:
            if not is_open:
                self.close()
        self.observation_space = observation_space(self.size)
        self.action_space = action_space(self.kinds)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Begin the episode of the seed, the same for the same seed. Raises EnvironmentLost where that fails."""
        super().reset(seed=seed)
        drawn = int(self.np_random.integers(2**31)) if seed is None else seed
        self._seen = seen = self._loop.run(self._begin(drawn))
        self._rewarded = 0.0
        return seen_as(seen, self._instruction, self.size), _told(seen) | dict(self._score().info)

    def step(self, action: Member) -> tuple[dict[str, Any], float, bool, bool, dict[str, Any]]:
        """Do one action. `reward` is what the score has gained by it."""
        typed = action_of(action, self.kinds, self.size)
        lost = ""
        try:
            self._seen = self._loop.run(self.environment.step(typed))
        except EnvironmentLost as error:
            lost = str(error)
        if self._seen is None:
            raise gymnasium.error.ResetNeeded("reset the environment before its first step")
        score = self._score()
        gained, self._rewarded = score.reward - self._rewarded, score.reward
        info = _told(self._seen) | dict(score.info) | ({"lost": lost} if lost else {})
        done = score.done or (isinstance(typed, Finish) and not lost)
        return seen_as(self._seen, self._instruction, self.size), gained, done, bool(lost), info

    def render(self) -> Any:
        """The last picture, as it was seen."""
        return None if self._seen is None else self._seen.screenshot.pixels.copy()

    def close(self) -> None:
        if self._loop.is_closed:
            return
        try:
            self._loop.run(self.environment.close())
        finally:
            self._loop.close()

    async def _begin(self, seed: int) -> Observation:
        task = await self._task_of(seed)
        self._instruction = task.goal
        return await self.environment.reset(task)


def _told(seen: Observation) -> dict[str, Any]:
    return {
        "url": seen.url,
        "title": seen.title,
        "error": seen.error,
        "effect": seen.effect,
        "events": list(seen.events),
    }
