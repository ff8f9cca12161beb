"""The names of Android's keys (https://developer.android.com/reference/android/view/KeyEvent) for ours."""

from ...errors import ActionFailed

_NAMED = {
    "Enter": "ENTER",
    "Tab": "TAB",
    "Escape": "ESCAPE",
    "Backspace": "DEL",
    "Delete": "FORWARD_DEL",
    "Insert": "INSERT",
    "Space": "SPACE",
    "ArrowUp": "DPAD_UP",
    "ArrowDown": "DPAD_DOWN",
    "ArrowLeft": "DPAD_LEFT",
    "ArrowRight": "DPAD_RIGHT",
    "Home": "MOVE_HOME",
    "End": "MOVE_END",
    "PageUp": "PAGE_UP",
    "PageDown": "PAGE_DOWN",
    "CapsLock": "CAPS_LOCK",
    "NumLock": "NUM_LOCK",
    "ScrollLock": "SCROLL_LOCK",
    "PrintScreen": "SYSRQ",
    "Pause": "BREAK",
    "Control": "CTRL_LEFT",
    "ControlOrMeta": "CTRL_LEFT",
    "Shift": "SHIFT_LEFT",
    "Alt": "ALT_LEFT",
    "Meta": "META_LEFT",
    "GoBack": "BACK",
    "GoHome": "HOME",
    "ContextMenu": "MENU",
    "AppSwitch": "APP_SWITCH",
    "Power": "POWER",
    "AudioVolumeUp": "VOLUME_UP",
    "AudioVolumeDown": "VOLUME_DOWN",
    ",": "COMMA",
    ".": "PERIOD",
    "-": "MINUS",
    "=": "EQUALS",
    "+": "PLUS",
    "/": "SLASH",
    "\\": "BACKSLASH",
    ";": "SEMICOLON",
    "'": "APOSTROPHE",
    "`": "GRAVE",
    "[": "LEFT_BRACKET",
    "]": "RIGHT_BRACKET",
    "@": "AT",
    "#": "POUND",
    "*": "STAR",
} | {f"F{number}": f"F{number}" for number in range(1, 13)}


def key_code(key: str) -> str:
    """Android's name of a key, such as KEYCODE_ENTER. Raises ActionFailed for a key that it does not have."""
    name = key.upper() if len(key) == 1 and key.isascii() and key.isalnum() else _NAMED.get(key)
    if name is None:
        raise ActionFailed(f"Android has no key {key}")
    return f"KEYCODE_{name}"
