"""A history told in words: a line for each turn that worked."""

from collections.abc import Sequence
from contextlib import suppress

from ...errors import BadModelOutput
from ...model import Message, Picture
from ..grammars import Language
from ..grammars.canvas import Canvas
from ..policy import Decision, Turn
from ..profiles import Acting, Stepped
from .dialogue import written_actions
from .template import filled_text


def done_in(history: Sequence[Turn]) -> list[tuple[Turn, Decision]]:
    """The turns that worked, with what was decided in them."""
    return [(turn, turn.decision) for turn in history if turn.decision is not None and turn.error is None]


def lines_of(
    line: str,
    acting: Acting,
    canvas: Canvas,
    history: Sequence[Turn],
    *,
    first: int | None = None,
    last: int | None = None,
    language: Language | None = None,
) -> list[str]:
    """A line for each turn that worked, or for the `last` so many, which are counted from `first` on if it is given.

    Actions are written in `language`, or else in that in which the checkpoint acts.
    """
    written_in = language or acting.language
    done = done_in(history)
    told = done if last is None else done[-last:]
    start = 1 + len(done) - len(told) if first is None else first
    return [
        filled_text(line, _words(line, n, decision, acting, written_in, canvas))
        for n, (_, decision) in enumerate(told, start)
    ]


def stepped_messages(acting: Acting, stepped: Stepped, canvas: Canvas, history: Sequence[Turn]) -> tuple[Message, ...]:
    """The answers so far, the last of them behind their screenshots."""
    lines = lines_of(stepped.line, acting, canvas, history)
    first = max(0, len(lines) - stepped.images + 1)
    old = "\n".join(lines[:first])
    messages = [Message("assistant", (old,))] if old else []
    for (turn, _), line in list(zip(done_in(history), lines, strict=True))[first:]:
        messages += [Message("user", (Picture.of(turn.observation.screenshot),)), Message("assistant", (line,))]
    return tuple(messages)


def _words(
    line: str, n: int, decision: Decision, acting: Acting, language: Language, canvas: Canvas
) -> dict[str, str | int]:
    words: dict[str, str | int] = {"n": n, "thought": decision.thought}
    if "{action}" in line:
        words["action"] = written_actions(language, decision.actions, canvas)
    if "{step}" in line:
        words["step"] = _step(decision, acting, canvas)
    if "{said}" in line:
        words["said"] = _said(decision.thought) or written_actions(language, decision.actions, canvas)
    return words


def _said(thought: str) -> str:
    """What a model said that it does, where it was taught to say so: the words behind `Action:`, on one line."""
    words = thought.rpartition("Action:")[2].strip() if "Action:" in thought else ""
    return " ".join(words.replace('"', "").splitlines())


def _step(decision: Decision, acting: Acting, canvas: Canvas) -> str:
    """What was done, as the model said it, or else as it would write it."""
    action = written_actions(acting.language, decision.actions, canvas)
    said = action if decision.generation is None else acting.prefill + decision.generation.text
    step = ""
    with suppress(BadModelOutput):
        step = acting.language.parse(said, canvas).step
    return step or decision.thought or action
