"""The policy hears of all that has happened, whatever lies between: further actions, a stop, a kill."""

import asyncio
from collections.abc import Callable

import pytest
from clickwright.agent import Agent, AskUser, resume
from clickwright.agent.record.trace import Step
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.screen import Observation, Point
from clickwright.tools import Action, Ask, CallTool, Click, Finish, Limits, Task

Make = Callable[..., Agent]

NEXT = Click(point=Point(60, 35))
LOOKUP = CallTool(name="lookup", arguments={"word": "mug"})
RETURNED = 'lookup returned "mug: 9 EUR"'
ASK = Ask(question="Which?")


def lookup(word: str) -> str:
    """Look a word up."""
    return f"{word}: 9 EUR"


class Killed(Exception):  # noqa: N818
    """The process was killed here."""


class Person:
    """Answers what the model asks, or is killed as it waits."""

    def __init__(self, said: str = "") -> None:
        self._said = said

    async def approve(self, request: AskUser, question: str) -> bool:
        return True

    async def answer(self, question: str) -> str | None:
        if not self._said:
            raise Killed
        return self._said


def stopped_after(agent: Agent) -> Agent:
    """A run that was stopped after its first step, in a world that is still there."""
    agent.run(on_step=lambda step: agent.stop())
    return agent


def test_a_decision_of_several_actions_loses_nothing(make: Make, shop: MemoryEnvironment) -> None:
    policy = ScriptedPolicy([[LOOKUP, ASK, NEXT], Finish()])
    result = make([], policy=policy, tools=[lookup], approver=Person("the blue one")).run()
    assert policy.seen[1].events == (RETURNED, "the user answered: the blue one")
    assert result.steps[1].saw.events == policy.seen[1].events
    assert shop.actions == [NEXT]


def test_what_a_browser_tells_of_an_earlier_action_is_told(make: Make, shop: MemoryEnvironment) -> None:
    class Telling(MemoryEnvironment):
        async def step(self, action: Action) -> Observation:
            self.happen(f"downloaded {len(self.actions)}.pdf")
            return await super().step(action)

    environment = Telling(shop._pages.values(), size=shop.size)
    policy = ScriptedPolicy([[NEXT, NEXT], NEXT, Finish()])
    make([], policy=policy, environment=environment).run()
    assert [seen.events for seen in policy.seen] == [
        (),
        ("downloaded 0.pdf", "downloaded 1.pdf"),
        ("downloaded 2.pdf",),
    ]


@pytest.mark.parametrize("script", [[LOOKUP], [LOOKUP, NEXT]])
def test_a_run_that_was_stopped_tells_what_a_tool_returned(
    make: Make, shop: MemoryEnvironment, script: list[Action]
) -> None:
    agent = stopped_after(make([script], tools=[lookup], keep_open=True))
    policy = ScriptedPolicy([Finish()])
    resumed = Agent.resume(agent.run_dir, policy=policy, environment=shop, tools=[lookup])
    assert resumed.run().status == "success"
    assert policy.seen[0].events == (RETURNED,)


def test_a_limit_that_is_raised_loses_nothing(make: Make, shop: MemoryEnvironment) -> None:
    """The run ended between the look and the decision."""

    def spend(step: Step) -> None:
        assert agent._run is not None
        agent._run.spent_before_s = 60.0

    task = Task(goal="x", limits=Limits(seconds=50))
    agent = make([LOOKUP], task, tools=[lookup], keep_open=True)
    ended = agent.run(on_step=spend)
    assert (ended.stop, ended.steps[-1].decided) == ("seconds", None)
    policy, longer = ScriptedPolicy([Finish()]), Limits(seconds=500)
    resumed = Agent.resume(agent.run_dir, policy=policy, environment=shop, tools=[lookup], limits=longer)
    assert resumed.run().status == "success"
    assert policy.seen[0].events == (RETURNED,)


def test_a_question_that_a_kill_cut_off_is_asked_again_and_its_answer_is_told(
    make: Make, shop: MemoryEnvironment
) -> None:
    agent = make([[LOOKUP, ASK]], tools=[lookup], keep_open=True, approver=Person())
    with pytest.raises(Killed):
        agent.run()
    policy = ScriptedPolicy([Finish()])
    assert resume(agent.run_dir, policy, shop, approver=Person("the blue one")).status == "success"
    assert policy.seen[0].events == (RETURNED, "the user answered: the blue one")


async def test_a_page_asks_nothing_while_the_model_does(make: Make) -> None:
    """One answer at a terminal must not go to the other question."""

    class Slow(Person):
        async def answer(self, question: str) -> str | None:
            assert agent._run is not None
            locked.append(agent._run.one_question.locked())
            await asyncio.sleep(0)
            return "yes"

    locked: list[bool] = []
    agent = make([ASK, Finish()], approver=Slow())
    assert (await agent.arun()).status == "success"
    assert locked == [True]
