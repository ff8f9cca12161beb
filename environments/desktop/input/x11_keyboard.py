"""The keyboard of an X display, by XTest: each key by its place, as the layout stands at that moment.

pyautogui asks for one key of each sign and guesses whether Shift belongs to it: on a keyboard with a key for < and >
it writes > for both.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

from Xlib import XK, X  # pyright: ignore[reportMissingTypeStubs]
from Xlib.ext import xtest  # pyright: ignore[reportMissingTypeStubs]

from ....errors import ActionFailed
from .names import X11, X11_MEDIA

_UNICODE = 0x0100_0000
_COLUMNS = 2
"""Of a layout in the table of keys that X gives: without Shift and with it."""
_Stroke = tuple[int, bool]
"""A key's code, and whether Shift is held with it."""


class X11Keyboard:
    """Uses a connection of its own."""

    def __init__(self, display: Any) -> None:
        self._display = display
        self._root = display.screen().root
        self._strokes: dict[int, _Stroke] = {}
        self._anywhere: dict[int, _Stroke] = {}
        self._is_caps_lock_on = False

    @contextmanager
    def held(self, keys: Sequence[str]) -> Generator[None]:
        self._read_layout()
        codes = self._codes(keys)
        down: list[int] = []
        try:
            for code in codes:
                self._send(X.KeyPress, code)
                down.append(code)
            yield
        finally:
            for code in reversed(down):
                self._send(X.KeyRelease, code)

    def has(self, text: str) -> bool:
        self._read_layout()
        known = all(_keysym(character) in self._strokes for character in text)
        return known and not (self._is_caps_lock_on and any(character.isalpha() for character in text))

    def strike(self, character: str) -> None:
        code, shifted = self._strokes[_keysym(character)]
        shift = self._code_of("Shift") if shifted else 0
        if shift:
            self._send(X.KeyPress, shift)
        try:
            self._send(X.KeyPress, code)
            self._send(X.KeyRelease, code)
        finally:
            if shift:
                self._send(X.KeyRelease, shift)

    def release_all(self) -> None:
        """Release whatever is down, mouse buttons too: a process that was killed could not."""
        for byte, bits in enumerate(self._display.query_keymap()):
            for bit in range(8):
                if bits >> bit & 1:
                    self._send(X.KeyRelease, 8 * byte + bit)
        held = int(self._root.query_pointer().mask)
        for button, mask in ((1, X.Button1Mask), (2, X.Button2Mask), (3, X.Button3Mask)):
            if held & mask:
                self._send(X.ButtonRelease, button)

    def _codes(self, keys: Sequence[str]) -> list[int]:
        """The keys to press; a sign that needs Shift brings it along."""
        codes: list[int] = []
        for key in keys:
            shifted = False
            if len(key) == 1 and _keysym(key) in self._anywhere:
                code, shifted = self._anywhere[_keysym(key)]
            else:
                code = self._code_of(key)
            if shifted and "Shift" not in keys:
                codes.append(self._code_of("Shift"))
            codes.append(code)
        return list(dict.fromkeys(codes))

    def _code_of(self, key: str) -> int:
        keysym = X11_MEDIA.get(key) or XK.string_to_keysym(X11.get(key, ""))
        code = self._display.keysym_to_keycode(keysym) if keysym else 0
        if not code:
            raise ActionFailed(f"this keyboard has no key {key!r}")
        return int(code)

    def _read_layout(self) -> None:
        """Which key writes which sign. Where a second layout is on, only what both write with the same key is sure:

        XTest's keys were seen in the first one all the same. Chords take a sign's key from any layout, as toolkits do.
        """
        state = int(self._root.query_pointer().mask)
        lowest = self._display.display.info.min_keycode
        count = self._display.display.info.max_keycode - lowest + 1
        keys = self._display.get_keyboard_mapping(lowest, count)
        first, active = _strokes(keys, lowest, 0), _strokes(keys, lowest, state >> 13 & 3)
        self._strokes = {sign: stroke for sign, stroke in first.items() if active.get(sign) == stroke}
        self._anywhere = _strokes(keys, lowest, 1) | active | first
        self._is_caps_lock_on = bool(state & X.LockMask)

    def _send(self, kind: int, code: int) -> None:
        xtest.fake_input(self._display, kind, code)
        self._display.sync()


def _strokes(keys: Sequence[Sequence[int]], lowest: int, group: int) -> dict[int, _Stroke]:
    """The key of each sign in one layout of the keyboard, rather without Shift than with it."""
    found: dict[int, _Stroke] = {}
    for shifted in (0, 1):
        column = group * _COLUMNS + shifted
        for code, keysyms in enumerate(keys, lowest):
            keysym = keysyms[column] if column < len(keysyms) else 0
            if keysym:
                found.setdefault(keysym, (code, bool(shifted)))
    return found


def _keysym(character: str) -> int:
    """As X numbers signs: Latin 1 by itself, all others from 0x1000000 on."""
    number = ord(character)
    return number if 0x20 <= number <= 0x7E or 0xA0 <= number <= 0xFF else _UNICODE | number
