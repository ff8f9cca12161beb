"""Actions, times and untrusted text in words for a reader."""

from typing import assert_never

from ..screen import Point
from ..shown import seconds as seconds
from ..shown import visible as visible
from ..tools import (
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

MAX_QUOTED_CHARS = 200


def in_words(action: Action) -> str:
    """One line that says what an action does: `click (412, 220)`, `type “12 May”`, `press Control+S`."""
    match action:
        case Click() | LongPress() | Hover() | Scroll() | Pinch() | SelectOption() | Upload() | Drag():
            return _at_a_place(action)
        case TypeText():
            return f"type the secret {action.secret}" if action.text is None else f"type {_quoted(action.text)}"
        case Press():
            return f"press {'+'.join(action.keys)}"
        case Navigate():
            return f"open {_cut(action.url)}"
        case Back() | Forward() | Reload():
            return f"go {action.kind}" if action.kind != "reload" else "reload"
        case NewTab():
            return f"open a tab with {_cut(action.url)}"
        case SwitchTab():
            return f"switch to tab {action.index + 1}"
        case CloseTab():
            return "close the tab" if action.index is None else f"close tab {action.index + 1}"
        case Wait():
            return f"wait {action.seconds:g} s"
        case CallTool():
            return f"call {action.name}({', '.join(f'{key}={value!r}' for key, value in action.arguments.items())})"
        case Ask():
            return f"ask {_quoted(action.question)}"
        case Finish():
            return f"finish: {action.status}" + (f", {_quoted(action.answer)}" if action.answer else "")
        case _:
            assert_never(action)


def _at_a_place(action: Click | LongPress | Hover | Scroll | Pinch | SelectOption | Upload | Drag) -> str:
    match action:
        case Click():
            times = ("", "", "double ", "triple ")[action.count]
            button = "" if action.button == "left" else f"{action.button} "
            return f"{_held(action)}{times}{button}click {_place(action.point)}"
        case LongPress():
            return f"hold {_place(action.point)} for {action.duration_s:g} s"
        case Hover():
            return f"point at {_place(action.point)}"
        case Scroll():
            return f"{_held(action)}scroll {_scrolled(action)} at {_place(action.point)}"
        case Pinch():
            return f"zoom by {action.factor:g} at {_place(action.point)}"
        case SelectOption():
            return f"choose {_quoted(action.label)} at {_place(action.point)}"
        case Upload():
            return f"upload {_cut(', '.join(action.paths))} at {_place(action.point)}"
        case Drag():
            return f"{_held(action)}drag {_place(action.path[0])} to {_place(action.path[-1])}"
        case _:
            assert_never(action)


def _held(action: Click | Scroll | Drag) -> str:
    return "".join(f"{key}+" for key in action.modifiers)


def _scrolled(action: Scroll) -> str:
    down = f"{'down' if action.dy > 0 else 'up'} {abs(action.dy):g} px" if action.dy else ""
    across = f"{'right' if action.dx > 0 else 'left'} {abs(action.dx):g} px" if action.dx else ""
    return " and ".join(part for part in (down, across) if part) or "by nothing"


def _place(point: Point) -> str:
    return f"({point.x:.0f}, {point.y:.0f})"


def _quoted(text: str) -> str:
    return f"“{_cut(text)}”"


def _cut(text: str) -> str:
    return text if len(text) <= MAX_QUOTED_CHARS else f"{text[: MAX_QUOTED_CHARS - 1]}…"
