"""Trajectories as chats with tool calls, a JSON line each, in the form of the chat APIs.

    {"id": "a", "messages": [
        {"role": "user", "content": [{"type": "text", "text": GOAL}, {"type": "image", "image": PATH}]},
        {"role": "assistant", "content": THOUGHT, "tool_calls": [
            {"type": "function", "function": {"name": "computer_use", "arguments": {...}}}]},
        {"role": "tool", "content": "error: ..."},
        {"role": "user", "content": [{"type": "image", "image": PATH}]}, ...]}

Coordinates are pixels of the picture. A tool's answer that begins with `error:` marks a step that did not work;
`"weight": 0`, as OpenAI's fine-tuning has it, an answer that is only told and not learned.

A picture of the user's or in a tool's answer is the screen from there on; where several tools answer one message, the
last one. The goal is all that the user says before anybody acts. Not read are a system message, as each family has its
own, and other words of tools. A chat that a trajectory cannot hold is left out: one with words of the user's behind the
first act that are not the goal again, with two pictures for one act, or with pictures of other roles.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, JsonValue

from ....errors import BadModelOutput, UsageError
from ....files import Entry
from ....files import Record as Row
from ....screen import Point
from ....tools import Action, Function, action_to_call, call_to_actions
from ..record import Course, CourseStep, PictureFile, Record, Seen
from .format import Format, Source, Target, by_rows, told_in

FAULT = "error: "
Arguments = dict[str, JsonValue]


class _Content(Row):
    type: Literal["text", "image"]
    text: str = ""
    image: str = ""


def _parsed(found: object) -> object:
    """Arguments that stand as a string of JSON, as the chat APIs have them."""
    return json.loads(found) if isinstance(found, str) else found


class _Function(Row):
    name: str
    arguments: Annotated[Arguments, BeforeValidator(_parsed)] = Field(default_factory=dict)
    description: str = ""
    parameters: Arguments = Field(default_factory=dict)


class _Call(Row):
    function: _Function


class _Message(Row):
    role: Literal["system", "user", "assistant", "tool"]
    content: str | tuple[_Content, ...] | None = ""
    tool_calls: tuple[_Call, ...] = ()
    weight: float | None = None

    @property
    def words(self) -> str:
        if isinstance(self.content, tuple):
            return "".join(part.text for part in self.content)
        return self.content or ""

    @property
    def images(self) -> list[str]:
        return [part.image for part in self.content if part.image] if isinstance(self.content, tuple) else []


class _Run(Row):
    messages: tuple[_Message, ...]
    tools: tuple[_Call, ...] = ()
    id: str | int | None = None
    source: str = ""


def _records(source: Source, entry: Entry[_Run]) -> Iterator[Record]:
    run, place = entry.value, entry.place
    goal = _goal(run.messages)
    unheld = next(_unheld(run.messages, goal), None)
    if unheld is not None:
        source.left_out.append(f"{place}: {unheld}")
        return
    tools = tuple(
        Function(name=one.function.name, description=one.function.description, parameters=one.function.parameters)
        for one in run.tools
    )
    custom = frozenset(tool.name for tool in tools)
    pictures: list[PictureFile] = []
    steps: list[CourseStep] = []
    for n, message in enumerate(run.messages):
        pictures += [source.picture(image, place) for image in message.images]
        if message.role == "assistant":
            if not pictures:
                raise UsageError(f"{place}: message {n} acts on no picture")
            steps.append(_step(message, len(pictures) - 1, custom, f"{place}: message {n}"))
        elif message.role == "tool" and steps and message.words.startswith(FAULT):
            fault = message.words.removeprefix(FAULT)
            steps[-1] = steps[-1].model_copy(update={"worked": False, "error": fault})
    if not goal or not steps:
        raise UsageError(f"{place} has no goal in words, or nobody acts in it")
    trajectory = Course(goal=goal, steps=tuple(steps), tools=tools)
    name = str(run.id or entry.name)
    yield Record(id=name, source=run.source, pictures=tuple(pictures), trajectory=trajectory)


def _goal(messages: Sequence[_Message]) -> str:
    """What the user says before anybody acts."""
    before = takewhile(lambda message: message.role != "assistant", messages)
    return "\n".join(message.words for message in before if message.role == "user" and message.words.strip())


def _unheld(messages: Sequence[_Message], goal: str) -> Iterator[str]:
    """What of a chat a trajectory has no place for."""
    acted, showing = False, list[str]()
    for n, message in enumerate(messages):
        if message.role == "assistant":
            acted, showing = True, []
        elif message.role == "user" and acted and message.words.strip() not in ("", goal.strip()):
            yield f"message {n} has words of the user's behind the goal, which a trajectory does not hold"
        if not message.images:
            continue
        showing.append(message.role)
        if message.role not in ("user", "tool"):
            yield f"message {n} is of the role {message.role} and shows a picture, which a trajectory does not hold"
        if len(message.images) > 1 or (len(showing) > 1 and "user" in showing):
            yield f"message {n} shows a second picture for one act, and a trajectory has one screen for each step"


def _step(message: _Message, picture: int, custom: frozenset[str], place: str) -> CourseStep:
    actions: list[Action] = []
    for call in message.tool_calls:
        try:
            actions += call_to_actions(call.function.name, call.function.arguments, Point, custom=custom)
        except BadModelOutput as error:
            raise told_in(place, error) from None
    if not actions:
        return CourseStep(saw=Seen(picture=picture), raw=message.words, worked=False, learned=message.weight != 0)
    return CourseStep(
        saw=Seen(picture=picture), actions=tuple(actions), thought=message.words, learned=message.weight != 0
    )


def write(records: Iterable[Record], target: Target) -> None:
    """Trajectories as conversations with calls."""

    def row(record: Record) -> dict[str, JsonValue]:
        if record.trajectory is None:
            raise UsageError("the format holds trajectories")
        messages: list[JsonValue] = []
        before: int | None = None
        for n, step in enumerate(record.trajectory.steps):
            content: list[JsonValue] = [] if n else [{"type": "text", "text": record.trajectory.goal}]
            if step.saw.picture != before:
                content.append({"type": "image", "image": target.picture(record.pictures[step.saw.picture])})
            before = step.saw.picture
            if content:
                messages.append({"role": "user", "content": content})
            messages.append(_answer(step))
            if not step.worked:
                messages.append({"role": "tool", "content": FAULT + (step.error or "")})
        found: dict[str, JsonValue] = {"id": record.id}
        if record.source:
            found["source"] = record.source
        if record.trajectory.tools:
            found["tools"] = [tool.schema for tool in record.trajectory.tools]
        found["messages"] = messages
        for what in _lost(record.trajectory):
            target.lose(what)
        return found

    target.save_rows(target.rows(records, row))


def _lost(course: Course) -> Iterator[str]:
    """What the format has no place for."""
    if course.outcome is not None:
        yield "how it ended"
    for step in course.steps:
        if step.saw != Seen(picture=step.saw.picture):
            yield "what a browser told beside the pictures"
        if step.target is not None:
            yield "what steps were meant for"
        if step.verdict is not None:
            yield "what the permissions said"
        if step.error and step.worked:
            yield "errors of steps that worked"
        if step.raw if step.actions else step.thought:
            yield "one of thought and answer, where a step has both"


def _answer(step: CourseStep) -> JsonValue:
    weight: dict[str, JsonValue] = {} if step.learned else {"weight": 0}
    if not step.actions:
        return {"role": "assistant", "content": step.raw, **weight}
    calls: list[JsonValue] = []
    for action in step.actions:
        name, arguments = action_to_call(action, lambda point: (point.x, point.y))
        calls.append({"type": "function", "function": {"name": name, "arguments": arguments}})
    return {"role": "assistant", "content": step.thought, "tool_calls": calls, **weight}


CALLS = Format(
    name="calls",
    holds="trajectories as chats with tool calls, in pixels",
    suffix=".jsonl",
    reads=by_rows(_Run, _records),
    writes=write,
)
