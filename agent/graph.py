"""The loop as a LangGraph graph, with its checkpoints in SQLite. The nodes know nothing of it."""

import sqlite3
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from contextlib import aclosing, asynccontextmanager
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
from .plan import plan
from .record.folder import CHECKPOINTS
from .record.trace import Decided, Step
from .resumed import read_state, resumed
from .review import review
from .run import Run, State, Update, first_state

Config = Mapping[str, object]
Node = Callable[[State, Run], Coroutine[Any, Any, Update]]
_THREAD = "run"
_CONFIG: Config = {"configurable": {"thread_id": _THREAD}, "recursion_limit": 1_000_000}  # the task has its own limits

_DAMAGE = (sqlite3.Error, ValueError, TypeError, LookupError, AttributeError, NotImplementedError)
"""What LangGraph raises for checkpoints that do not hold what it wrote."""


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
    saved = await _saved_state(run)
    async with _told_of_the_disk(run.folder.path / CHECKPOINTS), _saver(run.folder.path / CHECKPOINTS) as saver:
        graph = build(run, saver)
        start = await _where_to_begin(graph, saver, saved, run)
        known = len(run.steps)
        async with aclosing(graph.astream(start, _CONFIG, stream_mode="updates", durability="sync")) as updates:
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
async def _told_of_the_disk(path: Path) -> AsyncGenerator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise UsageError(f"{path} cannot be written: {error}") from error


@asynccontextmanager
async def _saver(path: Path) -> AsyncGenerator[AsyncSqliteSaver]:
    async with AsyncSqliteSaver.from_conn_string(str(path)) as saver:
        # No module may be named in a checkpoint: the state is plain JSON, and anything else there is an intruder.
        saver.serde = JsonPlusSerializer(allowed_msgpack_modules=None)
        yield saver


async def _where_to_begin(graph: Graph, saver: AsyncSqliteSaver, saved: State | None, run: Run) -> State | None:
    """The first state of a new run; None where the graph goes on from its last checkpoint, which is then true."""
    at = resumed(saved, run)
    if at is None:
        return first_state(run.task)
    run.spent_before_s = at.state["spent_s"]
    run.continued_turn = at.state["turn"]
    if at.last_sight is not None:
        await run.open(at.last_sight)
    await saver.setup()
    await saver.adelete_thread(_THREAD)  # what is damaged in older ones may show only later
    values: Update = {**at.state}
    if at.after == "review":
        values["now"] = None  # so that the new turn looks
    await graph.aupdate_state(_CONFIG, values, as_node=at.after)
    return None


async def _saved_state(run: Run) -> State | None:
    """What the last checkpoint holds. Damaged checkpoints are put aside: the run does not need them."""
    path = run.folder.path / CHECKPOINTS
    if not path.exists():
        return None
    try:
        async with _saver(path) as saver:
            await _require_sound(saver)
            snapshot = await build(run, saver).aget_state(_CONFIG)
            return read_state(snapshot.values) if snapshot.values else None
    except (*_DAMAGE, UsageError):
        run.folder.put_aside_checkpoints()
        return None


async def _require_sound(saver: AsyncSqliteSaver) -> None:
    async with saver.conn.execute("PRAGMA integrity_check") as rows:
        found = await rows.fetchone()
    if found is None or found[0] != "ok":
        raise sqlite3.DatabaseError(f"its pages do not fit: {found}")
