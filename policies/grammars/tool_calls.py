"""Hermes tool calls: a JSON object with `name` and `arguments` between `<tool_call>` tags, one pair of tags a call.

<tool_call>
{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": [109, 295]}}
</tool_call>
"""

import json
import re
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from ...errors import BadModelOutput
from ...tools import Action, PointAction, action_to_call, call_to_actions, points_of
from ..reading.limits import quoted, require_short
from ..reading.values import read_object
from .canvas import Canvas

CALL_START, CALL_END = "<tool_call>", "</tool_call>"
MAX_CALLS = 64
_SPACE = re.compile(r"\s*+")
_EXPECTED = f'{CALL_START} {{"name": ..., "arguments": {{...}}}} {CALL_END}'


def encode_calls(actions: Sequence[Action], canvas: Canvas) -> str:
    """The calls of several actions, in order, each in its own tags, coordinates in those of the canvas."""
    return "\n".join(encode_call(action, canvas) for action in actions)


def encode_call(action: Action, canvas: Canvas, *, with_place: bool = True) -> str:
    """One call in its tags. Without its place, an action at a point is read as one at the pointer."""
    name, arguments = action_to_call(action, canvas.place)
    if not with_place and isinstance(action, PointAction):
        arguments.pop("coordinate")
    return tagged(call_text(name, arguments))


def call_text(name: str, arguments: Mapping[str, JsonValue]) -> str:
    """The JSON of one call."""
    call = json.dumps({"name": name, "arguments": dict(arguments)}, ensure_ascii=False, allow_nan=False)
    # Typed text may hold anything; written as an escape, it can never turn into a token of the chat.
    return call.replace("<|", "\\u003c|")


def tagged(call: str) -> str:
    """The JSON of a call in its tags."""
    return f"{CALL_START}\n{call}\n{CALL_END}"


def parse_calls(text: str, canvas: Canvas) -> tuple[Action, ...]:
    """The actions of every call in a text, in order; empty where there is no call. Text around the calls is skipped.

    Calls that leave out the place happen at the pointer as it is then; without one, scrolling happens in the middle of
    the screen. Tolerated: what `read_object` reads, arguments as a string of JSON, and an answer that is one call
    without tags. Raises BadModelOutput for a call that is cut off, lacks its end tag, names nothing known or has wrong
    arguments.
    """
    require_short(text)
    actions: list[Action] = []
    pointer = canvas.pointer
    for name, arguments in read_calls(text):
        made = call_to_actions(
            name,
            arguments,
            canvas.point,
            pointer=pointer,
            middle=canvas.size.box.center,
            custom=canvas.tools,
        )
        actions += made
        pointer = next((point for action in reversed(made) for point in reversed(points_of(action))), pointer)
    return tuple(actions)


def read_calls(text: str) -> list[tuple[str, dict[str, JsonValue]]]:
    """The name and the arguments of every call of a text, in order. Raises as `parse_calls` does."""
    start = text.find(CALL_START)
    if start < 0:
        bare = text.strip().removeprefix("```json").removeprefix("```").lstrip()
        return [_name_and_arguments(read_object(bare)[0])] if bare.startswith("{") else []
    calls: list[tuple[str, dict[str, JsonValue]]] = []
    while start >= 0:
        call, end = read_object(text, start + len(CALL_START))
        end = _skip_space(text, end)
        if not text.startswith(CALL_END, end):
            seen = quoted(text[end : end + 40]) if end < len(text) else "the end of the text"
            raise BadModelOutput(f"expected {CALL_END} after the call of {quoted(str(call.get('name')))}, saw {seen}")
        calls.append(_name_and_arguments(call))
        if len(calls) > MAX_CALLS:
            raise BadModelOutput(f"more than {MAX_CALLS} calls in one answer")
        start = text.find(CALL_START, end)
    return calls


def _name_and_arguments(call: dict[str, JsonValue]) -> tuple[str, dict[str, JsonValue]]:
    name, arguments = call.get("name"), call.get("arguments", {})
    if isinstance(arguments, str):
        arguments, _ = read_object(arguments)
    if not isinstance(name, str) or not isinstance(arguments, dict) or not call.keys() <= {"name", "arguments"}:
        raise BadModelOutput(f"expected {_EXPECTED}, saw an object with {', '.join(map(quoted, call)) or 'nothing'}")
    return name, arguments


def _skip_space(text: str, start: int) -> int:
    match = _SPACE.match(text, start)
    return start if match is None else match.end()
