"""The loop as an ordinary LangGraph graph, to be run alone or as a part of somebody's own."""

import json
from collections.abc import Callable, Coroutine, Generator, Iterable, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph  # pyright: ignore[reportMissingTypeStubs]
from langgraph.types import Command, StreamWriter
from pydantic import BaseModel, ValidationError

from ..environments.environment import Environment
from ..errors import ClickwrightError, UsageError
from ..policies.policy import Policy
from ..tools import Task, Tool
from .agent import Agent
from .approvals import Approver, interruption
from .begin import first_node, first_state_of, waited_in
from .checking.checker import Checker
from .events import Event, NodeName, RunEnded
from .graph import NODES, call_node, goes_to
from .logs import log
from .permissions import Permissions
from .planning.planner import Planner
from .record.folder import new_run_dir
from .record.trace import Sight
from .result import Result
from .run import Run, State, Update, then


class Asked(TypedDict):
    """What the graph is given: the task as it stands in Task, or just its goal."""

    task: str | dict[str, Any]


class Answered(TypedDict):
    """What it gives: status, reason, stop, answer, output and run_dir of the run, as JSON."""

    result: dict[str, Any]


class _Whole(State, Asked, Answered):
    run_dir: str


def build_graph(
    *,
    policy: Policy,
    environment: Environment,
    runs: Path | str | None = None,
    approver: Approver | None = None,
    permissions: Permissions | None = None,
    tools: Iterable[Tool | Callable[..., object]] | None = None,
    secrets: Mapping[str, str] | None = None,
    output: type[BaseModel] | None = None,
    planner: Planner | None = None,
    checker: Checker | None = None,
    facts: bool | None = None,
    unconfined: bool = False,
    screen_tells: bool = False,
    checkpointer: Any = None,
) -> Any:
    """A compiled graph that takes a `task` and gives a `result`, each run in a folder of its own below `runs`.

    What else it is given is as in Agent; the environment stays open and is the caller's to close, and runs one task
    at a time. In the middle of a run the folder knows better than a checkpoint what was done: a graph that goes on in
    another process does so from there. Each event of the loop comes as `stream_mode="custom"`.
    """

    parts: dict[str, Any] = {
        "policy": policy,
        "environment": environment,
        "approver": approver,
        "tools": tools,
        "secrets": secrets,
        "output": output,
        "keep_open": True,
        "planner": planner,
        "checker": checker,
        "facts": facts,
        "unconfined": unconfined,
        "screen_tells": screen_tells,
    }
    folder = new_run_dir().parent if runs is None else Path(runs)
    return _compile(_Runs(folder, permissions, parts), checkpointer)


@dataclass(frozen=True, slots=True)
class _Live:
    agent: Agent
    run: Run
    held: ExitStack
    """The lock of its folder and the span of the run, until it is over or breaks."""


class _Runs:
    """The runs that are open in this process, by their folders."""

    def __init__(self, folder: Path, permissions: Permissions | None, parts: Mapping[str, Any]) -> None:
        self._folder = folder
        self._permissions = permissions
        self._parts = parts
        self._live: dict[str, _Live] = {}

    def begin(self, task: Task) -> Run:
        """Begin a run in a new folder."""
        name = str(self._folder / new_run_dir().name)
        return self._open(Agent(task, run_dir=name, permissions=self._permissions, **self._parts), name)

    def find(self, name: str) -> Run | None:
        """The run in this folder, if it is open here."""
        return self._live[name].run if name in self._live else None

    def reopen(self, name: str) -> Run:
        """Open a run that another process has begun."""
        return self._open(Agent.resume(name, **self._parts), name)

    def end(self, name: str) -> Result:
        """Put the end of the run into its folder and give it free."""
        live = self._live.pop(name)
        with live.held:
            result = live.agent.end(live.run)
            live.run.spans.tell_end(live.run.outcome, len(live.run.steps))
        return result

    @contextmanager
    def kept(self, name: str) -> Generator[None]:
        """Give the run free if something breaks in here, whatever it is, so that the folder can be resumed."""
        with ExitStack() as broken:
            broken.push(partial(self._break_off, name))
            yield

    def _break_off(
        self, name: str, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """Note why the run cannot go on for now, and give it free. A question breaks nothing: it waits for an answer.

        Of what is no error of Clickwright's the text may hold anything, so that it is not kept.
        """
        if error is None or isinstance(error, interruption()) or name not in self._live:
            return
        live = self._live.pop(name)
        try:
            if isinstance(error, ClickwrightError):
                with suppress(UsageError):  # a full disk does not take this either
                    live.run.note(fault=live.run.secrets.hide(f"{type(error).__name__}: {error}"))
        finally:
            live.held.__exit__(kind, error, at)

    def _open(self, agent: Agent, name: str) -> Run:
        with ExitStack() as held:
            held.enter_context(agent.folder.locked())
            held.callback(agent.let_go)
            run = agent.begin()
            held.enter_context(run.spans.of_run(run.info))
            self._live[name] = _Live(agent, run, held.pop_all())
        return run


def _compile(runs: _Runs, checkpointer: Any) -> Any:
    graph: Any = StateGraph(_Whole, input_schema=Asked, output_schema=Answered)

    async def begin(state: _Whole) -> Any:
        run = runs.begin(_task(state))
        name = str(run.folder.path)
        with runs.kept(name):
            return {**await first_state_of(run), "run_dir": name}

    async def end(state: _Whole, writer: StreamWriter) -> Any:
        name = state["run_dir"]
        run = runs.find(name) or runs.reopen(name)
        with runs.kept(name):
            await run.all_kept()
            result = runs.end(name)
        over = RunEnded(outcome=run.outcome, fault=run.info.fault)
        log(over)
        writer(over)
        return {"result": _as_json(result)}

    graph.add_node("begin", begin)
    graph.add_node("end", end)
    for name in NODES:
        graph.add_node(name, _node(name, runs), destinations=(*NODES, "end"))
    graph.add_edge(START, "begin")
    graph.add_edge("begin", "observe")
    graph.add_edge("end", END)
    return graph.compile(checkpointer=checkpointer)


def _node(name: NodeName, runs: _Runs) -> Callable[[_Whole, StreamWriter], Coroutine[Any, Any, Any]]:
    async def call(state: _Whole, writer: StreamWriter) -> Any:
        """Run the node; in another process only where it waited for a person, else go where the folder says."""

        def tell(event: Event) -> None:
            log(event)
            writer(event)

        run_dir = state["run_dir"]
        known = runs.find(run_dir)
        run = known or runs.reopen(run_dir)
        now = Update()
        with runs.kept(run_dir):
            if known is None:
                seen = None if state["now"] is None else Sight.model_validate(state["now"])
                truth = await first_state_of(run, seen)
                waited = await waited_in(name, state, truth, run)
                if waited is None:
                    return Command(update=truth, goto="end" if run.outcome is not None else first_node(truth))
                now = waited
            update = now | await call_node(name, then(state, now), run, tell)
        goto = goes_to(name, state, update, run)
        return Command(update=update, goto="end" if goto == END else goto)

    return call


def _task(state: Asked) -> Task:
    asked = state["task"]
    try:
        return Task(goal=asked) if isinstance(asked, str) else Task.model_validate(asked)
    except ValidationError as error:
        fault = error.errors()[0]
        raise UsageError(f"the task: {'.'.join(map(str, fault['loc']))}: {fault['msg']}") from None


def _as_json(result: Result) -> dict[str, Any]:
    return {
        "status": result.status,
        "reason": result.reason,
        "stop": result.stop,
        "answer": result.answer,
        "output": None if result.output is None else json.loads(result.output.model_dump_json()),
        "run_dir": str(result.run_dir),
    }
