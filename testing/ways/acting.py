"""A goal of several actions, by the agent's own loop."""

import tempfile
from pathlib import Path

from ...environments import Environment, Facts
from ...errors import EnvironmentLost
from ...policies import Policy
from ...screen import Box, Observation
from ...tools import Action, Task
from ..verdicts import CheckFailed, Inconclusive


class Standing:
    """An environment that an agent takes over as it stands, and leaves open."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment

    async def reset(self, task: Task) -> Observation:
        return await self.environment.observe()

    async def observe(self) -> Observation:
        return await self.environment.observe()

    async def step(self, action: Action) -> Observation:
        return await self.environment.step(action)

    async def facts(self, action: Action) -> Facts:
        return await self.environment.facts(action)

    async def sensitive_boxes(self) -> tuple[Box, ...]:
        return await self.environment.sensitive_boxes()

    async def close(self) -> None:
        """Nothing: the test goes on with it."""


async def run_agent(goal: str, environment: Environment, policy: Policy) -> int:
    """Do what the words ask for on the screen as it stands; how many tokens that took.

    Raises CheckFailed where the agent itself gives up; where something stops it EnvironmentLost, if nobody can say
    whether the screen has done an action, else Inconclusive.
    """
    from ...agent import Agent  # which takes a second to import

    with tempfile.TemporaryDirectory(prefix="clickwright-") as folder:
        agent = Agent(goal, policy=policy, environment=Standing(environment), run_dir=Path(folder) / "run")
        result = await agent.arun()
    tokens = sum(step.decided.tokens for step in result.steps if step.decided is not None)
    if result.status == "success":
        return tokens
    if result.status == "failure":
        raise CheckFailed(f"{goal!r} could not be done: {result.reason}")
    stopped = EnvironmentLost if result.stop == "in_doubt" else Inconclusive
    raise stopped(f"{goal!r} was not finished: {result.reason}")
