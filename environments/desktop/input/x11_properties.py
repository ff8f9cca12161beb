"""What windows of an X display say about themselves. python-xlib has no types: its objects are Any here."""

from typing import Any

_LONGEST_UNITS = 2**22
"""Of four bytes: a property is read in one piece, because python-xlib reads letters as it goes and may cut one."""


def read_property(window: Any, name: str, *, delete: bool = False) -> tuple[int, int, Any] | None:
    """Type, format (8, 16 or 32) and value (text, bytes or numbers) of a property; None where there is none."""
    atom = window.display.get_atom(name)
    found = window.get_property(atom, 0, 0, _LONGEST_UNITS, int(delete))
    return None if found is None else (int(found.property_type), int(found.format), found.value)


def numbers(window: Any, name: str) -> tuple[int, ...]:
    """A property of numbers, such as windows or atoms; empty where there is none."""
    found = read_property(window, name)
    if found is None or found[1] != 32 or found[2] is None:
        return ()
    return tuple(int(number) for number in found[2])


def text(window: Any, *names: str) -> str:
    """The first of these properties that holds a text."""
    for name in names:
        found = read_property(window, name)
        if found is not None and found[1] == 8 and found[2]:
            return as_bytes(found[2]).decode("utf-8", "replace")
    return ""


def as_bytes(value: Any) -> bytes:
    """The bytes of a value that python-xlib took for text where it could."""
    return value.encode() if isinstance(value, str) else bytes(value)


def ignore(error: Any, request: Any) -> None:
    """Take an error of a request that has no answer: the window was gone."""
