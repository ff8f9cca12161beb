"""Our actions in the language of BrowserGym's high-level actions: calls of fixed names with literal arguments.

BrowserGym turns them into Python and runs that, so what a model wrote must only ever be a string or a number here.
The names are those of browsergym/core/action/functions.py in https://github.com/ServiceNow/BrowserGym; its strict
parser reads them again.
"""

from collections.abc import Sequence
from typing import assert_never

from ...errors import ActionFailed
from ...screen import Point
from ...tools import (
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
from ..text import typeable

Literal = str | int | float | list[str]
SUBSETS = ("chat", "infeas", "coord", "nav", "tab")
"""BrowserGym's names for the sets that these calls come from; noop is always there."""
LONGEST_TYPED_CHARS = 200
MAX_DRAG_POINTS = 40
SHORTEST_WAIT_MS = 1
_ONLY_ON_PHONES = ("GoHome", "AppSwitch", "Power", "AudioVolumeUp", "AudioVolumeDown")


def calls(action: Action, *, url: str = "", tabs: int = 1) -> str:
    """One line for each call; empty for what is for the agent. Raises ActionFailed for what BrowserGym has not.

    Points are pixels of BrowserGym's screenshot. `url` and `tabs` are those of the last observation.
    """
    match action:
        case Click() | LongPress() | Hover() | Drag() | Scroll() | Upload():
            lines = _pointing(action)
        case TypeText():
            lines = _typing(action)
        case Press():
            lines = _pressing(action.keys)
        case Navigate() | Back() | Forward() | Reload() | NewTab() | SwitchTab() | CloseTab():
            lines = _travelling(action, url, tabs)
        case Wait():
            lines = [_call("noop", round(action.seconds * 1000))]
        case Finish():
            name = "send_msg_to_user" if action.status == "success" else "report_infeasible"
            lines = [_call(name, action.answer)]
        case Pinch() | SelectOption():
            raise ActionFailed(f"BrowserGym has no {action.kind} at a place; use clicks and keys")
        case CallTool() | Ask():
            lines = []
        case _:
            assert_never(action)
    return "\n".join(lines)


def _call(name: str, *arguments: Literal) -> str:
    """Strings and numbers as `ascii` writes them: the literals that BrowserGym's parser reads."""
    return f"{name}({', '.join(ascii(argument) for argument in arguments)})"


def _place(point: Point) -> tuple[float, float]:
    return round(point.x, 2), round(point.y, 2)


def _pointing(action: Click | LongPress | Hover | Drag | Scroll | Upload) -> list[str]:
    match action:
        case Click():
            return _held(action.modifiers, [_click(action)])
        case LongPress():
            place = _place(action.point)
            hold = _call("noop", max(SHORTEST_WAIT_MS, round(action.duration_s * 1000)))
            return [_call("mouse_down", *place, "left"), hold, _call("mouse_up", *place, "left")]
        case Hover():
            return [_call("mouse_move", *_place(action.point))]
        case Drag():
            return _held(action.modifiers, _drag(_thinned(action.path)))
        case Scroll():
            turned = _call("scroll_at", *_place(action.point), round(action.dx, 2), round(action.dy, 2))
            return _held(action.modifiers, [turned])
        case Upload():
            return [_call("mouse_upload_file", *_place(action.point), list(action.paths))]
        case _:
            assert_never(action)


def _click(action: Click) -> str:
    if action.count > 2:
        raise ActionFailed("BrowserGym has no triple click; select with the keys Control and a")
    return _call("mouse_dblclick" if action.count == 2 else "mouse_click", *_place(action.point), action.button)


def _held(keys: Sequence[str], within: list[str]) -> list[str]:
    down = [_call("keyboard_down", key) for key in keys]
    return [*down, *within, *(_call("keyboard_up", key) for key in reversed(keys))]


def _drag(path: Sequence[Point]) -> list[str]:
    moves = [_call("mouse_move", *_place(point)) for point in path[1:]]
    # Pages notice a drag by two moves at the least.
    middle = Point((path[0].x + path[1].x) / 2, (path[0].y + path[1].y) / 2)
    start = [_call("mouse_down", *_place(path[0]), "left"), _call("mouse_move", *_place(middle))]
    return [*start, *moves, _call("mouse_up", *_place(path[-1]), "left")]


def _thinned(path: Sequence[Point]) -> Sequence[Point]:
    if len(path) <= MAX_DRAG_POINTS:
        return path
    step = (len(path) - 1) / (MAX_DRAG_POINTS - 1)
    return [path[round(step * number)] for number in range(MAX_DRAG_POINTS)]


def _typing(action: TypeText) -> list[str]:
    if action.text is None:
        raise ActionFailed(f"there is no secret {action.secret}")
    text = typeable(action.text)
    if len(text) <= LONGEST_TYPED_CHARS:
        return [_call("keyboard_type", text)] if text else []
    lines: list[str] = []
    for number, line in enumerate(text.split("\n")):
        if number:
            lines.append(_call("keyboard_press", "Enter"))
        for column, cell in enumerate(line.split("\t")):
            if column:
                lines.append(_call("keyboard_press", "Tab"))
            if cell:
                lines.append(_call("keyboard_insert_text", cell))
    return lines


def _pressing(keys: tuple[str, ...]) -> list[str]:
    if keys == ("GoBack",):
        return [_call("go_back")]
    for key in keys:
        if key in (*_ONLY_ON_PHONES, "GoBack"):
            raise ActionFailed(f"a browser has no key {key}" + (" in a chord" if key == "GoBack" else ""))
    if len(keys) == 1 and len(keys[0]) == 1:
        return [_call("keyboard_type", keys[0])]
    return [_call("keyboard_press", "+".join(keys))]


def _travelling(
    action: Navigate | Back | Forward | Reload | NewTab | SwitchTab | CloseTab, url: str, tabs: int
) -> list[str]:
    match action:
        case Navigate():
            return [_call("goto", action.url)]
        case Back():
            return [_call("go_back")]
        case Forward():
            return [_call("go_forward")]
        case Reload():
            if not url:
                raise ActionFailed("there is no page to load again")
            return [_call("goto", url)]
        case NewTab():
            return [_call("new_tab"), *([] if action.url == "about:blank" else [_call("goto", action.url)])]
        case SwitchTab():
            return [_call("tab_focus", _tab(action.index, tabs))]
        case CloseTab():
            chosen = [] if action.index is None else [_call("tab_focus", _tab(action.index, tabs))]
            return [*chosen, _call("tab_close")]
        case _:
            assert_never(action)


def _tab(index: int, tabs: int) -> int:
    if index >= tabs:
        raise ActionFailed(f"there is no tab {index}; there are {tabs}, counted from 0")
    return index
