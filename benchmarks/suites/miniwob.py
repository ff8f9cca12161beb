"""MiniWoB++ natively: 130 tasks in our own browser, BrowserGym's limit of ten steps, the page's own reward."""

from collections.abc import Sequence
from dataclasses import replace

from ...environments.environment import Environment
from ...environments.miniwob.environment import SUCCESS_REWARD, MiniWobEnvironment
from ...environments.miniwob.groups import tasks_of
from ...environments.miniwob.pages import require_task, task_names
from ...environments.miniwob.solve import Oracle
from ...tools import Action, Finish, Limits, Task
from ..row import Key
from ..suite import Choice, Scored
from .settings import count, flag, number, require_known

STEPS = 10
"""As BrowserGym allows (browsergym/experiments/benchmark/configs.py)."""


class MiniWob:
    """Implements `OnlineSuite`. Settings: `fresh_page`, `scale`, `success_reward`, `steps`; tasks may be `GROUPS`."""

    metric = "success rate"

    def __init__(self, choice: Choice) -> None:
        require_known(choice.settings, "fresh_page", "scale", "success_reward", "steps")
        self._choice = choice

    def keys(self) -> Sequence[Key]:
        names = tasks_of(self._choice.tasks) or task_names()
        for name in names:
            require_task(name)
        return self._choice.keys(names)

    def stage(self) -> "MiniWobStage":
        return MiniWobStage(self._choice)


class MiniWobStage:
    """Implements `Stage`: one page, kept from episode to episode."""

    def __init__(self, choice: Choice) -> None:
        settings = choice.settings
        self._steps = count(settings, "steps", STEPS)
        self._scale = number(settings, "scale", 1.0)
        self._miniwob = MiniWobEnvironment(
            success_reward=number(settings, "success_reward", SUCCESS_REWARD),
            fresh_page=flag(settings, "fresh_page"),
            device_scale=self._scale,
        )
        self._oracle: Oracle | None = None

    @property
    def environment(self) -> Environment:
        return self._miniwob

    async def begin(self, key: Key) -> Task:
        require_task(key.task)
        self._miniwob.name, self._oracle = key.task, None
        task = await self._miniwob.task(key.seed)
        return task.model_copy(update={"limits": Limits(steps=self._steps)})

    async def is_over(self) -> bool:
        return self._miniwob.episode.done

    async def oracle(self) -> Action | None:
        if self._oracle is None:
            self._oracle = Oracle(self._miniwob)
        return await self._oracle.next(self._scale)

    async def score(self, finish: Finish | None) -> Scored:
        episode = self._miniwob.episode
        scored = Scored(score=float(episode.success), success=episode.success, reward=episode.reward)
        if episode.success:
            return scored
        why = f"the reward was {episode.reward:g}" if episode.done else "the episode had not ended"
        return replace(scored, reason=why)

    async def close(self) -> None:
        await self._miniwob.close()
