"""OpenTelemetry spans of a run: one of the run, in it one of each turn, in that one of each node.

They go where the program that uses Clickwright has set up OpenTelemetry to send them, else nowhere. They hold counts,
times and kinds, the name of the model, and nothing that a page, a model or the user wrote.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .approvals import interruption
from .events import NodeEnded, NodeName
from .record.trace import Outcome, RunInfo

if TYPE_CHECKING:
    from opentelemetry.trace import Span, Tracer

_Value = str | int | float


class Spans:
    """The spans of one run, the open ones kept here. Without the package opentelemetry nothing happens."""

    def __init__(self) -> None:
        self._tracer = _tracer()
        self._run: Span | None = None
        self._turn: Span | None = None
        self._node: Span | None = None
        self._number = 0

    @contextmanager
    def of_run(self, info: RunInfo) -> Generator[None]:
        """Around the whole run."""
        self._run = self._begin(
            "clickwright.run", {"clickwright.policy": info.policy, "gen_ai.request.model": info.model}
        )
        is_whole = False
        try:
            yield
            is_whole = True
        finally:
            _end(self._turn, is_whole)
            _end(self._run, is_whole)

    @contextmanager
    def of_node(self, node: NodeName, turn: int) -> Generator[None]:
        """Around one node. A span that is made within, such as of a call to a model's server, is its child."""
        if turn != self._number:
            _end(self._turn, True)
            self._turn = self._begin("clickwright.turn", {"clickwright.turn": turn}, self._run)
            self._number = turn
        span, is_whole = self._begin(f"clickwright.{node}", {"clickwright.turn": turn}, self._turn), False
        self._node = span
        try:
            with _current(span):
                yield
            is_whole = True
        except interruption():
            is_whole = True  # it asks a person, which is no error, and is done again with the answer
            raise
        finally:
            _end(span, is_whole)

    def tell(self, ended: NodeEnded) -> None:
        """What a node found. Called within `of_node`."""
        _set(self._node, _of_node(ended))

    def tell_end(self, outcome: Outcome | None, steps: int) -> None:
        """How the run ended. Called within `of_run`."""
        status = "interrupted" if outcome is None else outcome.status
        stop = "" if outcome is None else outcome.stop or ""
        _set(self._run, {"clickwright.status": status, "clickwright.stop": stop, "clickwright.steps": steps})

    def _begin(self, name: str, attributes: Mapping[str, _Value], parent: "Span | None" = None) -> "Span | None":
        if self._tracer is None:
            return None
        from opentelemetry.trace import set_span_in_context

        context = None if parent is None else set_span_in_context(parent)
        return self._tracer.start_span(name, context=context, attributes=attributes)


def _tracer() -> "Tracer | None":
    try:
        from opentelemetry import trace  # of the extra `otel`
    except ImportError:
        return None
    return trace.get_tracer("clickwright")


@contextmanager
def _current(span: "Span | None") -> Generator[None]:
    if span is None:
        yield
        return
    from opentelemetry.trace import use_span

    with use_span(span, record_exception=False, set_status_on_exception=False):
        yield


def _end(span: "Span | None", is_whole: bool) -> None:
    if span is None:
        return
    if not is_whole:
        from opentelemetry.trace import StatusCode

        span.set_status(StatusCode.ERROR)
    span.end()


def _set(span: "Span | None", attributes: Mapping[str, _Value]) -> None:
    if span is not None:
        span.set_attributes(attributes)


def _of_node(ended: NodeEnded) -> Mapping[str, _Value]:
    found: dict[str, _Value] = {}
    if ended.decided is not None:
        found |= {
            "gen_ai.usage.input_tokens": ended.decided.prompt_tokens,
            "gen_ai.usage.output_tokens": ended.decided.new_tokens,
            "clickwright.visual_tokens": ended.decided.visual_tokens,
            "clickwright.actions": len(ended.decided.actions),
        }
    if ended.did is not None:
        found |= {
            "clickwright.action": ended.did.action.kind,
            "clickwright.verdict": ended.did.verdict,
            "clickwright.effect": ended.did.effect,
        }
    return found
