"""What an answer says, in the few words that all benchmarks of recorded steps share."""

import re
from collections.abc import Sequence

from ....errors import BadModelOutput
from ....screen import Point
from ....tools import (
    Action,
    Back,
    CallTool,
    Click,
    Drag,
    Press,
    Scroll,
    SelectOption,
    TypeText,
    canonical_key,
    points_of,
)

OPEN_APP = "open_app"
"""The tool by which an app is opened. No action of ours does that."""
_APP_WORDS = ("app_name", "text", "name", "app")
_OPENING = re.compile(
    r"""\bOPEN_APP\s*\[([^\]\n]{1,200})\]"""
    r"""|\bopen_app\(\s*(?:app_name\s*=\s*)?['"]([^'"\n]{1,200})['"]"""
    r"""|"open(?:_app)?"\s*,\s*"(?:text|app_name)"\s*:\s*"([^"\n]{1,200})\""""
)
_READ_CHARS = 20_000


def main(actions: Sequence[Action]) -> Action | None:
    """The action that counts where one is asked for: the first; typing, where a click only leads to it."""
    if len(actions) > 1 and isinstance(actions[0], Click) and isinstance(actions[1], TypeText):
        return actions[1]
    return actions[0] if actions else None


def place(actions: Sequence[Action]) -> Point | None:
    """Where the first action that has a place happens, at its beginning."""
    return next((points_of(action)[0] for action in actions if points_of(action)), None)


def button(action: Action | None) -> str:
    """The key of a phone, or any single key, that an action presses; empty for others."""
    match action:
        case Back():
            return "GoBack"
        case Press(keys=(key,)):
            return key
        case _:
            return ""


def finger(action: Scroll | Drag) -> tuple[float, float]:
    """Which way a finger moves to do it, in pixels across and down: what is further down is drawn up."""
    if isinstance(action, Scroll):
        return -action.dx, -action.dy
    return action.path[-1].x - action.path[0].x, action.path[-1].y - action.path[0].y


def app(action: Action | None) -> str | None:
    """The app that an action opens by its name; None for others."""
    if isinstance(action, CallTool) and action.name == OPEN_APP:
        named = (action.arguments.get(word) for word in _APP_WORDS)
        return next((name for name in named if isinstance(name, str)), "")
    return None


def opening(name: str) -> CallTool:
    """The action that opens an app."""
    return CallTool(name=OPEN_APP, arguments={"app_name": name})


def opened(raw: str) -> CallTool | None:
    """The opening of an app that an answer asks for, where our languages read none: they know no such action."""
    found = _OPENING.search(raw[:_READ_CHARS])
    return opening((found[1] or found[2] or found[3]).strip()) if found else None


def known_key(name: str) -> str:
    """The canonical name of a key of the data; in lower case, where it is none that we know."""
    try:
        return canonical_key(name)
    except BadModelOutput:
        return name.lower()


def typed(actions: Sequence[Action]) -> str | None:
    """What is typed, or selected; None where nothing is."""
    for action in actions:
        match action:
            case TypeText(text=str(text)):
                return text
            case SelectOption(label=label):
                return label
            case _:
                continue
    return None
