"""Calls of a function that Qwen published, `computer_use` or `mobile_use`, as far as a checkpoint was told of it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, assert_never

from pydantic import JsonValue

from ...errors import UsageError
from ...model import Grammar
from ...screen import Point
from ...tools import MOBILE_USE, Action, CallTool, Drag, action_to_call, action_to_mobile_use, points_of
from .answers import Answer, parse_answer
from .call_grammar import HERMES, REASONED, REASONING, TERMINALS, THOUGHT, framed
from .canvas import Canvas, center_of
from .grounding import Reference
from .language import Occasion
from .numbers import coordinate_rules
from .tool_calls import Call, call_text, in_units, tagged

Head = Literal["words", "thinking", "reasoning", "steps"]
"""What stands before a call: any words or none; a thought between tags; one whose first tag the chat template wrote, or
words or none; lines that begin `Thought:` and `Action:`."""

_REFUSED = ("open",)
_VALUES: Mapping[str, str] = {
    "coordinate": '"[" x ", " y "]"',
    "coordinate2": '"[" x ", " y "]"',
    "keys": '"[" KEY (", " KEY){0,3} "]"',
    "text": "STRING",
    "pixels": "PIXELS",
    "time": "/[1-9]/",
    "status": r'"\"" /success|failure/ "\""',
    "button": r'"\"" /Back|Home|Menu|Enter/ "\""',
}
_EVENT = r'"\"" /volume_up|volume_down|power/ "\""'
_HEADS: Mapping[Head, str] = {
    "words": r'/[^<]{1,1200}/? call ("\n" call){0,7}',
    "thinking": f"{THOUGHT} call",
    "reasoning": rf'{REASONING}? ({REASONED} /[^<]{{1,1200}}/?)? call ("\n" call){{0,7}}',
    "steps": r'"Thought: " /[^\n<]{1,400}/ "\nAction: " /[^\n<]{1,200}/ "\n" call',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedCalls:
    """`actions` are those of the function that the checkpoint was told of, with the arguments that each takes.

    Any call is read, whatever its function. Without tags, as what was done is listed, only the JSON is written.
    """

    function: str
    actions: Mapping[str, tuple[str, ...]]
    head: Head = "words"
    is_tagged: bool = True

    def parse(self, text: str, canvas: Canvas) -> Answer:
        return parse_answer(text, canvas)

    def write(self, actions: Sequence[Action], canvas: Canvas, *, thought: str = "") -> str:
        """A drag is two calls, to where it begins and from there, unless the mouse is there already."""
        calls: list[str] = []
        pointer = canvas.pointer
        for action in actions:
            texts = [call_text(*call) for call in self._calls(action, canvas, pointer)]
            calls += [tagged(text) for text in texts] if self.is_tagged else texts
            pointer = next(iter(points_of(action)[::-1]), pointer)
        return self._headed("\n".join(calls), thought)

    def grammar(self, canvas: Canvas, occasion: Occasion) -> Grammar | None:
        """The function's own actions, and the user's functions. A drag is left out while the pointer is unknown."""
        rules = (
            rf"""
start: {_HEADS[self.head]}
call: "<begin>" (function "}}" | CUSTOM) "<end>"
function: "{self.function}<middle>{{\"action\": \"" action
action: {" | ".join(self._rules(has_pointer=canvas.pointer is not None))}
"""
        ).strip()
        click = "click" if self.function == MOBILE_USE else "left_click"
        likely = HERMES.around(self.function, f'{{"action": "{click}", "coordinate": [480, 480]}}')
        lark = f"{framed(rules, occasion.functions, HERMES)}\n{coordinate_rules(canvas)}{TERMINALS}"
        return Grammar(lark, examples=(likely,))

    def _headed(self, calls: str, thought: str) -> str:
        if not thought:
            return calls
        match self.head:
            case "thinking":
                return f"<think>\n{thought}\n</think>\n{calls}"
            case "reasoning":
                return f"{thought}\n</think>\n\n{calls}"
            case "words" | "steps":
                return f"{thought}\n{calls}"
            case _:
                assert_never(self.head)

    def _calls(self, action: Action, canvas: Canvas, pointer: Point | None) -> Iterator[Call]:
        action = in_units(action, canvas)
        if isinstance(action, CallTool):
            yield action.name, dict(action.arguments)
        elif self.function == MOBILE_USE:
            yield self._told(action, MOBILE_USE, action_to_mobile_use(action, canvas.place))
        else:
            name, arguments = action_to_call(action, canvas.place)
            if isinstance(action, Drag) and "start_coordinate" not in self.actions["left_click_drag"]:
                arguments.pop("time", None)
                start = arguments.pop("start_coordinate")
                if pointer is None or list(canvas.place(pointer)) != start:
                    yield name, {"action": "mouse_move", "coordinate": start}
            yield self._told(action, name, arguments)

    def _told(self, action: Action, name: str, arguments: dict[str, JsonValue] | None) -> Call:
        """The call, if it is one that the checkpoint was told of."""
        takes = None if arguments is None else self.actions.get(str(arguments.get("action")))
        if arguments is None or takes is None or name != self.function or not arguments.keys() <= {"action", *takes}:
            raise UsageError(f"{self.function}, as this checkpoint knows it, has no word for {action.kind}")
        return name, arguments

    def _rules(self, *, has_pointer: bool) -> Iterator[str]:
        """The actions as alternatives of a rule, those with the same arguments in one."""
        kept = [
            (_arguments(action, takes), action)
            for action, takes in self.actions.items()
            if action not in _REFUSED and (has_pointer or action != "left_click_drag")
        ]
        for arguments, several in groupby(sorted(kept), key=lambda pair: pair[0]):
            yield rf'/{"|".join(action for _, action in several)}/ "\"" {arguments}'


def _arguments(action: str, takes: Sequence[str]) -> str:
    """The rule of what stands behind the name of an action."""
    values = {name: _EVENT if (action, name) == ("key", "text") else _VALUES[name] for name in takes}
    return " ".join(rf'", \"{name}\": " {value}' for name, value in values.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class PointingCalls:
    """Places as the calls of a grounder: one `action` of a published function at the place."""

    function: str
    action: str

    def parse(self, text: str, canvas: Canvas) -> tuple[Reference, ...]:
        """The points of every call. An answer that ends the task instead names none."""
        places = (point for action in parse_answer(text, canvas).actions for point in points_of(action))
        return tuple(Reference(description="", shapes=(point,)) for point in places)

    def write(self, reference: Reference, canvas: Canvas) -> str:
        place: list[JsonValue] = list(canvas.place(center_of(reference.shapes[0])))
        return tagged(call_text(self.function, {"action": self.action, "coordinate": place}))

    def grammar(self, canvas: Canvas) -> Grammar | None:
        """Exactly one call."""
        start = HERMES.around(self.function, f'{{"action": "{self.action}", "coordinate": [\0x\0, \0y\0]}}')
        pieces = (piece if piece in ("x", "y") else json.dumps(piece) for piece in start.split("\0"))
        return Grammar(f"start: {' '.join(pieces)}\n{coordinate_rules(canvas)}")
