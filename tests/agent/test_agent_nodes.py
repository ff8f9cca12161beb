"""The nodes, called without a graph, and the graph's own shape."""

import json
from pathlib import Path
from typing import Any

import pytest
from clickwright.agent.graph import after_decide, after_guard, after_review, build
from clickwright.agent.nodes.act import act
from clickwright.agent.nodes.decide import decide
from clickwright.agent.nodes.guard import guard
from clickwright.agent.nodes.observe import observe
from clickwright.agent.nodes.plan import plan
from clickwright.agent.nodes.review import after, judge, review
from clickwright.agent.record.folder import JOURNAL, RunFolder
from clickwright.agent.record.journal import Journal
from clickwright.agent.record.trace import RunInfo
from clickwright.agent.run import Run, State, first_state
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.errors import BadModelOutput
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.screen import Point
from clickwright.tools import Click, Finish, Navigate, Task

NEXT = Click(point=Point(60, 35))


@pytest.fixture
def run(tmp_path: Path, shop: MemoryEnvironment) -> Run:
    folder = RunFolder(tmp_path)
    tmp_path.joinpath("frames").mkdir()
    task = Task(goal="go on")
    return Run(
        info=RunInfo(task=task, plan=(task.goal,), policy="ScriptedPolicy"),
        policy=ScriptedPolicy([[NEXT, Finish()]]),
        environment=shop,
        folder=folder,
        journal=Journal(tmp_path / JOURNAL),
    )


def then(state: State, update: Any) -> State:
    return State(**{**state, **update})


async def test_a_turn_node_by_node(run: Run, shop: MemoryEnvironment) -> None:
    state = first_state(run.task)
    state = then(state, await observe(state, run))
    assert state["saw"] == state["now"]
    assert run.permissions.origins == ("memory:",)
    state = then(state, await plan(state, run))
    state = then(state, await decide(state, run))
    assert after_decide(state) == "guard"
    state = then(state, await guard(state, run))
    assert after_guard(state) == "act"
    assert shop.actions == []
    state = then(state, await act(state, run))
    assert shop.actions == [NEXT]
    state = then(state, await review(state, run))
    assert after_review(state) == "__end__"
    assert state["outcome"] is not None
    assert state["outcome"]["status"] == "success"


async def test_the_state_is_plain_json_without_pictures(run: Run) -> None:
    state = first_state(run.task)
    for node in (observe, plan, decide, guard, act):
        state = then(state, await node(state, run))
        text = json.dumps(state)
        assert json.loads(text) == state
        assert len(text) < 8000


async def test_an_action_that_is_in_the_journal_is_not_done_again(run: Run, shop: MemoryEnvironment) -> None:
    state = first_state(run.task)
    for node in (observe, plan, decide, guard):
        state = then(state, await node(state, run))
    once = then(state, await act(state, run))
    twice = then(state, await act(state, run))
    assert shop.actions == [NEXT]
    assert once["did"] == twice["did"]


async def test_the_intent_is_on_disk_before_the_action_begins(run: Run, shop: MemoryEnvironment) -> None:
    seen: list[str] = []

    class Watching(MemoryEnvironment):
        async def step(self, action: Any) -> Any:
            seen.append((run.folder.path / JOURNAL).read_text())
            return await super().step(action)

    from clickwright.environments.memory.screen import MemoryPage

    run.environment = Watching([MemoryPage()], size=shop.size)
    state = first_state(run.task)
    for node in (observe, plan, decide, guard, act):
        state = then(state, await node(state, run))
    (line,) = seen[0].splitlines()
    assert json.loads(line)["mark"] == "intent"


async def test_where_a_turn_ends_early(run: Run) -> None:
    state = first_state(run.task)
    state = then(state, await observe(state, run))
    state = then(state, await plan(state, run))
    run.policy = ScriptedPolicy([BadModelOutput("odd"), Finish(), Navigate(url="chrome://settings")])
    bad = then(state, await decide(state, run))
    assert (after_decide(bad), bad["error"]) == ("review", "odd")
    ended = then(state, await decide(state, run))
    assert after_decide(ended) == "review"
    forbidden = then(state, await decide(state, run))
    assert after_decide(forbidden) == "guard"
    forbidden = then(forbidden, await guard(forbidden, run))
    assert after_guard(forbidden) == "review"


async def test_what_follows_a_step_can_be_worked_out_again(run: Run) -> None:
    state = first_state(run.task)
    for node in (observe, plan, decide, guard, act):
        state = then(state, await node(state, run))
    step = judge(state, run)
    assert after(state, step) == after(state, step.model_validate_json(step.model_dump_json()))


def test_the_graph_has_exactly_these_nodes() -> None:
    graph: Any = build()
    names = set(graph.get_graph().nodes)
    assert names == {"__start__", "observe", "plan", "decide", "guard", "act", "review", "__end__"}
