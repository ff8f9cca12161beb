"""The loop as a LangGraph graph, with its checkpoints in SQLite. The nodes know nothing of it."""

import sqlite3
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Literal, Protocol, cast

from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.graph import START, StateGraph  # pyright: ignore[reportMissingTypeStubs]

from ..errors import UsageError
from ..tools import Finish
from .act import act
from .decide import decide
from .guard import guard
from .observe import observe
from .patience import Stopped
from .plan import plan
from .record.folder import CHECKPOINTS
from .record.trace import Decided, Sight, Step
from .review import after, review
from .run import Run, State, Update, first_state

Config = Mapping[str, object]
Node = Callable[[State, Run], Coroutine[Any, Any, Update]]
_CONFIG: Config = {"configurable": {"thread_id": "run"}, "recursion_limit": 1_000_000}  # the task has its own limits


class Snapshot(Protocol):
    """What is known of a thread: the state, empty where there is none, and the nodes that are due."""

    @property
    def values(self) -> Mapping[str, Any]: ...

    @property
    def next(self) -> tuple[str, ...]: ...


class Graph(Protocol):
    """What is used of LangGraph's compiled graph."""

    def astream(
        self, input: State | None, config: Config, *, stream_mode: str, durability: str
    ) -> AsyncGenerator[Mapping[str, object]]: ...

    async def aget_state(self, config: Config) -> Snapshot: ...

    async def aupdate_state(self, config: Config, values: Update, *, as_node: str) -> object: ...


async def turns(run: Run) -> AsyncGenerator[Step]:
    """Run to the end, to a stop that was asked for, or until something breaks; each step once it is on disk."""
    run.started = time.monotonic()  # the import of this file is no part of the run
    async with _saver(run.folder.path / CHECKPOINTS) as saver:
        graph = build(run, saver)
        start = await _where_to_begin(graph, run)
        known = len(run.steps)
        async with aclosing(graph.astream(start, _CONFIG, stream_mode="updates", durability="sync")) as updates:
            with suppress(Stopped):
                async for update in updates:
                    if len(run.steps) > known:
                        known = len(run.steps)
                        yield run.steps[max(run.steps)]
                    if run.is_stopping and "act" not in update:
                        return


def build(run: Run, saver: AsyncSqliteSaver | None = None) -> Graph:
    """The graph of one run: observe, plan, decide, guard, act, review."""
    graph: Any = StateGraph(State)
    for name, node in _NODES.items():
        graph.add_node(name, _bound(node, run))
    graph.add_edge(START, "observe")
    graph.add_edge("observe", "plan")
    graph.add_edge("plan", "decide")
    graph.add_conditional_edges("decide", after_decide)
    graph.add_conditional_edges("guard", after_guard)
    graph.add_edge("act", "review")
    graph.add_conditional_edges("review", after_review)
    return cast(Graph, graph.compile(checkpointer=saver))


def _bound(node: Node, run: Run) -> Callable[[State], Coroutine[Any, Any, Update]]:
    async def call(state: State) -> Update:
        return await node(state, run)

    return call


def after_decide(state: State) -> Literal["guard", "review"]:
    """To the guard, unless there is nothing to do: a bad answer, a limit, or just the end of the task."""
    if state["outcome"] is not None or state["error"] is not None or state["decided"] is None:
        return "review"
    first = Decided.model_validate(state["decided"]).actions[0]
    return "review" if isinstance(first, Finish) else "guard"


def after_guard(state: State) -> Literal["act", "review"]:
    """To the act, unless it was refused."""
    return "act" if state["outcome"] is None and state["error"] is None else "review"


def after_review(state: State) -> Literal["guard", "observe", "__end__"]:
    """To the decision's next action, to the next turn, or to the end."""
    if state["outcome"] is not None:
        return "__end__"
    return "observe" if state["decided"] is None else "guard"


_NODES: dict[str, Node] = {
    "observe": observe,
    "plan": plan,
    "decide": decide,
    "guard": guard,
    "act": act,
    "review": review,
}


@asynccontextmanager
async def _saver(path: Path) -> AsyncGenerator[AsyncSqliteSaver]:
    async with AsyncSqliteSaver.from_conn_string(str(path)) as saver:
        # No module may be named in a checkpoint: the state is plain JSON, and anything else there is an intruder.
        saver.serde = JsonPlusSerializer(allowed_msgpack_modules=None)
        yield saver


async def _where_to_begin(graph: Graph, run: Run) -> State | None:
    """The first state of a new run; None where the graph goes on from its last checkpoint."""
    path = run.folder.path / CHECKPOINTS
    try:
        snapshot = await graph.aget_state(_CONFIG)
    except sqlite3.DatabaseError as error:
        raise UsageError(f"{path} is damaged and the run cannot be resumed: {error}") from None
    if not snapshot.values:
        if run.steps:
            raise UsageError(f"{path} is missing or empty, and the run cannot be resumed without it")
        return first_state(run.task)
    state = State(**snapshot.values)
    run.spent_before_s = state["spent_s"]
    run.continued_turn = state["turn"]
    last = state["now"] or state["saw"]
    if last is not None:
        await run.open(Sight.model_validate(last))
    update = _catch_up(state, snapshot.next, run)
    if update is not None:
        await graph.aupdate_state(_CONFIG, update, as_node="review")
    return None


def _catch_up(state: State, due: tuple[str, ...], run: Run) -> Update | None:
    """What to change in a checkpoint before going on from it with a new turn; None to finish the turn as it stands."""
    step = run.steps.get(state["turn"])
    if step is not None:
        return after(state, step) | Update(now=None)
    begun = run.journal.find(state["turn"], state["index"]) is not None
    if due == ("review",) or (due == ("act",) and begun):
        return None
    return Update(decided=None, did=[], index=0, error=None, now=None)
