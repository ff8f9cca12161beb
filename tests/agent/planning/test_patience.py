"""A model server that is down: waited for, longer each time, and never longer than the user wants."""

from collections.abc import Callable

import pytest
from clickwright.agent import Agent, ModelChecker, ModelPlanner, Patience, read_run
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.errors import ModelUnavailable
from clickwright.model import ScriptedModel
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.screen import Point
from clickwright.tools import Click, Finish, Limits, Task
from hypothesis import given, settings
from hypothesis import strategies as st

Make = Callable[..., Agent]

NEXT = Click(point=Point(60, 35))
DOWN = ModelUnavailable("the server is down", is_passing=True)


class Clock:
    """Sleeps in no time, and counts the seconds."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.during: Callable[[], None] = lambda: None

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.during()

    @property
    def patience(self) -> Patience:
        return Patience(sleep=self.sleep, chance=lambda: 0.5)


def test_a_server_that_comes_back_is_waited_for(make: Make) -> None:
    clock = Clock()
    result = make([NEXT, DOWN, DOWN, DOWN, DOWN, [NEXT, Finish()]], patience=clock.patience).run()
    assert result.status == "success"
    assert sum(clock.slept) == pytest.approx(1 + 2 + 4 + 8)
    assert len(result.steps) == 2


def test_a_server_that_stays_away_is_raised_and_the_run_can_be_resumed(make: Make, shop: MemoryEnvironment) -> None:
    clock = Clock()
    agent = make([NEXT, *[DOWN] * 9], Task(goal="x", limits=Limits(outages=3)), patience=clock.patience)
    with pytest.raises(ModelUnavailable, match="the server is down"):
        agent.run()
    assert sum(clock.slept) == pytest.approx(1 + 2 + 4)
    info = read_run(agent.run_dir).info
    assert info is not None
    assert info.fault == "ModelUnavailable: the server is down"
    result = Agent.resume(agent.run_dir, policy=ScriptedPolicy([[NEXT, Finish()]]), environment=shop).run()
    assert (result.status, len(result.steps)) == ("success", 2)


def test_the_waits_begin_anew_after_an_answer(make: Make) -> None:
    clock = Clock()
    script = [NEXT, DOWN, DOWN, NEXT, DOWN, DOWN, Finish()]
    assert make(script, Task(goal="x", limits=Limits(outages=2)), patience=clock.patience).run().status == "success"
    assert sum(clock.slept) == pytest.approx(2 * (1 + 2))


def test_a_server_that_never_answered_may_be_none(make: Make) -> None:
    clock = Clock()
    with pytest.raises(ModelUnavailable):
        make([DOWN] * 9, patience=clock.patience).run()
    assert sum(clock.slept) == pytest.approx(1 + 2)


def test_what_does_not_pass_is_not_waited_for(make: Make) -> None:
    clock = Clock()
    with pytest.raises(ModelUnavailable):
        make([NEXT, ModelUnavailable("no such model"), NEXT], patience=clock.patience).run()
    assert clock.slept == []


def test_a_wait_that_the_time_does_not_allow_is_not_begun(make: Make) -> None:
    clock = Clock()
    task = Task(goal="x", limits=Limits(seconds=3.0))
    slow = Patience(first_s=4.0, sleep=clock.sleep)
    with pytest.raises(ModelUnavailable):
        make([NEXT, DOWN, NEXT], task, patience=slow).run()
    assert clock.slept == []


def test_a_stop_ends_the_wait_and_nothing_is_wrong(make: Make, shop: MemoryEnvironment) -> None:
    clock = Clock()
    agent = make([NEXT, DOWN, [NEXT, Finish()]], patience=clock.patience)
    clock.during = agent.stop
    result = agent.run()
    assert (result.status, result.stop, len(clock.slept)) == ("stopped", "interrupted", 1)
    info = read_run(agent.run_dir).info
    assert info is not None
    assert (info.fault, info.outcome) == ("", None)
    resumed = Agent.resume(agent.run_dir, policy=ScriptedPolicy([[NEXT, Finish()]]), environment=shop).run()
    assert (resumed.status, [step.number for step in resumed.steps]) == ("success", [1, 2])


def test_a_planner_and_a_checker_are_waited_for_too(make: Make) -> None:
    clock = Clock()
    planner = ModelPlanner(ScriptedModel([DOWN, '{"plan": ["a", "b"]}']))
    checker = ModelChecker(ScriptedModel([DOWN, *['{"reason": "", "verdict": "met"}'] * 2]))
    script = [[NEXT, Finish()]] * 2
    assert make(script, planner=planner, checker=checker, patience=clock.patience).run().status == "success"
    assert sum(clock.slept) == pytest.approx(2)


@settings(deadline=None)
@given(st.integers(0, 40), st.floats(0, 1))
def test_waits_grow_to_their_most_and_vary_by_a_quarter(number: int, chance: float) -> None:
    wait_s = Patience(chance=lambda: chance).seconds(number)
    middle = min(60.0, 2.0**number)
    assert 0.75 * middle <= wait_s <= 1.25 * middle
