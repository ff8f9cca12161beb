"""The names of pyautogui's keys for ours, as on Linux and Windows.

https://pyautogui.readthedocs.io/en/latest/keyboard.html
"""

PYAUTOGUI_KEYS = {
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
