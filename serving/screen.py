"""The screen of a server as the agent of a task has it, which finds it open and leaves it open."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..agent.secrets import Secrets
from ..environments import Confines, Environment, Facts, JudgesDialogs
from ..environments.environment import Conceals, DialogJudge, Judge
from ..errors import EnvironmentLost
from ..screen import Box, Observation
from ..tools import Action, Task


@dataclass(slots=True)
class AsItStands:
    """The same screen, on which a task starts from what it shows. `judge` answers what pages ask after the task."""

    screen: Environment
    judge: DialogJudge
    secrets: Secrets = field(default_factory=Secrets)

    async def reset(self, task: Task) -> Observation:
        try:
            return await self.screen.observe()
        except EnvironmentLost:
            return await self.screen.reset(task)

    async def observe(self) -> Observation:
        return await self.screen.observe()

    async def step(self, action: Action) -> Observation:
        return await self.screen.step(self.secrets.handed(action, self.screen))

    def take_secrets(self, values: Mapping[str, str]) -> None:
        self.secrets = Secrets(values)

    async def facts(self, action: Action) -> Facts:
        return await self.screen.facts(action)

    async def sensitive_boxes(self) -> tuple[Box, ...]:
        return await self.screen.sensitive_boxes()

    async def conceal(self) -> tuple[Box, ...]:
        return await self.screen.conceal() if isinstance(self.screen, Conceals) else ()

    def judge_dialogs(self, judge: DialogJudge | None) -> None:
        if isinstance(self.screen, JudgesDialogs):
            self.screen.judge_dialogs(judge or self.judge)

    async def close(self) -> None:
        await self.screen.close()


@dataclass(slots=True)
class ConfinedAsItStands(AsItStands):
    """One whose connections the server keeps to what its permissions allow."""

    @property
    def start_url(self) -> str:
        """Nothing: the task starts where the screen is."""
        return ""

    def confine(self, judge: Judge) -> None:
        """Nothing: the server's own judge, which has the same rules and knows what was agreed to, stays."""


def as_it_stands(screen: Environment, judge: DialogJudge) -> AsItStands:
    """A screen that the server has opened, and confined where that is possible."""
    return ConfinedAsItStands(screen, judge) if isinstance(screen, Confines) else AsItStands(screen, judge)
