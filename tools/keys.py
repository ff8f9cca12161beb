"""Key names. One canonical form, the W3C `KeyboardEvent.key` value, and a table of the aliases that models write."""

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator

from ..errors import BadModelOutput

Modifier = Literal["Control", "Shift", "Alt", "Meta", "ControlOrMeta"]
MODIFIERS: tuple[Modifier, ...] = get_args(Modifier)

MOBILE_KEYS = ("GoBack", "GoHome", "ContextMenu", "AppSwitch", "Power", "AudioVolumeUp", "AudioVolumeDown")

NAMED_KEYS = frozenset(
    (
        *MODIFIERS,
        *MOBILE_KEYS,
        *("Enter", "Tab", "Escape", "Backspace", "Delete", "Insert", "Space"),
        *("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"),
        *("CapsLock", "NumLock", "ScrollLock", "PrintScreen", "Pause"),
        *(f"F{n}" for n in range(1, 25)),
    )
)

_ALIASES = {
    "return": "Enter",
    "kp_enter": "Enter",
    "newline": "Enter",
    "\n": "Enter",
    "\r": "Enter",
    "\t": "Tab",
    " ": "Space",
    "spacebar": "Space",
    "esc": "Escape",
    "back_space": "Backspace",
    "bksp": "Backspace",
    "del": "Delete",
    "ins": "Insert",
    "up": "ArrowUp",
    "down": "ArrowDown",
    "left": "ArrowLeft",
    "right": "ArrowRight",
    "arrow_up": "ArrowUp",
    "arrow_down": "ArrowDown",
    "arrow_left": "ArrowLeft",
    "arrow_right": "ArrowRight",
    "page_up": "PageUp",
    "page_down": "PageDown",
    "pgup": "PageUp",
    "pgdn": "PageDown",
    "prior": "PageUp",
    "next": "PageDown",
    "ctrl": "Control",
    "ctl": "Control",
    "control_l": "Control",
    "control_r": "Control",
    "shift_l": "Shift",
    "shift_r": "Shift",
    "option": "Alt",
    "opt": "Alt",
    "alt_l": "Alt",
    "alt_r": "Alt",
    "altleft": "Alt",
    "altright": "Alt",
    "ctrlleft": "Control",
    "ctrlright": "Control",
    "shiftleft": "Shift",
    "shiftright": "Shift",
    "winleft": "Meta",
    "winright": "Meta",
    "cmd": "Meta",
    "command": "Meta",
    "win": "Meta",
    "windows": "Meta",
    "super": "Meta",
    "super_l": "Meta",
    "super_r": "Meta",
    "mod": "ControlOrMeta",
    "cmdorctrl": "ControlOrMeta",
    "commandorcontrol": "ControlOrMeta",
    "plus": "+",
    "minus": "-",
    "comma": ",",
    "period": ".",
    "slash": "/",
    "back": "GoBack",
    "browserback": "GoBack",
    "system_back": "GoBack",
    "system_home": "GoHome",
    "menu": "ContextMenu",
    "apps": "ContextMenu",
    "recents": "AppSwitch",
    "recent": "AppSwitch",
    "volume_up": "AudioVolumeUp",
    "volume_down": "AudioVolumeDown",
    "prtsc": "PrintScreen",
    "prtscr": "PrintScreen",
}
_BY_LOWER = {name.lower(): name for name in NAMED_KEYS} | _ALIASES


def canonical_key(name: str) -> str:
    """The W3C name of a key: "Return" -> "Enter", "ctrl" -> "Control", "a" -> "a".

    Any single printable character is its own name. Raises BadModelOutput for anything else.
    """
    word = name.strip() or name[:1]
    known = _BY_LOWER.get(word.lower())
    if known is not None:
        return known
    if len(word) == 1 and word.isprintable():
        return word
    raise BadModelOutput(f"unknown key {name[:40]!r}; known are single characters and {', '.join(sorted(NAMED_KEYS))}")


def split_chord(chord: str) -> tuple[str, ...]:
    """The keys of "ctrl+shift+k", canonical. A trailing "+" is the plus key: "ctrl++"."""
    parts = chord.split("+")
    if len(parts) > 1 and parts[-1] == "":
        parts = [part for part in parts[:-1] if part] + ["+"]
    return tuple(canonical_key(part) for part in parts)


def canonical_modifier(name: str) -> Modifier:
    """Like `canonical_key`, for keys that are held. Raises BadModelOutput for a key that is no modifier."""
    key = canonical_key(name)
    if key not in MODIFIERS:
        raise BadModelOutput(f"{name!r} is not a modifier key; known are {', '.join(MODIFIERS)}")
    return key


def _valid(name: object) -> object:
    if not isinstance(name, str):
        return name
    try:
        return canonical_key(name)
    except BadModelOutput as error:
        raise ValueError(str(error)) from None


Key = Annotated[str, BeforeValidator(_valid)]
"""A canonical key name; aliases are accepted and rewritten."""
