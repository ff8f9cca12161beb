"""What OSWorld's pyautogui calls our keys."""

from ...errors import ActionFailed
from ..pyautogui_keys import PYAUTOGUI_KEYS


def key_name(key: str) -> str:
    """pyautogui's name of a key. Raises ActionFailed for a key that it does not have."""
    name = PYAUTOGUI_KEYS.get(key) or (key.lower() if len(key) == 1 and key.isascii() and key.isprintable() else "")
    if not name:
        raise ActionFailed(f"pyautogui has no key {key}")
    return " " if name == "space" else name
