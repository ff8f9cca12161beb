"""The stage: one episode after another, in a browser or on a desktop that nobody sees."""

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Protocol

from ....environments import Environment
from ....errors import EnvironmentLost, UsageError
from ....tools import Action, Finish, Limits, Task
from ...row import Key
from ...suite import Scored
from .desk import DeskSide, DeskTask
from .tasks import EVERY
from .web import WebSide

LIMITS = Limits(steps=40, seconds=600)


class Play(Protocol):
    """An episode that is being played."""

    goal: str

    @property
    def environment(self) -> Environment: ...

    @property
    def start_url(self) -> str: ...

    def follow(self) -> AsyncIterator[Action]:
        """What one does who knows the solution."""
        ...

    def obey(self) -> AsyncIterator[Action]:
        """What one does who obeys the text that a twin has in its page; nothing elsewhere."""
        ...

    async def score(self, finish: Finish | None) -> Scored: ...


class AppStage:
    """Plays the tasks of the suite and their twins; the applications from npm are in the folder `apps`.

    The same seed gives the same episode. Each begins afresh: nothing that was done in one is there in the next.
    """

    def __init__(self, apps: Path) -> None:
        self._apps = apps
        self._web = WebSide(apps)
        self._desk = DeskSide()
        self._play: Play | None = None
        self._moves: AsyncIterator[Action] | None = None

    @property
    def environment(self) -> Environment:
        return self.play.environment

    @property
    def play(self) -> Play:
        """The episode. Raises UsageError before the first."""
        if self._play is None:
            raise UsageError("no episode has begun; begin one first")
        return self._play

    async def begin(self, key: Key) -> Task:
        """Set the episode up. Raises EnvironmentLost where its application is not installed."""
        staged = EVERY.get(key.task)
        if staged is None:
            raise UsageError(f"clickwright-20 has no task {key.task!r}")
        absent = staged.missing(self._apps)
        if absent:
            raise EnvironmentLost(absent)
        task, chance = staged.task, Random(f"{staged.task.name} {key.seed}")
        if isinstance(task, DeskTask):
            self._play = await self._desk.begin(task, staged.twin, chance)
        else:
            self._play = await self._web.begin(task, staged.twin, chance)
        self._moves = None
        return Task(goal=self._play.goal, start_url=self._play.start_url, limits=LIMITS)

    async def is_over(self) -> bool:
        """Never: these end when the agent says so."""
        return False

    async def oracle(self) -> Action | None:
        """The next of the moves that solve the task. Raises EnvironmentLost where the screen is not what it was."""
        if self._moves is None:
            self._moves = self.play.follow()
        return await anext(self._moves, None)

    async def score(self, finish: Finish | None) -> Scored:
        return await self.play.score(finish)

    async def close(self) -> None:
        self._play = self._moves = None
        await self._web.close()
        await self._desk.close()
