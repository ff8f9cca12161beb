"""Actions to function calls, the direction of prompts, histories and training answers. `decode.py` is the other."""

from collections.abc import Callable, Sequence
from typing import assert_never

from pydantic import JsonValue

from ..screen import Point
from .actions import (
    Action,
    Ask,
    Back,
    CallTool,
    Click,
    CloseTab,
    Drag,
    Finish,
    Forward,
    Hover,
    LongPress,
    Navigate,
    NewTab,
    Pinch,
    Press,
    Reload,
    Scroll,
    SelectOption,
    SwitchTab,
    TypeText,
    Upload,
    Wait,
)
from .schema import COMPUTER_USE

Arguments = dict[str, JsonValue]
Call = tuple[str, Arguments]
"""The name of a function and its arguments."""

ToSpace = Callable[[Point], Sequence[float]]
"""Screenshot pixels to the coordinates that a model reads and writes: x, y."""


def action_to_call(action: Action, to_space: ToSpace) -> Call:
    """The one call that stands for an action; `call_to_actions` reads it back."""

    def place(point: Point) -> JsonValue:
        return list(to_space(point))

    match action:
        case Click() | Drag() | Scroll() | LongPress() | Hover():
            return COMPUTER_USE, _mouse(action, place)
        case TypeText() | Press() | Wait() | Finish():
            return COMPUTER_USE, _keyboard(action)
        case SelectOption():
            return "select_option", {"coordinate": place(action.point), "option": action.label}
        case Upload():
            return "upload", {"coordinate": place(action.point), "paths": list(action.paths)}
        case Pinch():
            return "pinch", {"coordinate": place(action.point), "factor": plain(action.factor)}
        case Navigate():
            return "navigate", {"url": action.url}
        case Back() | Forward() | Reload():
            return "page", {"action": action.kind}
        case NewTab():
            return "tab", {"action": "new", "url": action.url}
        case SwitchTab():
            return "tab", {"action": "switch", "index": action.index}
        case CloseTab():
            return "tab", _given(action="close", index=action.index)
        case Ask():
            return "ask", {"question": action.question}
        case CallTool():
            return action.name, dict(action.arguments)
        case _:
            assert_never(action)


def _mouse(action: Click | Drag | Scroll | LongPress | Hover, place: Callable[[Point], JsonValue]) -> Arguments:
    match action:
        case Click():
            several = action.button != "left" and action.count > 1
            return _given(
                action=_click_name(action),
                coordinate=place(action.point),
                keys=list(action.modifiers) or None,
                count=action.count if several else None,
            )
        case Hover():
            return _given(action="mouse_move", coordinate=place(action.point))
        case LongPress():
            return _given(action="long_press", coordinate=place(action.point), time=plain(action.duration_s))
        case Drag():
            start, *via, end = (place(point) for point in action.path)
            usual = action.duration_s == Drag.model_fields["duration_s"].default
            return _given(
                action="left_click_drag",
                start_coordinate=start,
                coordinate=end,
                via=via or None,
                time=None if usual else plain(action.duration_s),
                keys=list(action.modifiers) or None,
            )
        case Scroll() if action.dx and not action.dy:
            return _given(
                action="hscroll",
                coordinate=place(action.point),
                pixels=plain(action.dx),
                keys=list(action.modifiers) or None,
            )
        case Scroll():
            return _given(
                action="scroll",
                coordinate=place(action.point),
                pixels=plain(-action.dy),
                horizontal_pixels=plain(action.dx) or None,
                keys=list(action.modifiers) or None,
            )
        case _:
            assert_never(action)


def _keyboard(action: TypeText | Press | Wait | Finish) -> Arguments:
    match action:
        case TypeText():
            return _given(action="type", text=action.text, secret=action.secret)
        case Press():
            return _given(action="key", keys=list(action.keys))
        case Wait():
            return _given(action="wait", time=plain(action.seconds))
        case Finish(status="success") if action.answer:
            return _given(action="answer", text=action.answer)
        case Finish():
            return _given(action="terminate", status=action.status, text=action.answer or None)
        case _:
            assert_never(action)


def _click_name(action: Click) -> str:
    if action.button != "left":
        return f"{action.button}_click"
    return {1: "left_click", 2: "double_click", 3: "triple_click"}[action.count]


def _given(**arguments: JsonValue) -> Arguments:
    return {name: value for name, value in arguments.items() if value is not None}


def plain(number: float) -> float:
    """300.0 as 300, -0.0 as 0: fewer tokens, and one text for one number."""
    return int(number) if number == int(number) else number
