"""Answers that reach a graph in another process, whose screen is not even open there."""

from pathlib import Path
from typing import Any

import pytest
from clickwright import build_graph
from clickwright.agent import InterruptApprover, read_run
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.environments.memory.screen import MemoryPage
from clickwright.errors import ModelUnavailable
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.screen import Observation, Point, Size
from clickwright.tools import Action, Ask, Click, Finish, Limits, Task
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

NEXT = Click(point=Point(60, 35))
FIELD = Click(point=Point(110, 75))
NOTHING = Click(point=Point(270, 160))
PAY = Click(point=Point(70, 155))
CONFIG: Any = {"configurable": {"thread_id": "1"}}


class Processes:
    """One graph after another with the same checkpoints and folder, each with a policy and a screen of its own."""

    def __init__(self, pages: tuple[MemoryPage, ...], runs: Path) -> None:
        self._pages, self._runs, self._saver = pages, runs, InMemorySaver()
        self.policy = ScriptedPolicy([])
        self.shop = MemoryEnvironment(pages)

    async def go(self, script: list[Any], told: Any, shop: type[MemoryEnvironment] = MemoryEnvironment) -> Any:
        """What the next process gives for this: a question, or the result."""
        for lock in self._runs.glob("*/lock"):
            lock.unlink()
        self.policy, self.shop = ScriptedPolicy(script), shop(self._pages, size=Size(320, 180))
        parts: Any = {"checkpointer": self._saver, "approver": InterruptApprover()}
        graph = build_graph(policy=self.policy, environment=self.shop, runs=self._runs, **parts)
        told = await graph.ainvoke(told, CONFIG)
        return told["__interrupt__"][0].value if "__interrupt__" in told else told["result"]


@pytest.fixture
def processes(pages: tuple[MemoryPage, ...], tmp_path: Path) -> Processes:
    return Processes(pages, tmp_path / "runs")


def approve(asked: Any) -> Command[Any]:
    return Command(resume={"kind": "approve", "digest": asked["digest"]})


@pytest.mark.parametrize(("before", "rest"), [([], Finish()), ([FIELD], Finish()), ([], NEXT)])
async def test_an_approval_is_for_the_first_action_or_a_further_one(
    processes: Processes, before: list[Action], rest: Action
) -> None:
    """What is left of the decision is decided anew."""
    asked = await processes.go([[*before, PAY, rest]], {"task": "pay"})
    assert asked["trigger"] == "payment"
    result = await processes.go([Finish()], approve(asked))
    assert (result["status"], processes.shop.actions) == ("success", [PAY])
    step, *_ = read_run(result["run_dir"]).steps
    assert [did.effect for did in step.did] == ["changed"] * (len(before) + 1)


async def test_an_answer_reaches_the_policy(processes: Processes) -> None:
    asked = await processes.go([Ask(question="Which?")], {"task": "go on"})
    assert asked == {"kind": "question", "question": "Which?"}
    result = await processes.go([Finish()], Command(resume="the blue one"))
    assert result["status"] == "success"
    assert processes.policy.seen[0].events == ("the user answered: the blue one",)


async def test_help_reaches_the_policy(processes: Processes) -> None:
    task = Task(goal="x", limits=Limits(repeats=2, helps=1)).model_dump(mode="json")
    asked = await processes.go([NOTHING] * 9, {"task": task})
    assert "What should I do?" in asked["question"]
    result = await processes.go([[NEXT, Finish()]], Command(resume="the other one"))
    assert result["status"] == "success"
    assert processes.policy.seen[0].events == ("the user answered: the other one",)


class Down(MemoryEnvironment):
    """Its process breaks off before anything is done."""

    async def step(self, action: Action) -> Observation:
        raise ModelUnavailable("down")


@pytest.mark.parametrize("looks_alike", [True, False])
async def test_what_is_in_doubt_is_done_again_where_the_screen_looks_as_it_did(
    processes: Processes, looks_alike: bool
) -> None:
    class Other(MemoryEnvironment):
        async def reset(self, task: Task) -> Observation:
            await super().reset(task)
            self.show("start" if looks_alike else "third")
            return await self.observe()

    with pytest.raises(ModelUnavailable):
        await processes.go([NEXT], {"task": "go on"}, Down)
    asked = await processes.go([NEXT], None)
    assert asked["question"].endswith("Shall it be done again? yes or no")
    result = await processes.go([Finish()], Command(resume="yes"), Other)
    assert (result["status"], processes.shop.actions) == ("success", [NEXT] if looks_alike else [])


async def test_what_nobody_was_asked_about_is_decided_anew_on_another_screen(processes: Processes) -> None:
    class Unjudged(MemoryEnvironment):
        async def facts(self, action: Action) -> Any:
            raise ModelUnavailable("down")

    class Moved(MemoryEnvironment):
        async def reset(self, task: Task) -> Observation:
            await super().reset(task)
            self.show("second")
            return await self.observe()

    with pytest.raises(ModelUnavailable):
        await processes.go([PAY], {"task": "go on"}, Unjudged)
    result = await processes.go([[NEXT, Finish()]], None, Moved)
    assert (result["status"], processes.shop.actions) == ("success", [NEXT])
