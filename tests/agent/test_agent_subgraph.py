"""The loop as a graph in somebody's own LangGraph program."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict

import pytest
from clickwright import build_graph
from clickwright.agent import Agent, Answer, InterruptApprover, Permissions, Question, read_run
from clickwright.agent.events import NodeEnded, RunEnded
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.environments.memory.screen import MemoryPage
from clickwright.errors import EnvironmentLost, ModelUnavailable, UsageError
from clickwright.policies.policy import Decision, Turn
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.screen import Observation, Point
from clickwright.tools import Click, Finish, Limits, Task
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command
from pydantic import BaseModel

NEXT = Click(point=Point(60, 35))
CONFIG: Any = {"configurable": {"thread_id": "1"}}


class Price(BaseModel):
    euros: float


def graph_of(script: list[Any], shop: MemoryEnvironment, tmp_path: Path, **more: Any) -> Any:
    return build_graph(policy=ScriptedPolicy(script), environment=shop, runs=tmp_path / "runs", **more)


async def test_a_task_goes_in_and_a_result_comes_out(shop: MemoryEnvironment, tmp_path: Path) -> None:
    graph = graph_of([[NEXT, Finish(answer='{"euros": 3}')]], shop, tmp_path, output=Price)
    result = (await graph.ainvoke({"task": "go on"}))["result"]
    assert (result["status"], result["output"]) == ("success", {"euros": 3.0})
    run = read_run(result["run_dir"])
    assert run.outcome is not None
    assert len(run.steps) == 1
    assert shop.closed == 0


async def test_each_task_has_a_run_of_its_own(shop: MemoryEnvironment, tmp_path: Path) -> None:
    graph = graph_of([Finish(), Finish()], shop, tmp_path, checkpointer=InMemorySaver())
    first = await graph.ainvoke({"task": "one"}, CONFIG)
    task = Task(goal="two", limits=Limits(steps=3)).model_dump(mode="json")
    second = await graph.ainvoke({"task": task}, CONFIG)
    infos = [read_run(told["result"]["run_dir"]).info for told in (first, second)]
    assert [info.task.goal for info in infos if info] == ["one", "two"]


async def test_it_is_a_part_of_another_graph(shop: MemoryEnvironment, tmp_path: Path) -> None:
    class Mine(TypedDict):
        task: str
        result: dict[str, Any]
        said: str

    outer: Any = StateGraph(Mine)
    outer.add_node("ask", lambda state: {"task": "go on"})
    outer.add_node("drive", graph_of([[NEXT, Finish(answer="7")]], shop, tmp_path))
    outer.add_node("tell", lambda state: {"said": f"it is {state['result']['answer']}"})
    for one, other in ((START, "ask"), ("ask", "drive"), ("drive", "tell"), ("tell", END)):
        outer.add_edge(one, other)
    graph = outer.compile()
    events: list[Any] = []
    async for _, mode, told in graph.astream({}, stream_mode=["custom", "values"], subgraphs=True):
        if mode == "custom":
            events.append(told)
        else:
            last = told
    assert last["said"] == "it is 7"
    nodes = [event.node for event in events if isinstance(event, NodeEnded)]
    assert nodes == ["observe", "plan", "decide", "guard", "act", "review"]
    assert isinstance(events[-1], RunEnded)
    assert events[-1].outcome is not None


async def test_it_can_be_drawn(shop: MemoryEnvironment, tmp_path: Path) -> None:
    drawn = graph_of([], shop, tmp_path).get_graph()
    assert {"begin", "observe", "plan", "decide", "guard", "act", "review", "end"} < set(drawn.nodes)


class Failing(ScriptedPolicy):
    """The model's server is down for the second decision."""

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        if self.seen and not self.is_back:
            raise ModelUnavailable("down")
        return super().act(observation, history)

    is_back = False


async def test_what_broke_off_goes_on_with_the_same_thread(shop: MemoryEnvironment, tmp_path: Path) -> None:
    policy = Failing([NEXT, [NEXT, Finish()]])
    graph = build_graph(policy=policy, environment=shop, runs=tmp_path / "runs", checkpointer=InMemorySaver())
    with pytest.raises(ModelUnavailable):
        await graph.ainvoke({"task": "go on"}, CONFIG)
    policy.is_back = True
    assert (await graph.ainvoke(None, CONFIG))["result"]["status"] == "success"
    assert shop.actions == [NEXT, NEXT]


class Faulty(ScriptedPolicy):
    """A policy of somebody's own with a fault in it."""

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        if not self.is_mended:
            raise ValueError("hunter22 cannot be read")
        return super().act(observation, history)

    is_mended = False


@pytest.mark.parametrize("by", ["agent", "graph"])
async def test_a_fault_of_another_kind_gives_the_folder_free_too(
    shop: MemoryEnvironment, tmp_path: Path, by: str
) -> None:
    policy = Faulty([[NEXT, Finish()]])
    graph = build_graph(policy=policy, environment=shop, runs=tmp_path / "runs", checkpointer=InMemorySaver())
    with pytest.raises(ValueError, match="cannot be read"):
        await graph.ainvoke({"task": "go on"}, CONFIG)
    (folder,) = (tmp_path / "runs").iterdir()
    info = read_run(folder).info
    assert info is not None
    assert info.fault == ""
    policy.is_mended = True
    if by == "agent":
        assert (await Agent.resume(folder, policy=policy, environment=shop).arun()).status == "success"
    else:
        assert (await graph.ainvoke(None, CONFIG))["result"]["status"] == "success"
    assert shop.actions == [NEXT]


async def test_a_graph_that_is_cancelled_gives_the_folder_free(shop: MemoryEnvironment, tmp_path: Path) -> None:
    class Waiting:
        async def approve(self, request: Question, question: str) -> bool:
            asked.set()
            await asyncio.Event().wait()
            return True

        async def answer(self, question: str) -> str | None:
            return None

    asked = asyncio.Event()
    graph = graph_of([[PAY, Finish()]], shop, tmp_path, approver=Waiting())
    running = asyncio.ensure_future(graph.ainvoke({"task": "pay"}))
    await asked.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    (folder,) = (tmp_path / "runs").iterdir()
    resumed = Agent.resume(folder, policy=ScriptedPolicy([Finish()]), environment=shop)
    assert (await resumed.arun()).status == "success"
    assert shop.actions == []


async def test_a_screen_that_is_lost_as_the_run_is_reopened_gives_the_folder_free(
    shop: MemoryEnvironment, tmp_path: Path
) -> None:
    class Lost(MemoryEnvironment):
        async def observe(self) -> Observation:
            raise EnvironmentLost("gone")

        async def reset(self, task: Task) -> Observation:
            raise EnvironmentLost("gone")

    saver, policy = InMemorySaver(), Failing([NEXT])
    first = build_graph(policy=policy, environment=shop, runs=tmp_path / "runs", checkpointer=saver)
    with pytest.raises(ModelUnavailable):
        await first.ainvoke({"task": "go on"}, CONFIG)
    with pytest.raises(EnvironmentLost):
        await graph_of([Finish()], Lost([MemoryPage()]), tmp_path, checkpointer=saver).ainvoke(None, CONFIG)
    again = graph_of([Finish()], shop, tmp_path, checkpointer=saver)
    assert (await again.ainvoke(None, CONFIG))["result"]["status"] == "success"


async def test_another_process_goes_on_where_the_folder_says(shop: MemoryEnvironment, tmp_path: Path) -> None:
    saver = InMemorySaver()
    policy = Failing([NEXT])
    first = build_graph(policy=policy, environment=shop, runs=tmp_path / "runs", checkpointer=saver)
    with pytest.raises(ModelUnavailable):
        await first.ainvoke({"task": "go on"}, CONFIG)
    del first
    (folder,) = (tmp_path / "runs").iterdir()
    info = read_run(folder).info
    assert info is not None
    assert info.fault == "ModelUnavailable: down"
    again = graph_of([[NEXT, Finish()]], shop, tmp_path, checkpointer=saver)
    result = (await again.ainvoke(None, CONFIG))["result"]
    assert result["status"] == "success"
    assert Path(result["run_dir"]) == folder
    assert [step.number for step in read_run(folder).steps] == [1, 2]
    assert shop.actions == [NEXT, NEXT]


async def test_a_checkpoint_that_is_behind_the_folder_repeats_nothing(shop: MemoryEnvironment, tmp_path: Path) -> None:
    saver = InMemorySaver()
    graph = graph_of([NEXT, [NEXT, Finish()]], shop, tmp_path, checkpointer=saver)
    await graph.ainvoke({"task": "go on"}, CONFIG)
    states = [state async for state in graph.aget_state_history(CONFIG)]
    (old,) = [state for state in states if state.next == ("act",) and state.values["turn"] == 1]
    again = graph_of([], shop, tmp_path, checkpointer=saver)
    result = (await again.ainvoke(None, old.config))["result"]
    assert result["status"] == "success"
    assert shop.actions == [NEXT, NEXT]


async def test_the_permissions_hold_here_too(shop: MemoryEnvironment, tmp_path: Path) -> None:
    graph = graph_of([NEXT], shop, tmp_path, permissions=Permissions(denied=frozenset({"click"})))
    result = (await graph.ainvoke({"task": "go on"}))["result"]
    assert (result["status"], result["stop"]) == ("stopped", "denied")
    assert shop.actions == []


async def test_a_task_that_is_none_is_told(shop: MemoryEnvironment, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="goal"):
        await graph_of([], shop, tmp_path).ainvoke({"task": {"start_url": "x"}})


PAY = Click(point=Point(70, 155))


@pytest.mark.parametrize("is_another_process", [False, True])
@pytest.mark.parametrize("agrees", [True, False])
async def test_a_person_is_asked_by_an_interrupt(
    shop: MemoryEnvironment, tmp_path: Path, agrees: bool, is_another_process: bool
) -> None:
    saver = InMemorySaver()
    graph = graph_of([[PAY, Finish()]], shop, tmp_path, checkpointer=saver, approver=InterruptApprover())
    asked = (await graph.ainvoke({"task": "pay"}, CONFIG))["__interrupt__"][0].value
    assert (asked["trigger"], asked["name"], asked["action"]["kind"]) == ("payment", "Pay now", "click")
    assert shop.actions == []
    if is_another_process:
        graph = elsewhere(shop, tmp_path, saver)
    said = {"kind": "approve", "digest": asked["digest"]} if agrees else {"kind": "deny"}
    result = (await graph.ainvoke(Command(resume=said), CONFIG))["result"]
    assert (result["status"], result["stop"]) == (("success", None) if agrees else ("stopped", "denied"))
    assert shop.actions == ([PAY] if agrees else [])


HASTY = Permissions(origins=("memory:",), approval_s=0.1)
LONGER_S = 0.2


def elsewhere(shop: MemoryEnvironment, tmp_path: Path, saver: InMemorySaver) -> Any:
    """The same graph in another process, which is given the folder free."""
    (folder,) = (tmp_path / "runs").iterdir()
    (folder / "lock").unlink()
    return graph_of([], shop, tmp_path, checkpointer=saver, approver=InterruptApprover())


@pytest.mark.parametrize("is_another_process", [False, True])
async def test_an_answer_by_an_interrupt_is_good_for_a_time_only(
    shop: MemoryEnvironment, tmp_path: Path, is_another_process: bool
) -> None:
    saver = InMemorySaver()
    parts = {"checkpointer": saver, "approver": InterruptApprover(), "permissions": HASTY}
    graph = graph_of([[PAY, Finish()]], shop, tmp_path, **parts)
    asked = (await graph.ainvoke({"task": "pay"}, CONFIG))["__interrupt__"][0].value
    await asyncio.sleep(LONGER_S)
    if is_another_process:
        graph = elsewhere(shop, tmp_path, saver)
    said = {"kind": "approve", "digest": asked["digest"]}
    result = (await graph.ainvoke(Command(resume=said), CONFIG))["result"]
    assert (result["stop"], shop.actions) == ("denied", [])
    assert "the answer came more than 0.1 s after the question" in result["reason"]
    (did,) = read_run(result["run_dir"]).steps[0].did
    assert did.approval is not None
    assert did.approval.asked_at.isoformat() == asked["asked_at"]


async def test_a_question_that_nobody_answered_in_time_is_asked_anew(shop: MemoryEnvironment, tmp_path: Path) -> None:
    saver = InMemorySaver()
    rules = Permissions(origins=("memory:",), approval_s=1.0)  # the second answer is to come in time
    parts = {"checkpointer": saver, "approver": InterruptApprover(), "permissions": rules}
    graph = graph_of([[PAY, Finish()]], shop, tmp_path, **parts)
    first = (await graph.ainvoke({"task": "pay"}, CONFIG))["__interrupt__"][0].value
    await asyncio.sleep(1.1)
    again = (await elsewhere(shop, tmp_path, saver).ainvoke(None, CONFIG))["__interrupt__"][0].value
    assert again["asked_at"] > first["asked_at"]
    said = {"kind": "approve", "digest": again["digest"]}
    result = (await elsewhere(shop, tmp_path, saver).ainvoke(Command(resume=said), CONFIG))["result"]
    assert (result["status"], shop.actions) == ("success", [PAY])


class Dying(InterruptApprover):
    """Its process breaks off as the answer comes."""

    async def approve(self, request: Question, question: str) -> Answer:
        await super().approve(request, question)
        raise ModelUnavailable("down")


async def test_an_answer_that_came_too_late_stays_so(shop: MemoryEnvironment, tmp_path: Path) -> None:
    parts = {"checkpointer": (saver := InMemorySaver()), "approver": Dying(), "permissions": HASTY}
    graph = graph_of([[PAY, Finish()]], shop, tmp_path, **parts)
    asked = (await graph.ainvoke({"task": "pay"}, CONFIG))["__interrupt__"][0].value
    await asyncio.sleep(LONGER_S)
    with pytest.raises(ModelUnavailable):
        await graph.ainvoke(Command(resume={"kind": "approve", "digest": asked["digest"]}), CONFIG)
    again = graph_of([], shop, tmp_path, checkpointer=saver, approver=InterruptApprover())
    result = (await again.ainvoke(None, CONFIG))["result"]
    assert (result["stop"], shop.actions) == ("denied", [])
    assert "the answer came more than 0.1 s after the question" in result["reason"]


@pytest.mark.slow
async def test_an_answer_in_time_stays_so_while_the_next_one_is_waited_for(
    shop: MemoryEnvironment, tmp_path: Path
) -> None:
    rules = Permissions(origins=("memory:",), approval_s=2.0)
    parts = {"checkpointer": InMemorySaver(), "approver": InterruptApprover(), "permissions": rules}
    graph = graph_of([[PAY, Finish()]], shop, tmp_path, **parts)
    asked = (await graph.ainvoke({"task": "pay"}, CONFIG))["__interrupt__"][0].value
    await asyncio.sleep(1.3)
    twice = PAY.model_copy(update={"count": 2})
    edit = {"kind": "edit", "digest": asked["digest"], "action": twice.model_dump(mode="json")}
    again = (await graph.ainvoke(Command(resume=edit), CONFIG))["__interrupt__"][0].value
    await asyncio.sleep(1.3)
    result = (await graph.ainvoke(Command(resume={"kind": "approve", "digest": again["digest"]}), CONFIG))["result"]
    assert (result["status"], shop.actions) == ("success", [twice]), result
