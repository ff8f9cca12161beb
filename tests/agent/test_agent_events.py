"""What a run tells while it goes on: events, the log, OpenTelemetry spans."""

import logging
from collections.abc import Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from clickwright import build_graph
from clickwright.agent import Agent, InterruptApprover
from clickwright.agent.events import Event, NodeBegan, NodeEnded, RunEnded
from clickwright.agent.spans import Spans
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.errors import ModelUnavailable
from clickwright.model import Generation
from clickwright.policies.policy import Decision
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.screen import Point
from clickwright.tools import Click, Finish, TypeText
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

Make = Callable[..., Agent]

NEXT = Click(point=Point(60, 35))
NODES = ["observe", "plan", "decide", "guard", "act", "review"]


async def test_every_node_is_told_as_it_begins_and_ends(make: Make) -> None:
    agent = make([NEXT, Finish()])
    events: list[Event] = []
    async with aclosing(agent.aevents()) as told:
        async for event in told:
            events.append(event)
            if isinstance(event, NodeEnded) and event.step is not None:
                lines = (agent.run_dir / "steps.jsonl").read_text().splitlines()
                assert len(lines) == event.step.number
    first = [event for event in events if not isinstance(event, RunEnded) and event.turn == 1]
    assert [(type(event), event.node) for event in first] == [
        (kind, node) for node in NODES for kind in (NodeBegan, NodeEnded)
    ]
    (decided,) = [event.decided for event in first if isinstance(event, NodeEnded) and event.decided]
    judged, done = [event.did for event in first if isinstance(event, NodeEnded) and event.did]
    assert decided.actions == (NEXT,)
    assert (judged.effect, done.effect) == ("not_done", "changed")
    last = events[-1]
    assert isinstance(last, RunEnded)
    assert last.outcome is not None
    assert last.outcome.status == "success"


def test_a_listener_hears_it_in_a_synchronous_run_too(make: Make) -> None:
    heard: list[Event] = []
    make([NEXT, Finish()]).run(on_event=heard.append)
    assert [event.node for event in heard if isinstance(event, NodeEnded)] == [*NODES, *NODES[:3], "review"]


def test_the_log_tells_steps_and_trouble(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "clickwright.agent")
    make([Click(point=Point(999, 999)), [NEXT, Finish(answer="7\x1b[2J")]]).run()
    told = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert told[0] == ("INFO", "step 1: click (999, 999): failed")
    assert told[1][0] == "WARNING"
    ended = ("INFO", "the run ended: success: the policy says so, and nobody checked it")
    assert told[-2:] == [("INFO", "step 2: click (60, 35): changed"), ended]


def test_the_log_tells_why_a_run_broke_off(make: Make, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ModelUnavailable):
        make([ModelUnavailable("the server is down")]).run()
    assert caplog.messages == ["the run broke off: ModelUnavailable: the server is down"]


@pytest.fixture
def exported(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """The spans that were sent by a program which has set OpenTelemetry up."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    yield exporter
    provider.shutdown()


def below(spans: tuple[ReadableSpan, ...], parent: ReadableSpan) -> list[ReadableSpan]:
    inside = [span for span in spans if span.parent and span.parent.span_id == parent.context.span_id]
    return sorted(inside, key=lambda span: span.start_time or 0)


def test_spans_are_a_tree_of_run_turns_and_nodes(make: Make, exported: InMemorySpanExporter) -> None:
    generation = Generation(text="click", prompt_tokens=30, token_ids=(1, 2, 3, 4))
    decision = Decision(actions=(NEXT,), frame="", generation=generation)
    assert make([decision, Finish()]).run().status == "success"
    spans = exported.get_finished_spans()
    (run,) = [span for span in spans if span.parent is None]
    assert run.name == "clickwright.run"
    assert dict(run.attributes or {})["clickwright.status"] == "success"
    turns = below(spans, run)
    assert [span.name for span in turns] == ["clickwright.turn"] * 2
    nodes = below(spans, turns[0])
    assert [span.name for span in nodes] == [f"clickwright.{node}" for node in NODES]
    assert dict(nodes[2].attributes or {})["gen_ai.usage.input_tokens"] == 30
    assert dict(nodes[4].attributes or {})["clickwright.effect"] == "changed"


async def test_a_graph_of_somebody_elses_makes_the_same_spans(
    shop: MemoryEnvironment, tmp_path: Path, exported: InMemorySpanExporter
) -> None:
    graph = build_graph(policy=ScriptedPolicy([NEXT, Finish()]), environment=shop, runs=tmp_path / "runs")
    with trace.get_tracer("mine").start_as_current_span("mine") as mine:
        await graph.ainvoke({"task": "go on"})
    spans = exported.get_finished_spans()
    (run,) = [span for span in spans if span.name == "clickwright.run"]
    assert run.parent == mine.get_span_context()
    told = dict(run.attributes or {})
    assert (told["clickwright.status"], told["clickwright.steps"]) == ("success", 2)
    turns = below(spans, run)
    assert [[span.name for span in below(spans, turn)] for turn in turns] == [
        [f"clickwright.{node}" for node in nodes] for nodes in (NODES, [*NODES[:3], "review"])
    ]
    assert not [span for span in spans if span.status.status_code is StatusCode.ERROR]


async def test_spans_of_a_graph_end_with_what_breaks_it_off(
    shop: MemoryEnvironment, tmp_path: Path, exported: InMemorySpanExporter
) -> None:
    class Faulty(ScriptedPolicy):
        def act(self, *seen: object) -> Decision:
            raise ValueError("a fault of the user's")

    graph = build_graph(policy=Faulty([]), environment=shop, runs=tmp_path / "runs")
    with pytest.raises(ValueError, match="a fault"):
        await graph.ainvoke({"task": "go on"})
    failed = [span.name for span in exported.get_finished_spans() if span.status.status_code is StatusCode.ERROR]
    assert failed == ["clickwright.decide", "clickwright.turn", "clickwright.run"]


async def test_a_question_to_a_person_is_no_error_of_a_span(
    shop: MemoryEnvironment, tmp_path: Path, exported: InMemorySpanExporter
) -> None:
    pay = Click(point=Point(70, 155))
    parts: Any = {"approver": InterruptApprover(), "checkpointer": InMemorySaver()}
    graph = build_graph(policy=ScriptedPolicy([[pay, Finish()]]), environment=shop, runs=tmp_path / "runs", **parts)
    config: Any = {"configurable": {"thread_id": "1"}}
    asked = (await graph.ainvoke({"task": "pay"}, config))["__interrupt__"][0].value
    await graph.ainvoke(Command(resume={"kind": "approve", "digest": asked["digest"]}), config)
    spans = exported.get_finished_spans()
    (run,) = [span for span in spans if span.name == "clickwright.run"]
    (turn,) = below(spans, run)
    guards = [span for span in below(spans, turn) if span.name == "clickwright.guard"]
    assert len(guards) == 2
    assert not [span for span in spans if span.status.status_code is StatusCode.ERROR]


def test_a_span_that_the_policy_makes_is_below_its_node(make: Make, exported: InMemorySpanExporter) -> None:
    class Calling(ScriptedPolicy):
        def act(self, *seen: object) -> Decision:
            with trace.get_tracer("client").start_as_current_span("POST"):
                return super().act(*seen)  # type: ignore[arg-type]

    make([], policy=Calling([Finish()])).run()
    spans = exported.get_finished_spans()
    (call,) = [span for span in spans if span.name == "POST"]
    (decide,) = [span for span in spans if span.name == "clickwright.decide"]
    assert call.parent is not None
    assert call.parent.span_id == decide.context.span_id


def test_spans_hold_no_text_and_errors_only_their_fact(make: Make, exported: InMemorySpanExporter) -> None:
    typed = [Click(point=Point(110, 115)), TypeText(secret="pin")]
    agent = make([typed, ModelUnavailable("hunter22 is wrong")], "find the cheapest", secrets={"pin": "hunter22"})
    with pytest.raises(ModelUnavailable):
        agent.run()
    spans = exported.get_finished_spans()
    failed = [span for span in spans if span.status.status_code is StatusCode.ERROR]
    assert {span.name for span in failed} == {"clickwright.run", "clickwright.turn", "clickwright.decide"}
    assert all(span.events == () and not span.status.description for span in failed)
    text = " ".join(span.to_json() for span in spans)
    assert "hunter22" not in text
    assert "cheapest" not in text
    assert len({span.context.span_id for span in spans}) == len(spans)


def test_without_a_set_up_nothing_is_kept(make: Make) -> None:
    assert make([Finish()]).run().status == "success"
    with Spans().of_node("observe", 1):
        assert not trace.get_current_span().is_recording()
