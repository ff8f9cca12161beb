"""Keyboard and clipboard of Windows and macOS, by pyautogui and pyperclip. Not run on real machines yet."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from ....errors import ActionFailed
from ..requests import WindowList
from .names import PYAUTOGUI

_TAKEN_S = 0.3
"""Nothing tells when a paste has been taken: it is waited for so long."""


class PlainKeyboard:
    """Keys by pyautogui's names. Only letters, digits and spaces are the same on all layouts with Latin letters."""

    def __init__(self, pyautogui: Any) -> None:
        self._gui = pyautogui

    @contextmanager
    def held(self, keys: Sequence[str]) -> Generator[None]:
        names = [self._name(key) for key in keys]
        down: list[str] = []
        try:
            for name in names:
                self._gui.keyDown(name)
                down.append(name)
            yield
        finally:
            for name in reversed(down):
                self._gui.keyUp(name)

    def has(self, text: str) -> bool:
        return all(character.isascii() and (character.isalnum() or character == " ") for character in text)

    def strike(self, character: str) -> None:
        self._gui.write(character)

    def _name(self, key: str) -> str:
        name = PYAUTOGUI.get(key, key)
        if not self._gui.isValidKey(name):
            raise ActionFailed(f"this keyboard has no key {key!r}")
        return name


class PlainClipboard:
    """The system keeps what is on it: nothing is served."""

    is_serving = False

    def __init__(self, pause: Callable[[float], None]) -> None:
        import pyperclip  # pyright: ignore[reportMissingTypeStubs, reportMissingModuleSource]

        self._clip: Any = pyperclip
        self._pause = pause

    def text(self) -> str | None:
        return str(self._clip.paste()) or None

    def save(self) -> object:
        return self.text()

    def put(self, text: str) -> None:
        self._clip.copy(text)

    def await_taken(self) -> bool:
        self._pause(_TAKEN_S)
        return True

    def restore(self, saved: object) -> None:
        self._clip.copy(saved if isinstance(saved, str) else "")

    def serve(self) -> None:
        pass


class PlainWindows:
    """Windows are neither listed nor moved on these systems yet."""

    def list(self) -> WindowList:
        return WindowList(windows=())

    def at(self, x: int, y: int) -> int | None:
        return None

    def focus(self, number: int) -> None:
        _refuse()

    def place(self, number: int, x: int, y: int, width: int, height: int) -> None:
        _refuse()

    def close(self, number: int) -> None:
        _refuse()

    def takes_terminal_paste(self) -> bool:
        return False


def _refuse() -> NoReturn:
    raise ActionFailed("windows can be listed and moved on X11 only")
