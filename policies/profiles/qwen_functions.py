"""The functions that Qwen published with its cookbooks, word for word as checkpoints were told of them."""

import json
from collections.abc import Mapping

from ...tools import COMPUTER_USE, MOBILE_USE
from .qwen2_vl import HERMES

Actions = Mapping[str, tuple[str, ...]]
Described = Mapping[str, object]
"""A function as it is written into a prompt."""

_STATUS = {
    "description": "The status of the task. Required only by `action=terminate`.",
    "type": "string",
    "enum": ["success", "failure"],
}
_FROM_THE_EDGES = (
    "(x, y): The x (pixels from the left edge) and y (pixels from the top edge) coordinates to move the mouse to."
)

COMPUTER_2_5: Actions = {
    "key": ("keys",),
    "type": ("text",),
    "mouse_move": ("coordinate",),
    "left_click": ("coordinate",),
    "left_click_drag": ("coordinate",),
    "right_click": ("coordinate",),
    "middle_click": ("coordinate",),
    "double_click": ("coordinate",),
    "scroll": ("coordinate", "pixels"),
    "wait": ("time",),
    "terminate": ("status",),
}
"""What each action of Qwen2.5-VL's computer_use takes. Where to click and scroll is in no description, yet written."""
COMPUTER_3: Actions = {
    **COMPUTER_2_5,
    "triple_click": ("coordinate",),
    "hscroll": ("coordinate", "pixels"),
    "answer": ("text",),
}
MOBILE_2_5: Actions = {
    "key": ("text",),
    "click": ("coordinate",),
    "long_press": ("coordinate", "time"),
    "swipe": ("coordinate", "coordinate2"),
    "type": ("text",),
    "system_button": ("button",),
    "open": ("text",),
    "wait": ("time",),
    "terminate": ("status",),
}
MOBILE_3: Actions = {
    "click": ("coordinate",),
    "long_press": ("coordinate", "time"),
    "swipe": ("coordinate", "coordinate2"),
    "type": ("text",),
    "answer": ("text",),
    "system_button": ("button",),
    "wait": ("time",),
    "terminate": ("status",),
}

_WORDS_2_5 = {
    "key": "Performs key down presses on the arguments passed in order, then performs key releases in reverse order.",
    "type": "Type a string of text on the keyboard.",
    "mouse_move": "Move the cursor to a specified (x, y) pixel coordinate on the screen.",
    "left_click": "Click the left mouse button.",
    "left_click_drag": "Click and drag the cursor to a specified (x, y) pixel coordinate on the screen.",
    "right_click": "Click the right mouse button.",
    "middle_click": "Click the middle mouse button.",
    "double_click": "Double-click the left mouse button.",
    "scroll": "Performs a scroll of the mouse scroll wheel.",
    "wait": "Wait specified seconds for the change to happen.",
    "terminate": "Terminate the current task and report its completion status.",
}
_WORDS_3 = {
    "key": _WORDS_2_5["key"],
    "type": _WORDS_2_5["type"],
    "mouse_move": _WORDS_2_5["mouse_move"],
    "left_click": "Click the left mouse button at a specified (x, y) pixel coordinate on the screen.",
    "left_click_drag": _WORDS_2_5["left_click_drag"],
    "right_click": "Click the right mouse button at a specified (x, y) pixel coordinate on the screen.",
    "middle_click": "Click the middle mouse button at a specified (x, y) pixel coordinate on the screen.",
    "double_click": "Double-click the left mouse button at a specified (x, y) pixel coordinate on the screen.",
    "triple_click": "Triple-click the left mouse button at a specified (x, y) pixel coordinate on the screen "
    "(simulated as double-click since it's the closest action).",
    "scroll": _WORDS_2_5["scroll"],
    "hscroll": "Performs a horizontal scroll (mapped to regular scroll).",
    "wait": _WORDS_2_5["wait"],
    "terminate": _WORDS_2_5["terminate"],
    "answer": "Answer a question.",
}
_MOBILE_WORDS = {
    "key": "Perform a key event on the mobile device.\n    - This supports adb's `keyevent` syntax.\n"
    '    - Examples: "volume_up", "volume_down", "power", "camera", "clear".',
    "click": "Click the point on the screen with coordinate (x, y).",
    "long_press": "Press the point on the screen with coordinate (x, y) for specified seconds.",
    "swipe": "Swipe from the starting point with coordinate (x, y) to the end point with coordinates2 (x2, y2).",
    "type": "Input the specified text into the activated input box.",
    "answer": "Output the answer.",
    "system_button": "Press the system button.",
    "open": "Open an app on the device.",
    "wait": _WORDS_2_5["wait"],
    "terminate": _WORDS_2_5["terminate"],
}


_DESKTOP = """Use a mouse and keyboard to interact with a computer, and take screenshots.
* This is an interface to a desktop GUI. You do not have access to a terminal or applications menu. You must click on \
desktop icons to start applications.
* Some applications may take time to start or process actions, so you may need to wait and take successive screenshots \
to see the results of your actions. E.g. if you click on Firefox and a window doesn't open, try wait and taking \
another screenshot.
* The screen's resolution is {resolution}.
* Whenever you intend to move the cursor to click on an element like an icon, you should consult a screenshot to \
determine the coordinates of the element before moving the cursor.
* If you tried clicking on a program or link but it failed to load, even after waiting, try adjusting your cursor \
position so that the tip of the cursor visually falls on the element that you want to click.
* Make sure to click any buttons, links, icons, etc with the cursor tip in the center of the element. Don't click \
boxes on their edges"""
_PHONE = """Use a touchscreen to interact with a mobile device, and take screenshots.
* This is an interface to a mobile device with touchscreen. You can perform actions like clicking, typing, swiping, etc.
* Some applications may take time to start or process actions, so you may need to wait and take successive screenshots \
to see the results of your actions.
* The screen's resolution is {resolution}.
* Make sure to click any buttons, links, icons, etc with the cursor tip in the center of the element. Don't click \
boxes on their edges unless asked."""


def _function(name: str, description: str, words: Mapping[str, str], parameters: Mapping[str, object]) -> Described:
    told = "The action to perform. The available actions are:" + "".join(f"\n* `{a}`: {w}" for a, w in words.items())
    action = {"description": told, "enum": list(words), "type": "string"}
    properties = {"properties": {"action": action, **parameters}, "required": ["action"], "type": "object"}
    return {"name": name, "description": description, "parameters": properties}


def _computer(description: str, words: Mapping[str, str], *, text: str, coordinate: str, pixels: str) -> Described:
    parameters: dict[str, object] = {
        "keys": {"description": "Required only by `action=key`.", "type": "array"},
        "text": {"description": f"Required only by {text}.", "type": "string"},
        "coordinate": {"description": f"{_FROM_THE_EDGES}{coordinate}", "type": "array"},
        "pixels": {
            "description": "The amount of scrolling to perform. Positive values scroll up, negative values scroll "
            f"down. Required only by {pixels}.",
            "type": "number",
        },
        "time": {"description": "The seconds to wait. Required only by `action=wait`.", "type": "number"},
        "status": _STATUS,
    }
    return _function(COMPUTER_USE, description, words, parameters)


def _mobile(resolution: str, actions: Actions, *, text: str) -> Described:
    touched = "Required only by `action=click`, `action=long_press`, and `action=swipe`."
    parameters: dict[str, object] = {
        "coordinate": {"description": f"{_FROM_THE_EDGES} {touched}", "type": "array"},
        "coordinate2": {"description": f"{_FROM_THE_EDGES} Required only by `action=swipe`.", "type": "array"},
        "text": {"description": f"Required only by {text}.", "type": "string"},
        "time": {
            "description": "The seconds to wait. Required only by `action=long_press` and `action=wait`.",
            "type": "number",
        },
        "button": {
            "description": "Back means returning to the previous interface, Home means returning to the desktop, Menu "
            "means opening the application background menu, and Enter means pressing the enter. Required only by "
            "`action=system_button`",
            "enum": ["Back", "Home", "Menu", "Enter"],
            "type": "string",
        },
        "status": _STATUS,
    }
    words = {action: _MOBILE_WORDS[action] for action in actions}
    return _function(MOBILE_USE, _PHONE.replace("{resolution}", resolution), words, parameters)


def _with_format(function: Described) -> Described:
    """As Qwen-Agent wrote functions when Qwen2.5-VL was published."""
    return {"name_for_human": function["name"], **function, "args_format": "Format the arguments as a JSON object."}


def system_of(function: Described, system: str = "You are a helpful assistant.\n\n", end: str = "") -> str:
    """The system text of a checkpoint that is told of one function. The user's own stand behind it."""
    schema = json.dumps({"type": "function", "function": function}, ensure_ascii=False)
    return f"{system}{HERMES.replace('{tools}', schema + '{own_tools}')}{end}"


COMPUTER_USE_2_5 = _with_format(
    _computer(
        _DESKTOP.replace("{resolution}", "{width}x{height}") + " unless asked.",
        _WORDS_2_5,
        text="`action=type`",
        coordinate=" Required only by `action=mouse_move` and `action=left_click_drag`.",
        pixels="`action=scroll`",
    )
)
COMPUTER_USE_3 = _computer(
    _DESKTOP.replace("{resolution}", "1000x1000") + ".",
    _WORDS_3,
    text="`action=type` and `action=answer`",
    coordinate="",
    pixels="`action=scroll` and `action=hscroll`",
)
_PLAIN_MOBILE_USE_2_5 = _mobile("{width}x{height}", MOBILE_2_5, text="`action=key`, `action=type`, and `action=open`")
MOBILE_USE_2_5 = _with_format(_PLAIN_MOBILE_USE_2_5)
MOBILE_USE_INFIGUI = _PLAIN_MOBILE_USE_2_5
MOBILE_USE_3 = _mobile("999x999", MOBILE_3, text="`action=type` and `action=answer`")
