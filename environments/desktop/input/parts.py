"""What the input process is made of. X11 has its own parts; Windows and macOS share those of pyautogui."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from ..requests import WindowList


class Keyboard(Protocol):
    """Keys by the names of tools/keys.py."""

    def held(self, keys: Sequence[str]) -> AbstractContextManager[None]:
        """Press the keys in order, and release them in reverse whatever happens.

        Raises ActionFailed for a key that this keyboard does not have, with nothing pressed.
        """
        ...

    def has(self, text: str) -> bool:
        """Whether keys alone write exactly this text, as the keyboard is set now."""
        ...

    def strike(self, character: str) -> None:
        """Write one character that it has."""
        ...


class Clipboard(Protocol):
    """What was copied. Serves others only while `serve` is called, where the system works so."""

    @property
    def is_serving(self) -> bool:
        """Whether others ask this process for what is on it."""
        ...

    def text(self) -> str | None: ...

    def save(self) -> object:
        """What is on it, to be given to `restore`."""
        ...

    def put(self, text: str) -> None:
        """Put a text on it. Returns when others can have it."""
        ...

    def await_taken(self) -> bool:
        """Whether somebody took the text since this was called; waits as long as that is reasonable."""
        ...

    def restore(self, saved: object) -> None: ...

    def serve(self) -> None:
        """Answer those who ask now."""
        ...


class Windows(Protocol):
    """The windows of the desktop. Raises ActionFailed for one that is gone."""

    def list(self) -> WindowList: ...

    def at(self, x: int, y: int) -> int | None: ...

    def focus(self, number: int) -> None: ...

    def place(self, number: int, x: int, y: int, width: int, height: int) -> None: ...

    def close(self, number: int) -> None: ...

    def takes_terminal_paste(self) -> bool:
        """Whether the active window is a terminal, where Control and v means something else than paste."""
        ...
