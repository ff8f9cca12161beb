"""The names of pyautogui's keys (https://pyautogui.readthedocs.io/en/latest/keyboard.html) for ours."""

from ...errors import ActionFailed

_NAMED = {
    "Control": "ctrl",
    "ControlOrMeta": "ctrl",
    "Shift": "shift",
    "Alt": "alt",
    "Meta": "win",
    "Enter": "enter",
    "Tab": "tab",
    "Escape": "esc",
    "Backspace": "backspace",
    "Delete": "delete",
    "Insert": "insert",
    "Space": "space",
    "ArrowUp": "up",
    "ArrowDown": "down",
    "ArrowLeft": "left",
    "ArrowRight": "right",
    "Home": "home",
    "End": "end",
    "PageUp": "pageup",
    "PageDown": "pagedown",
    "CapsLock": "capslock",
    "NumLock": "numlock",
    "ScrollLock": "scrolllock",
    "PrintScreen": "printscreen",
    "Pause": "pause",
    "ContextMenu": "apps",
    "AudioVolumeUp": "volumeup",
    "AudioVolumeDown": "volumedown",
} | {f"F{number}": f"f{number}" for number in range(1, 25)}


def key_name(key: str) -> str:
    """pyautogui's name of a key. Raises ActionFailed for a key that it does not have."""
    name = _NAMED.get(key) or (key.lower() if len(key) == 1 and key.isascii() and key.isprintable() else "")
    if not name:
        raise ActionFailed(f"pyautogui has no key {key}")
    return " " if name == "space" else name
