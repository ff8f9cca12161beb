"""Hermes tool calls: a JSON object with `name` and `arguments` between `<tool_call>` tags, one pair of tags a call.

<tool_call>
{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": [109, 295]}}
</tool_call>
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from pydantic import JsonValue

from ...errors import BadModelOutput
from ...tools import Action, PointAction, Scroll, action_to_call, call_to_actions, points_of
from ..reading.limits import quoted, require_short
from ..reading.places import numbers_of
from ..reading.values import read_object
from .canvas import Canvas

Call = tuple[str, dict[str, JsonValue]]
"""The name of a function and its arguments."""

CALL_START, CALL_END = "<tool_call>", "</tool_call>"
MAX_CALLS = 64
MAX_SCROLL = 100_000
_OTHER_START = "⚗"  # what some builds of Qwen2.5-VL write in the place of both tags
_SPACE = re.compile(r"\s*+")
_BARE = re.compile(r"""\{\s*+["'](?:name|arguments)["']\s*+:""")
_PLACES = ("coordinate", "coordinate2", "start_coordinate")
_EXPECTED = f'{CALL_START} {{"name": ..., "arguments": {{...}}}} {CALL_END}'


def encode_calls(actions: Sequence[Action], canvas: Canvas) -> str:
    """The calls of several actions, in order, each in its own tags, coordinates in those of the canvas."""
    return "\n".join(encode_call(action, canvas) for action in actions)


def encode_call(action: Action, canvas: Canvas, *, with_place: bool = True) -> str:
    """One call in its tags. Without its place, an action at a point is read as one at the pointer."""
    name, arguments = action_to_call(in_units(action, canvas), canvas.place)
    if not with_place and isinstance(action, PointAction):
        arguments.pop("coordinate")
    return tagged(call_text(name, arguments))


def call_text(name: str, arguments: Mapping[str, JsonValue]) -> str:
    """The JSON of one call."""
    return json_text({"name": name, "arguments": dict(arguments)})


def json_text(value: Mapping[str, JsonValue]) -> str:
    """JSON in which no typed text can turn into a token of the chat or the end of a thought: `<` is an escape there."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return text.replace("<|", "\\u003c|").replace("</think", "\\u003c/think")


def tagged(call: str) -> str:
    """The JSON of a call in its tags."""
    return f"{CALL_START}\n{call}\n{CALL_END}"


def parse_calls(text: str, canvas: Canvas) -> tuple[Action, ...]:
    """The actions of every call in a text, in order; empty where there is no call. Text around the calls is skipped.

    Calls that leave out the place happen at the pointer as it is then; without one, scrolling happens in the middle of
    the screen. Tolerated: what `read_object` reads, arguments as a string of JSON or beside the name, places as text,
    calls without tags, and an end tag that is missing behind the last call. Raises BadModelOutput for a call that is
    cut off, names nothing known or has wrong arguments.
    """
    require_short(text)
    return actions_of(read_calls(text), canvas)


def actions_of(calls: Iterable[Call], canvas: Canvas) -> tuple[Action, ...]:
    """What calls ask for, in order, as `parse_calls` has it."""
    actions: list[Action] = []
    pointer = canvas.pointer
    for name, arguments in calls:
        made = call_to_actions(
            name,
            arguments if name in canvas.tools else _with_places(arguments),
            canvas.point,
            pointer=pointer,
            middle=canvas.size.box.center,
            custom=canvas.tools,
        )
        actions += (_in_pixels(action, canvas) for action in made)
        pointer = next((point for action in reversed(made) for point in reversed(points_of(action))), pointer)
    return tuple(actions)


def start_of_calls(text: str) -> int:
    """Where the first call begins, its tag with it; the length of the text where there is none."""
    for mark in (CALL_START, _OTHER_START):
        if (start := text.find(mark)) >= 0:
            return start
    bare = _BARE.search(text)
    return bare.start() if bare else len(text)


def in_units(action: Action, canvas: Canvas) -> Action:
    """A scroll with its distances in the pixels that the checkpoint knows, which are those of the resized picture."""
    if not isinstance(action, Scroll) or canvas.space.extent is not None:
        return action
    across, down = canvas.unit
    return action.model_copy(update={"dx": float(round(action.dx / across)), "dy": float(round(action.dy / down))})


def _in_pixels(action: Action, canvas: Canvas) -> Action:
    if not isinstance(action, Scroll) or canvas.space.extent is not None:
        return action
    across, down = canvas.unit
    far = [max(-MAX_SCROLL, min(MAX_SCROLL, distance)) for distance in (action.dx * across, action.dy * down)]
    return action.model_copy(update={"dx": far[0], "dy": far[1]})


def read_calls(text: str) -> list[Call]:
    """The name and the arguments of every call in a text, in order. Raises as `parse_calls` does."""
    start = start_of_calls(text)
    mark = next((mark for mark in (CALL_START, _OTHER_START) if text.startswith(mark, start)), "")
    calls: list[Call] = []
    while 0 <= start < len(text):
        call, end = read_object(text, start + len(mark))
        if mark:
            end = _end_of_call(text, end, CALL_END if mark == CALL_START else mark, call.get("name"))
        calls.append(_name_and_arguments(call))
        if len(calls) > MAX_CALLS:
            raise BadModelOutput(f"more than {MAX_CALLS} calls in one answer")
        start = text.find(mark, end) if mark else end + start_of_calls(text[end:])
    return calls


def _end_of_call(text: str, end: int, tag: str, name: JsonValue) -> int:
    """The index behind the end tag. A model that was stopped there wrote none of it, or its beginning."""
    end = _skip_space(text, end)
    if not tag.startswith(text[end : end + len(tag)]):
        raise BadModelOutput(
            f"expected {tag} after the call of {quoted(str(name))}, saw {quoted(text[end : end + 40])}"
        )
    return end + len(tag)


def _name_and_arguments(call: dict[str, JsonValue]) -> Call:
    name, arguments = call.get("name"), call.get("arguments")
    if isinstance(arguments, str):
        arguments, _ = read_object(arguments)
    elif "arguments" not in call and "action" in call:
        arguments = {key: value for key, value in call.items() if key != "name"}
        call = {"name": name}
    elif "arguments" not in call:
        arguments = {}
    if not isinstance(name, str) or not isinstance(arguments, dict) or not call.keys() <= {"name", "arguments"}:
        raise BadModelOutput(f"expected {_EXPECTED}, saw an object with {', '.join(map(quoted, call)) or 'nothing'}")
    return name, arguments


def _with_places(arguments: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The arguments with every place that is written as text, or as x and y, in a list."""
    return {key: _place(value) if key in _PLACES else value for key, value in arguments.items()}


def _place(value: JsonValue) -> JsonValue:
    match value:
        case str() if value.strip():
            return list(numbers_of(value))
        case str():
            return None
        case [[_, _], [_, _]]:
            return list(numbers_of(value))
        case {"x": x, "y": y} if len(value) == 2:
            return [x, y]
        case _:
            return value


def _skip_space(text: str, start: int) -> int:
    match = _SPACE.match(text, start)
    return start if match is None else match.end()
