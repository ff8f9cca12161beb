"""Hermes tool calls: a JSON object with `name` and `arguments` between `<tool_call>` tags, one pair of tags a call."""

import json
from collections.abc import Sequence

from ...screen import Box, Size
from ...tools import Action, action_to_call
from .grounding import encode_grounding
from .thousandths import to_thousandths

CALL_START, CALL_END = "<tool_call>", "</tool_call>"


def encode_calls(actions: Sequence[Action], size: Size) -> str:
    """The calls of several actions, in order, each in its own tags, coordinates in thousandths."""
    return "\n".join(_encode_call(action, size) for action in actions)


def answer(description: str | None, box: Box | None, actions: Sequence[Action], size: Size) -> str:
    """A whole answer: what is meant and where it is, then the calls. Without a place, the calls alone."""
    calls = encode_calls(actions, size)
    if description is None or box is None:
        return calls
    return "\n".join(part for part in (encode_grounding(description, box, size), calls) if part)


def _encode_call(action: Action, size: Size) -> str:
    name, arguments = action_to_call(action, lambda point: to_thousandths(point, size))
    call = json.dumps({"name": name, "arguments": arguments}, ensure_ascii=False)
    # Typed text may hold anything; written as an escape, it can never turn into a token of the chat.
    call = call.replace("<|", "\\u003c|")
    return f"{CALL_START}\n{call}\n{CALL_END}"
