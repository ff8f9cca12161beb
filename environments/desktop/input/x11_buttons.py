"""Clicks in a row on an X display, sent together: the server keeps the time between them, however busy we are."""

from typing import Any

from Xlib import X  # pyright: ignore[reportMissingTypeStubs]
from Xlib.ext import xtest  # pyright: ignore[reportMissingTypeStubs]

from ....tools.actions import Button

_NUMBERS: dict[Button, int] = {"left": 1, "middle": 2, "right": 3}
_PRESSED_MS, _APART_MS = 15, 40
"""Well within the 250 to 500 ms that toolkits allow for a double click."""


class X11Buttons:
    """Uses a connection of its own."""

    def __init__(self, display: Any) -> None:
        self._display = display

    def click(self, button: Button, count: int) -> None:
        """Where the pointer is."""
        number = _NUMBERS[button]
        for n in range(count):
            xtest.fake_input(self._display, X.ButtonPress, number, _APART_MS if n else 0)
            xtest.fake_input(self._display, X.ButtonRelease, number, _PRESSED_MS)
        self._display.sync()
