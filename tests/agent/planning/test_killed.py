"""Runs with a plan, facts and a check that die at any moment: they go on with what they had."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from clickwright.agent import Agent, Checked, Planning, Result, read_run
from clickwright.agent.planning import Evidence
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.environments.memory.screen import MemoryItem, MemoryPage
from clickwright.policies.policy import Decision, Turn
from clickwright.screen import Box, Observation, Point, Size
from clickwright.tools import Action, CallTool, Click, Finish, Limits, Task

BUTTON = Box(20, 20, 100, 50)
PAGES = (
    MemoryPage(items=(MemoryItem(name="Next", box=BUTTON, leads_to="second"),)),
    MemoryPage(name="second", background="#ddeeff", items=(MemoryItem(name="Last", box=BUTTON, leads_to="third"),)),
    MemoryPage(name="third", background="#ffeedd"),
)


class Broken(Exception):  # noqa: N818
    """The process was killed here."""


class Clock:
    """Breaks off at its last tick."""

    def __init__(self) -> None:
        self.left = 0

    def tick(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Broken


class World(MemoryEnvironment):
    """Outlives the process. Breaks off before and after everything that is done."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(PAGES, size=Size(320, 180))
        self._clock = clock

    async def step(self, action: Action) -> Observation:
        self._clock.tick()
        seen = await super().step(action)
        self._clock.tick()
        return seen

    async def observe(self) -> Observation:
        self._clock.tick()
        return await super().observe()


class Parts:
    """A policy, a planner and a checker in one, and how often each was answered."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._goal = clock, ""
        self.plans: list[str] = []

    def reset(self, task: Task) -> None:
        self._clock.tick()
        self._goal = task.goal.splitlines()[0]

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        """Notes the page that is shown, gets stuck on purpose once, then goes on."""
        self._clock.tick()
        decisions = (turn.decision for turn in history)
        known = any(isinstance(action, CallTool) for one in decisions if one for action in one.actions)
        actions: tuple[Action, ...]
        match self._goal, observation.title:
            case "note", _:
                actions = (Finish(),) if known else (CallTool(name="remember", arguments=NOTE),)
            case "stuck", _:
                actions = (Click(point=Point(270, 160)),)
            case _, "third":
                actions = (Finish(answer="there"),)
            case _:
                actions = (Click(point=BUTTON.center),)
        return Decision(actions=actions, frame=observation.screenshot.frame)

    def plan(self, task: Task, observation: Observation, evidence: Evidence | None = None) -> Planning:
        self._clock.tick()
        self.plans.append("" if evidence is None else evidence.reason)
        return Planning(steps=("note", "stuck") if evidence is None else ("go on",), tokens=7)

    def check(self, goal: str, before: Observation, after: Observation, did: Sequence[str]) -> Checked:
        self._clock.tick()
        return Checked(verdict="met" if goal == "note" or after.title == "third" else "not met", tokens=3)


NOTE = {"name": "page", "value": "start"}


def lived(folder: Path, kill_at: int) -> tuple[Result, World, Parts, int]:
    """The run, begun and gone on with until a life comes to its end; every third life is left to live."""
    clock = Clock()
    world, parts = World(clock), Parts(clock)
    for life in range(1, 60):
        clock.left = kill_at if life % 3 else 0
        more = {"policy": parts, "environment": world, "planner": parts, "checker": parts, "keep_open": True}
        begun = (folder / "run.json").exists()
        task = Task(goal="all of it", limits=Limits(repeats=2))
        agent = (
            Agent.resume(folder, screen_tells=True, **more)
            if begun
            else Agent(task, run_dir=folder, facts=True, screen_tells=True, **more)
        )
        try:
            return agent.run(), world, parts, life
        except Broken:
            continue
    raise AssertionError("it never came to its end")


@pytest.mark.parametrize("kill_at", range(1, 26))
def test_nothing_is_lost_or_done_twice(tmp_path: Path, kill_at: int) -> None:
    result, world, parts, lives = lived(tmp_path / "run", kill_at)
    assert (result.status, result.answer, result.facts) == ("success", "there", {"page": "start"})
    assert [name for _, name in world.clicks if name] == ["Next", "Last"]
    info = read_run(result.run_dir).info
    assert info is not None
    assert info.plan == ("note", "go on")
    assert [made.plan for made in info.plans] == [("note", "stuck"), ("note", "go on")]
    assert len(parts.plans) == 2  # an answer of the planner is on disk before anything can break off again
    assert [step.number for step in result.steps] == list(range(1, len(result.steps) + 1))
    assert lives > 1 or kill_at > 20
