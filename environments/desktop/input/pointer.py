"""The mouse, by pyautogui."""

import ctypes
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ....errors import Denied, EnvironmentLost
from ....tools.actions import Button

WHEEL_UNITS = {"win32": 120, "darwin": 3}
"""What pyautogui takes for one notch of the wheel; 1 on X11. macOS: lines, and positive is left."""
IN_THE_CORNER = (
    "a person moved the pointer into the top left corner of the screen, which stops the run: move it away to go on"
)
_NO_EFFECT = (
    "macOS did not let the pointer move: allow the terminal under System Settings, Privacy & Security, Accessibility"
)


def load_pyautogui() -> Any:
    """Import it with its traps out of the way. Raises EnvironmentLost where it cannot be used."""
    if sys.platform == "win32":
        ctypes.windll.shcore.SetProcessDpiAwareness(2)  # else places are those of a screen at 96 dpi
    if sys.platform == "linux" and "XAUTHORITY" not in os.environ and not (Path.home() / ".Xauthority").exists():
        os.environ["XAUTHORITY"] = os.devnull  # python-xlib fails where the file is missing, not where it is empty
    for name in ("mouseinfo", "pymsgbox", "pyscreeze"):
        sys.modules.setdefault(name, None)  # pyright: ignore[reportArgumentType]  they need tkinter, or end Python
    try:
        import pyautogui  # pyright: ignore[reportMissingTypeStubs]
    except (ImportError, KeyError) as error:
        raise EnvironmentLost(f"pyautogui cannot be used: {error}") from None
    return pyautogui


class Pointer:
    """Places are input units of the desktop. With `failsafe` a person stops the run from the top left corner.

    `click_often` clicks several times where the pointer is; pyautogui does unless it is given.
    """

    def __init__(
        self,
        pyautogui: Any,
        *,
        failsafe: bool,
        pause: Callable[[float], None],
        click_often: Callable[[Button, int], None] | None = None,
    ) -> None:
        self._gui = pyautogui
        self._gui.PAUSE = 0
        self._gui.FAILSAFE = False  # it also stops at a corner that was clicked on; `check` does not
        self._failsafe = failsafe
        self._pause = pause
        self._click_often = click_often
        self._left: tuple[int, int] | None = None

    def check(self) -> None:
        """Raise Denied where a person moved the pointer into the corner. That this process left it there is no sign."""
        at = self._at()
        if self._failsafe and at != self._left and at in self._gui.FAILSAFE_POINTS:
            raise Denied(IN_THE_CORNER)

    def move(self, x: int, y: int) -> None:
        self.check()
        self._gui.moveTo(x, y)
        self._left = self._at()
        if sys.platform == "darwin" and self._left != (x, y):
            raise EnvironmentLost(_NO_EFFECT)

    def click(self, x: int, y: int, button: Button, count: int) -> None:
        self.move(x, y)
        if self._click_often is not None:
            self._click_often(button, count)
            return
        click = {1: self._gui.click, 2: self._gui.doubleClick, 3: self._gui.tripleClick}[count]
        click(x, y, button=button)

    def hold(self, x: int, y: int, seconds: float) -> None:
        self.move(x, y)
        self._gui.mouseDown()
        try:
            self._pause(seconds)
        finally:
            self._gui.mouseUp()

    def drag(self, path: tuple[tuple[int, int], ...], seconds: float) -> None:
        self.move(*path[0])
        self._gui.mouseDown()
        try:
            for place in path[1:]:
                self._pause(seconds / len(path))
                self.move(*place)
            self._pause(seconds / len(path))
        finally:
            self._gui.mouseUp()

    def turn(self, x: int, y: int, right: int, down: int) -> None:
        self.move(x, y)
        units = WHEEL_UNITS.get(sys.platform, 1)
        if down:
            self._gui.vscroll(-down * units)
        if right:
            self._gui.hscroll(right * units * (-1 if sys.platform == "darwin" else 1))

    def _at(self) -> tuple[int, int]:
        x, y = self._gui.position()
        return int(x), int(y)
