"""The clipboard of an X display, which is a conversation: who copied is asked by who pastes."""

import select
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from Xlib import X  # pyright: ignore[reportMissingTypeStubs]
from Xlib.protocol import event, request  # pyright: ignore[reportMissingTypeStubs]

from .x11_properties import as_bytes, ignore, read_property

ANSWER_S = 1.0
"""How long the owner of the clipboard may take to say what is on it."""
TAKEN_S = 3.0
"""How long a window may take to fetch what is pasted into it."""
_QUIET_S = 0.05
_MAX_BYTES = 32_000_000
_PIECE_BYTES = 200_000
"""What one request to the server holds at most is 262,140 bytes."""
_TEXTS = ("UTF8_STRING", "text/plain;charset=utf-8", "STRING", "TEXT", "text/plain")
_NO_CONTENT = ("TARGETS", "MULTIPLE", "TIMESTAMP", "SAVE_TARGETS", "DELETE", "INSERT_SELECTION", "INSERT_PROPERTY")
_MAX_KINDS = 12
_HERE = "CLICKWRIGHT_CLIPBOARD"
"""The property of our window that answers are put into."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is on the clipboard in one form: type, format and value of an X property."""

    kind: str
    format: int
    value: bytes | tuple[int, ...]


_Content = Mapping[str, _Piece]


class X11Clipboard:
    """Uses a connection of its own."""

    def __init__(self, display: Any) -> None:
        self._display = display
        root = display.screen().root
        self._window = root.create_window(-1, -1, 1, 1, 0, X.CopyFromParent, event_mask=X.PropertyChangeMask)
        self._content: _Content = {}
        self._given = 0
        display.set_error_handler(ignore)  # who asked may be gone by the time of the answer

    @property
    def is_serving(self) -> bool:
        return bool(self._content)

    def text(self) -> str | None:
        content = self._content or self._fetch(("UTF8_STRING",))
        piece = content.get("UTF8_STRING")
        return piece.value.decode("utf-8", "replace") if piece and isinstance(piece.value, bytes) else None

    def save(self) -> _Content:
        """In all its forms, up to 32 MB. Empty where nothing is on it, or its owner does not answer."""
        if self._content:
            return self._content
        offered = self._convert("TARGETS")
        if offered is None or isinstance(offered.value, bytes):
            return {}
        names = [str(self._display.get_atom_name(atom)) for atom in offered.value if atom]
        return self._fetch([name for name in names if name not in _NO_CONTENT][:_MAX_KINDS])

    def put(self, text: str) -> None:
        encoded = text.encode()
        self._own({name: _Piece("UTF8_STRING" if "/" not in name else name, 8, encoded) for name in _TEXTS})
        self._wait(_QUIET_S if self._is_watched() else 0.0)  # a clipboard manager takes its copy at once
        self._given = 0

    def await_taken(self) -> bool:
        until = time.monotonic() + TAKEN_S
        while not self._given and time.monotonic() < until:
            self._wait(0.002)
        if not self._given:
            return False
        before = -1
        while before != self._given:  # some programs ask twice
            before = self._given
            self._wait(_QUIET_S)
        return True

    def restore(self, saved: object) -> None:
        self._own(saved if isinstance(saved, dict) else {})  # pyright: ignore[reportUnknownArgumentType]

    def serve(self) -> None:
        while self._display.pending_events():
            self._take(self._display.next_event())

    def _own(self, content: _Content) -> None:
        """Say that this process has what is on the clipboard; with nothing, that nobody has."""
        self._content = content
        request.SetSelectionOwner(
            display=self._display.display,
            window=self._window if content else X.NONE,
            selection=self._atom("CLIPBOARD"),
            time=X.CurrentTime,
        )
        self._display.sync()

    def _is_watched(self) -> bool:
        return bool(self._display.get_selection_owner(self._atom("CLIPBOARD_MANAGER")))

    def _fetch(self, kinds: Sequence[str]) -> dict[str, _Piece]:
        found: dict[str, _Piece] = {}
        for kind in kinds:
            piece = self._convert(kind)
            if piece is not None and sum(len(one.value) for one in found.values()) + len(piece.value) <= _MAX_BYTES:
                found[kind] = piece
        return found

    def _convert(self, kind: str) -> _Piece | None:
        """Ask the owner for one form; None where there is no owner, or it does not have that."""
        clipboard = self._atom("CLIPBOARD")
        if not self._display.get_selection_owner(clipboard):
            return None
        self._window.convert_selection(clipboard, self._atom(kind), self._atom(_HERE), X.CurrentTime)
        notice = self._await(X.SelectionNotify)
        if notice is None or not notice.property:
            return None
        piece = self._read()
        if piece is None or piece.kind != "INCR":
            return piece
        return self._read_by_pieces()

    def _read(self) -> _Piece | None:
        found = read_property(self._window, _HERE, delete=True)
        if found is None:
            return None
        kind, form, value = found
        name = str(self._display.get_atom_name(kind))
        return _Piece(name, form, as_bytes(value) if form == 8 else tuple(int(one) for one in value))

    def _read_by_pieces(self) -> _Piece | None:
        """What is too long for one answer comes in several, each as soon as the one before was taken."""
        whole, last = bytearray(), None
        while len(whole) <= _MAX_BYTES:
            if self._await(X.PropertyNotify, state=X.PropertyNewValue) is None:
                return None
            piece = self._read()
            if piece is None or not isinstance(piece.value, bytes) or not piece.value:
                return None if last is None else _Piece(last.kind, 8, bytes(whole))
            whole += piece.value
            last = piece
        return None

    def _await(self, kind: int, **fields: int) -> Any:
        """The next event of a kind, with others taken meanwhile; None where it does not come."""
        until = time.monotonic() + ANSWER_S
        while True:
            while self._display.pending_events():
                found = self._display.next_event()
                if found.type == kind and all(getattr(found, name) == value for name, value in fields.items()):
                    return found
                self._take(found)
            if time.monotonic() >= until:
                return None
            self._sleep(0.01)

    def _wait(self, seconds: float) -> None:
        """Serve for some time."""
        until = time.monotonic() + seconds
        while True:
            self.serve()
            left_s = until - time.monotonic()
            if left_s <= 0:
                return
            self._sleep(left_s)

    def _sleep(self, seconds: float) -> None:
        """Until something arrives, or the seconds are over."""
        select.select([self._display.fileno()], [], [], seconds)

    def _take(self, found: Any) -> None:
        if found.type == X.SelectionClear:
            if self._display.get_selection_owner(self._atom("CLIPBOARD")) != self._window:  # it may be old news
                self._content = {}  # somebody copied something
        elif found.type == X.SelectionRequest:
            self._give(found)

    def _give(self, asked: Any) -> None:
        place = asked.property or asked.target  # as old programs expect
        kind = str(self._display.get_atom_name(asked.target))
        if kind == "TARGETS":
            offered = [self._atom("TARGETS"), *(self._atom(name) for name in self._content)]
            asked.requestor.change_property(place, self._atom("ATOM"), 32, offered)
        elif kind in self._content:
            piece = self._content[kind]
            self._hand_over(asked.requestor, place, piece)
            self._given += kind in _TEXTS
        else:
            place = X.NONE
        notice = event.SelectionNotify(
            time=asked.time, requestor=asked.requestor, selection=asked.selection, target=asked.target, property=place
        )
        asked.requestor.send_event(notice)
        self._display.flush()

    def _hand_over(self, requestor: Any, place: int, piece: _Piece) -> None:
        unit = piece.format // 8
        step = _PIECE_BYTES // unit
        for start in range(0, max(1, len(piece.value)), step):
            mode = X.PropModeAppend if start else X.PropModeReplace
            part = piece.value[start : start + step]
            requestor.change_property(place, self._atom(piece.kind), piece.format, part, mode=mode)

    def _atom(self, name: str) -> int:
        return int(self._display.get_atom(name))
