"""Strokes in the two forms that OSWorld's desktops take: programs of pyautogui, and the dictionaries of computer_13.

A program has calls of this file only, and their arguments are literals: numbers, and strings as `ascii` writes them.
What a model wrote is never code in it. The forms are those of desktop_env/actions.py and
desktop_env/controllers/python.py in https://github.com/xlang-ai/OSWorld.
"""

from typing import assert_never

from ...errors import ActionFailed
from .strokes import Stroke

Command = dict[str, object]


def program(strokes: tuple[Stroke, ...]) -> str:
    """One line of Python; the desktop has imported pyautogui and time before it."""
    return "; ".join(line for stroke in strokes for line in _lines(stroke))


def _lines(stroke: Stroke) -> tuple[str, ...]:
    match stroke.kind:
        case "move":
            return (_call("pyautogui.moveTo", x=stroke.x, y=stroke.y, duration=round(stroke.seconds, 3)),)
        case "click":
            return (_call("pyautogui.click", x=stroke.x, y=stroke.y, clicks=stroke.count, button=stroke.button),)
        case "down":
            return (_call("pyautogui.mouseDown", button=stroke.button),)
        case "up":
            return (_call("pyautogui.mouseUp", button=stroke.button),)
        case "scroll":
            down = (_call("pyautogui.scroll", -stroke.dy),) if stroke.dy else ()
            return (*down, _call("pyautogui.hscroll", stroke.dx)) if stroke.dx else down
        case "write":
            return (_call("pyautogui.write", stroke.text),)
        case "paste":
            copy = _call("pyperclip.copy", stroke.text)
            return ("import pyperclip", copy, _call("pyautogui.hotkey", "ctrl", "v"))
        case "press" if len(stroke.keys) == 1:
            return (_call("pyautogui.press", *stroke.keys),)
        case "press":
            return (_call("pyautogui.hotkey", *stroke.keys),)
        case "key_down":
            return (_call("pyautogui.keyDown", *stroke.keys),)
        case "key_up":
            return (_call("pyautogui.keyUp", *stroke.keys),)
        case "sleep":
            return (_call("time.sleep", round(stroke.seconds, 3)),)
        case _:
            assert_never(stroke.kind)


def _call(name: str, *arguments: str | float, **named: str | float) -> str:
    words = [ascii(argument) for argument in arguments]
    return f"{name}({', '.join(words + [f'{key}={value!a}' for key, value in named.items()])})"


def commands(strokes: tuple[Stroke, ...]) -> tuple[Command, ...]:
    """The dictionaries of computer_13, each a step of its own. Raises ActionFailed for what it cannot say.

    The desktop puts the names of keys between single quotes by itself, so that a quote or a backslash can be none.
    """
    return tuple(command for stroke in strokes for command in _commands(stroke))


def _commands(stroke: Stroke) -> tuple[Command, ...]:
    match stroke.kind:
        case "move":
            return (_command("MOVE_TO", x=stroke.x, y=stroke.y),)
        case "click":
            return (_command("CLICK", button=stroke.button, x=stroke.x, y=stroke.y, num_clicks=stroke.count),)
        case "down":
            return (_command("MOUSE_DOWN", button=stroke.button),)
        case "up":
            return (_command("MOUSE_UP", button=stroke.button),)
        case "scroll":
            return (_command("SCROLL", dx=stroke.dx, dy=-stroke.dy),)
        case "write":
            return (_command("TYPING", text=stroke.text),)
        case "paste":
            raise ActionFailed("computer_13 types ASCII only; take the action space pyautogui")
        case "press" | "key_down" | "key_up":
            if any(key in ("'", "\\") for key in stroke.keys):
                raise ActionFailed("computer_13 cannot press a quote or a backslash together with other keys")
            if stroke.kind == "press":
                is_one = len(stroke.keys) == 1
                return (
                    _command("PRESS", key=stroke.keys[0]) if is_one else _command("HOTKEY", keys=list(stroke.keys)),
                )
            return (_command(stroke.kind.upper(), key=stroke.keys[0]),)
        case "sleep":
            return ({"action_type": "WAIT", "seconds": stroke.seconds},)
        case _:
            assert_never(stroke.kind)


def _command(kind: str, **parameters: object) -> Command:
    return {"action_type": kind, "parameters": parameters}
