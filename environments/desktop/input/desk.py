"""Each request, done by the parts of the desktop."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from pydantic import JsonValue

from ....errors import ActionFailed
from ..requests import (
    ClickAt,
    CloseWindow,
    DragAlong,
    FocusWindow,
    HoldAt,
    ListWindows,
    MoveTo,
    PlaceWindow,
    PressKeys,
    ReadClipboard,
    Request,
    TurnWheel,
    WindowAt,
    WriteText,
)
from .names import as_struck, refuse_phone_keys
from .parts import Clipboard, Keyboard, Windows
from .pointer import Pointer

LONGEST_STRUCK_CHARS = 200
"""Text up to this length is written key by key where the keys are exact; longer text is pasted, as people do."""
_PASTE = ("ControlOrMeta", "v")
_PASTE_IN_TERMINALS = ("Control", "Shift", "v")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The parts of one desktop, opened. `pause` lets time pass."""

    pointer: Pointer
    keyboard: Keyboard
    clipboard: Clipboard
    windows: Windows
    pause: Callable[[float], None]

    def do(self, request: Request) -> JsonValue:
        """Do what is asked. Raises ActionFailed, Denied or EnvironmentLost."""
        match request:
            case MoveTo() | ClickAt() | HoldAt() | DragAlong() | TurnWheel():
                self._point(request)
            case PressKeys():
                self._press(request.keys)
            case WriteText():
                self._write(request.text)
            case ListWindows():
                return self.windows.list().model_dump(mode="json")
            case WindowAt():
                return self.windows.at(request.x, request.y)
            case FocusWindow():
                self.windows.focus(request.id)
            case PlaceWindow():
                self.windows.place(request.id, request.x, request.y, request.width, request.height)
            case CloseWindow():
                self.windows.close(request.id)
            case ReadClipboard():
                return self.clipboard.text()
            case _:
                assert_never(request)
        return None

    def _point(self, request: MoveTo | ClickAt | HoldAt | DragAlong | TurnWheel) -> None:
        match request:
            case MoveTo():
                self.pointer.move(request.x, request.y)
            case ClickAt():
                with self.keyboard.held(request.held):
                    self.pointer.click(request.x, request.y, request.button, request.count)
            case HoldAt():
                self.pointer.hold(request.x, request.y, request.seconds)
            case DragAlong():
                with self.keyboard.held(request.held):
                    self.pointer.drag(request.path, request.seconds)
            case TurnWheel():
                with self.keyboard.held(request.held):
                    self.pointer.turn(request.x, request.y, request.right, request.down)

    def _press(self, keys: tuple[str, ...]) -> None:
        self.pointer.check()
        refuse_phone_keys(keys)
        character = keys[0]
        if len(keys) == 1 and len(character) == 1:
            self._write(character)  # also one that the keyboard does not have
            return
        with self.keyboard.held(as_struck(keys)):
            pass

    def _write(self, text: str) -> None:
        """A line break is the Enter key and a tab the Tab key, as when a person types; pasted text keeps its own."""
        self.pointer.check()
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > LONGEST_STRUCK_CHARS:
            self._paste([text])
        elif self.keyboard.has(text.replace("\n", "").replace("\t", "")):
            self._strike(text)
        else:
            self._paste(_pieces(text))

    def _strike(self, text: str) -> None:
        named = {"\n": "Enter", "\t": "Tab"}
        for character in text:
            if character in named:
                with self.keyboard.held((named[character],)):
                    pass
            else:
                self.keyboard.strike(character)

    def _paste(self, pieces: list[str]) -> None:
        saved = self.clipboard.save()
        keys = _PASTE_IN_TERMINALS if self.windows.takes_terminal_paste() else _PASTE
        if sys.platform == "darwin":
            keys = _PASTE
        try:
            for piece in pieces:
                if len(pieces) > 1 and self.keyboard.has(piece.strip("\n\t")):
                    self._strike(piece)
                    continue
                self.clipboard.put(piece)
                with self.keyboard.held(keys):
                    pass
                if not self.clipboard.await_taken():
                    raise ActionFailed("nothing took the text that was pasted: click into a text field first")
        finally:
            self.clipboard.restore(saved)


def _pieces(text: str) -> list[str]:
    """The text cut so that each line break and tab stands alone."""
    pieces = [""]
    for character in text:
        if character in "\n\t":
            pieces += [character, ""]
        else:
            pieces[-1] += character
    return [piece for piece in pieces if piece]
