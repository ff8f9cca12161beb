"""Calls as Qwen2-VL was taught them when it was published, by Qwen-Agent's marks.

✿FUNCTION✿: computer_use
✿ARGS✿: {"action": "left_click", "coordinate": [109, 295]}
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from ...errors import BadModelOutput
from ...model import Grammar
from ...tools import MOBILE_USE, Action, action_to_call
from ..reading.limits import quoted, require_short
from ..reading.values import read_object
from .answers import Answer, answer_of, parse_answer
from .call_grammar import Frame, thought_and_calls
from .canvas import Canvas
from .language import Occasion
from .tool_calls import MAX_CALLS, Call, in_units, json_text

FRAME = Frame("✿FUNCTION✿: ", "\n✿ARGS✿: ", "")
_MARK = re.compile(r"[✿*](FUNCTION|ARGS|RESULT|RETURN)[✿*] *+:?+")
_FENCE = re.compile(r"\s*+```(?:json)?+")
_PAPER: Mapping[str, Mapping[str, JsonValue]] = {
    "tap": {"action": "click"},
    "home": {"action": "system_button", "button": "Home"},
}
"""The functions by which the report shows the operation of a phone."""


@dataclass(frozen=True, slots=True)
class FunctionCalls:
    """A thought, then calls between marks, of `computer_use` and what stands beside it. Results are not read."""

    def parse(self, text: str, canvas: Canvas) -> Answer:
        """What an answer says, as `parse_answer` has it; the report's stars count as marks, as do Hermes' tags."""
        require_short(text)
        first = _next_function(text, 0)
        if first is None:
            return parse_answer(text, canvas)
        return answer_of(text[: first.start()], _read_calls(text, first, canvas.tools), canvas)

    def write(self, actions: Sequence[Action], canvas: Canvas, *, thought: str = "") -> str:
        calls = (action_to_call(in_units(action, canvas), canvas.place) for action in actions)
        # Typed text may hold a mark; written as an escape, it is none.
        texts = (FRAME.around(name, json_text(arguments).replace("✿", "\\u273f")) for name, arguments in calls)
        return "\n".join([thought, *texts] if thought else texts)

    def grammar(self, canvas: Canvas, occasion: Occasion) -> Grammar | None:
        return thought_and_calls(occasion.functions, FRAME, thought="[^<✿*]")


def _next_function(text: str, start: int) -> re.Match[str] | None:
    """The next mark, if it is that of a function."""
    mark = _MARK.search(text, start)
    return mark if mark is not None and mark[1] == "FUNCTION" else None


def _read_calls(text: str, mark: re.Match[str], tools: Collection[str]) -> list[Call]:
    """Every call from the first mark on, until a result or the end of the calls."""
    calls: list[Call] = []
    following: re.Match[str] | None = mark
    name = ""
    while following is not None and following[1] in ("FUNCTION", "ARGS"):
        end = following.end()
        if following[1] == "FUNCTION":
            following = _MARK.search(text, end)
            name = text[end : len(text) if following is None else following.start()].strip()
            if following is None or following[1] != "ARGS":
                raise BadModelOutput(f"expected ✿ARGS✿ after the function {quoted(name)}, saw {_rest(text, end)}")
            continue
        fence = _FENCE.match(text, end)
        arguments, end = read_object(text, end if fence is None else fence.end())
        calls.append((name, arguments) if name in tools else _in_our_words(name, arguments))
        if len(calls) > MAX_CALLS:
            raise BadModelOutput(f"more than {MAX_CALLS} calls in one answer")
        following = _MARK.search(text, end)
    return calls


def _in_our_words(name: str, arguments: dict[str, JsonValue]) -> Call:
    words = _PAPER.get(name.lower())
    if words is None:
        return name, arguments
    place = arguments.pop("point", None)
    return MOBILE_USE, {**arguments, **words, **({} if place is None else {"coordinate": place})}


def _rest(text: str, start: int) -> str:
    return quoted(text[start : start + 40]) if start < len(text) else "the end of the text"
