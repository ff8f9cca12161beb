"""Answers that must be values: told to the policy, read, and given back with what is wrong."""

from collections.abc import Callable
from typing import Annotated

import pytest
from clickwright.agent import Agent
from clickwright.agent.forms import read_answer
from clickwright.errors import BadModelOutput
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.screen import Point
from clickwright.tools import Click, Finish, Limits, Task
from pydantic import BaseModel, Field

Make = Callable[..., Agent]


class Price(BaseModel):
    """What a thing costs."""

    name: str
    euros: Annotated[float, Field(gt=0)]


class Told(ScriptedPolicy):
    """Keeps the tasks that it is given, and what it was told of each turn."""

    def __init__(self, script: list[object]) -> None:
        super().__init__(script)  # pyright: ignore[reportArgumentType]
        self.goals: list[str] = []
        self.errors: list[str | None] = []

    def reset(self, task: Task) -> None:
        self.goals.append(task.goal)
        super().reset(task)

    def act(self, observation, history):
        self.errors = [turn.error for turn in history]
        return super().act(observation, history)


GOOD = Finish(answer='Here it is:\n```json\n{"name": "mug", "euros": 4.5,}\n```')


def test_the_answer_is_a_value(make: Make) -> None:
    policy = Told([GOOD])
    result = make([], Task(goal="How much is the mug?"), policy=policy, output=Price).run()
    assert (result.status, result.output) == ("success", Price(name="mug", euros=4.5))
    assert policy.goals[0].startswith("How much is the mug?\n")
    assert '"euros"' in policy.goals[0]


def test_only_the_last_step_of_a_plan_is_asked_for_the_value(make: Make) -> None:
    policy = Told([[Click(point=Point(60, 35)), Finish()], GOOD])
    result = make([], Task(goal="shop", steps=("Look.", "Say.")), policy=policy, output=Price).run()
    assert result.output == Price(name="mug", euros=4.5)
    assert ["schema" in goal for goal in policy.goals] == [False, True]


def test_a_wrong_answer_is_given_back_with_what_is_wrong(make: Make) -> None:
    policy = Told([Finish(answer="4.50 euros"), Finish(answer='{"name": "mug", "euros": -1}'), GOOD])
    result = make([], policy=policy, output=Price).run()
    assert result.output == Price(name="mug", euros=4.5)
    assert [step.is_refused for step in result.steps] == [True, True, False]
    assert "must be a JSON object" in str(policy.errors[0])
    assert "euros: Input should be greater than 0" in str(policy.errors[1])


def test_a_policy_that_does_not_learn_is_stopped(make: Make) -> None:
    task = Task(goal="How much?", limits=Limits(bad_outputs=3))
    result = make([Finish(answer=f"{n} euros") for n in range(9)], task, output=Price).run()
    assert (result.status, result.stop, result.output, len(result.steps)) == ("stopped", "bad_outputs", None, 3)


def test_a_task_that_failed_has_no_value(make: Make) -> None:
    result = make([Finish(status="failure", answer="there is no mug")], output=Price).run()
    assert (result.status, result.reason, result.output) == ("failure", "there is no mug", None)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"name": 1}', '{"name": "a", "euros": "x"}', "{" * 200, "x" * 70_000])
def test_what_is_no_value_is_told_and_nothing_else_happens(text: str) -> None:
    with pytest.raises(BadModelOutput):
        read_answer(text, Price)
