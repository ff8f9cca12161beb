"""The keys of tools/keys.py under the names that X11 and pyautogui know them by."""

import sys

from ....errors import ActionFailed
from ...pyautogui_keys import PYAUTOGUI_KEYS

ON_PHONES = ("GoBack", "GoHome", "AppSwitch", "Power")

X11 = {  # the names of keysyms, without XK_
    "Control": "Control_L",
    "Shift": "Shift_L",
    "Alt": "Alt_L",
    "Meta": "Super_L",
    "ControlOrMeta": "Control_L",
    "Enter": "Return",
    "Tab": "Tab",
    "Escape": "Escape",
    "Backspace": "BackSpace",
    "Delete": "Delete",
    "Insert": "Insert",
    "Space": "space",
    "ArrowUp": "Up",
    "ArrowDown": "Down",
    "ArrowLeft": "Left",
    "ArrowRight": "Right",
    "Home": "Home",
    "End": "End",
    "PageUp": "Page_Up",
    "PageDown": "Page_Down",
    "CapsLock": "Caps_Lock",
    "NumLock": "Num_Lock",
    "ScrollLock": "Scroll_Lock",
    "PrintScreen": "Print",
    "Pause": "Pause",
    "ContextMenu": "Menu",
    **{f"F{n}": f"F{n}" for n in range(1, 25)},
}

X11_MEDIA = {"AudioVolumeUp": 0x1008FF13, "AudioVolumeDown": 0x1008FF11}
"""Keysyms of XF86keysym.h, which python-xlib has no names for."""

PYAUTOGUI = dict(PYAUTOGUI_KEYS)
if sys.platform == "darwin":
    PYAUTOGUI |= {"Meta": "command", "ControlOrMeta": "command"}


def refuse_phone_keys(keys: tuple[str, ...]) -> None:
    """Raise ActionFailed for keys that no desktop has."""
    for key in keys:
        if key in ON_PHONES:
            raise ActionFailed(f"a desktop has no key {key}: use the keys and buttons of the application instead")


def as_struck(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Letters of a chord as they stand on the keyboard: Control and S is no Control, Shift and s."""
    if len(keys) == 1 or "Shift" in keys:
        return keys
    return tuple(key.lower() if len(key) == 1 and len(key.lower()) == 1 else key for key in keys)
