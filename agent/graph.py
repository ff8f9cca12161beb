"""The loop as a LangGraph graph. The nodes know nothing of it."""

import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from contextlib import aclosing, suppress
from functools import cache
from typing import Any, Literal, Protocol, cast

from langgraph.graph import END, START, StateGraph  # pyright: ignore[reportMissingTypeStubs]
from langgraph.runtime import Runtime
from langgraph.types import Command

from ..tools import Finish
from .begin import first_node, first_state_of
from .events import Event, NodeBegan, NodeEnded, NodeName
from .nodes.act import act
from .nodes.decide import decide
from .nodes.guard import guard
from .nodes.observe import observe
from .nodes.plan import plan
from .nodes.review import review
from .patience import Stopped
from .record.trace import Decided, Did
from .run import Run, State, Update, then

Config = Mapping[str, object]
Node = Callable[[State, Run], Coroutine[Any, Any, Update]]
_CONFIG: Config = {"recursion_limit": 1_000_000}  # the task has its own limits


class Graph(Protocol):
    """What is used of LangGraph's compiled graph."""

    def astream(
        self, input: State, config: Config, *, context: Run, stream_mode: Literal["custom"]
    ) -> AsyncGenerator[Event]: ...


async def events(run: Run) -> AsyncGenerator[Event]:
    """Run to the end, to a stop that was asked for, or until something breaks; each event as it happens.

    A step is on disk when the event that holds it comes.
    """
    run.started = time.monotonic()  # the import of this file is no part of the run
    start = await first_state_of(run)
    try:
        async with aclosing(build().astream(start, _CONFIG, context=run, stream_mode="custom")) as stream:
            with suppress(Stopped):
                async for told in stream:
                    yield told
    finally:
        await run.all_kept()


@cache
def build() -> Graph:
    """The graph of any run, which is its context: observe, plan, decide, guard, act, review.

    It has no checkpoints: what a run is continued from is its journal, which is on disk before anything is done.
    """
    graph: Any = StateGraph(State, context_schema=Run)
    graph.add_conditional_edges(START, _way(first_node), ["observe", "act", "review"])
    for name in NODES:
        graph.add_node(name, _bound(name), destinations=(*NODES, END))
    return cast(Graph, graph.compile())


def _way(choose: Callable[[State], str]) -> Callable[[State], Coroutine[Any, Any, str]]:
    """The same as a coroutine: LangGraph gives anything else to a thread, which costs a millisecond."""

    async def choice(state: State) -> str:
        return choose(state)

    return choice


def _bound(name: NodeName) -> Callable[[State, Runtime[Run]], Coroutine[Any, Any, Any]]:
    async def call(state: State, runtime: Runtime[Run]) -> Any:
        update = await call_node(name, state, runtime.context, runtime.stream_writer)
        return Command(update=update, goto=goes_to(name, state, update, runtime.context))

    return call


def goes_to(name: NodeName, state: State, update: Update, run: Run) -> str:
    """The node behind this one. END also where a stop was asked for, but what was done is reviewed before.

    A node says so itself: for an edge that depends on the state LangGraph copies all of that, half a millisecond each.
    """
    return END if run.is_stopping and name != "act" else NEXT[name](then(state, update))


async def call_node(name: NodeName, state: State, run: Run, tell: Callable[[Event], None]) -> Update:
    """Run one node, and tell that it begins and what it found."""
    turn, known = state["turn"], len(run.steps)
    tell(NodeBegan(turn=turn, node=name))
    with run.spans.of_node(name, turn):
        began = time.perf_counter()
        update = await NODES[name](state, run)
        ended = NodeEnded(
            turn=turn,
            node=name,
            seconds=time.perf_counter() - began,
            decided=_decided(update) if name == "decide" else None,
            did=_did(update) if name in ("guard", "act") else None,
            step=run.steps[max(run.steps)] if len(run.steps) > known else None,
        )
        run.spans.tell(ended)
    tell(ended)
    return update


def _decided(update: Update) -> Decided | None:
    decided = update.get("decided")
    return None if decided is None else Decided.model_validate(decided)


def _did(update: Update) -> Did | None:
    did = update.get("did")
    return Did.model_validate(did[-1]) if did else None


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


NODES: dict[NodeName, Node] = {
    "observe": observe,
    "plan": plan,
    "decide": decide,
    "guard": guard,
    "act": act,
    "review": review,
}

NEXT: dict[NodeName, Callable[[State], str]] = {
    "observe": lambda state: "plan",
    "plan": lambda state: "decide",
    "decide": after_decide,
    "guard": after_guard,
    "act": lambda state: "review",
    "review": after_review,
}
"""Which node comes after each."""
