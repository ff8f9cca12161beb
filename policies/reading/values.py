"""Reads values as models write them, in JSON or in Python, and never evaluates them.

Beyond JSON: single quotes, None, True and False, tuples, trailing commas, raw line breaks in strings, bare escapes.
Not read: NaN and infinities, names without quotes, a key twice, more than MAX_DEPTH brackets, numbers of more than 32
characters. One pass; every character is looked at once.
"""

import re
from dataclasses import dataclass
from math import isfinite

from pydantic import JsonValue

from ...errors import BadModelOutput
from .limits import MAX_DEPTH, MAX_NUMBER_CHARS, quoted

# Each pattern is a run of one character class, possessive: it cannot go back.
_SPACE = re.compile(r"[ \t\r\n]*+")
_NUMBER = re.compile(r"[-+.0-9eE]++")
_WORD = re.compile(r"[A-Za-z]++")
_RUNS = {'"': re.compile(r'[^"\\]*+'), "'": re.compile(r"[^'\\]*+")}
_HEX = re.compile(r"[0-9A-Fa-f]{4}")

_CLOSING = {"{": "}", "[": "]", "(": ")"}

_WORDS: dict[str, JsonValue] = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\n": ""}


def read_object(text: str, start: int = 0, *, is_bare: bool = False) -> tuple[dict[str, JsonValue], int]:
    """The object that begins at `start`, after spaces, and the index behind its last bracket.

    `is_bare` as `Cursor` has it.
    """
    cursor = Cursor(text, start, is_bare)
    cursor.skip_space()
    if cursor.peek() != "{":
        raise cursor.fault("an object that begins with {")
    return cursor.read_dict(0), cursor.index


@dataclass(slots=True)
class Cursor:
    """A place in a text that only moves forward.

    `is_bare`: a quote that stands inside a string unescaped does not end it; only one before `,`, a closing bracket,
    a line's or the text's end does.
    """

    text: str
    index: int = 0
    is_bare: bool = False

    def peek(self) -> str:
        return self.text[self.index : self.index + 1]

    def skip_space(self) -> None:
        self.index = self._end_of(_SPACE)

    def take(self, mark: str) -> bool:
        """Steps over one character, and the spaces behind it, if it is this one."""
        found = self.peek() == mark
        if found:
            self.index += 1
            self.skip_space()
        return found

    def fault(self, expected: str) -> BadModelOutput:
        rest = self.text[self.index : self.index + 40]
        seen = quoted(rest) if rest else "the end of the text"
        return BadModelOutput(f"expected {expected} at character {self.index}, saw {seen}")

    def read_value(self, depth: int) -> JsonValue:
        """The value that begins here, inside `depth` brackets; the cursor is behind it afterwards."""
        mark = self.peek()
        if mark in _CLOSING and depth >= MAX_DEPTH:
            raise BadModelOutput(f"brackets are nested more than {MAX_DEPTH} deep")
        if mark == "{":
            return self.read_dict(depth)
        if mark in _CLOSING:
            return self._read_list(depth, mark)
        if mark in _RUNS:
            return self._read_string(mark)
        if mark and mark in "-+.0123456789":
            return self._read_number()
        return self._read_word()

    def read_dict(self, depth: int) -> dict[str, JsonValue]:
        """The object whose bracket stands here; the cursor is behind its last bracket afterwards."""
        result: dict[str, JsonValue] = {}
        self.take("{")
        while self.peek() != "}":
            if self.peek() not in _RUNS:
                raise self.fault("a name in quotes or }")
            key = self._read_string(self.peek())
            if key in result:
                raise BadModelOutput(f"the name {quoted(key)} stands twice in one object")
            self.skip_space()
            if not self.take(":"):
                raise self.fault(f"a colon after {quoted(key)}")
            result[key] = self.read_value(depth + 1)
            self.next_item("}")
        self.index += 1
        return result

    def _read_list(self, depth: int, opening: str) -> list[JsonValue]:
        """A list, or a tuple as a list."""
        result: list[JsonValue] = []
        end = _CLOSING[opening]
        self.take(opening)
        while self.peek() != end:
            result.append(self.read_value(depth + 1))
            self.next_item(end)
        self.index += 1
        return result

    def next_item(self, end: str) -> None:
        """Over the comma before the next item; stays before `end`. Raises BadModelOutput where neither stands."""
        self.skip_space()
        if not self.take(",") and self.peek() != end:
            raise self.fault(f"a comma or {end}")

    def _read_string(self, quote: str) -> str:
        if self.text.startswith(3 * quote, self.index):
            return self._read_long_string(3 * quote)
        pieces: list[str] = []
        self.index += 1
        while True:
            end = self._end_of(_RUNS[quote])
            pieces.append(self.text[self.index : end])
            self.index = end
            if end == len(self.text):
                raise BadModelOutput(f"the text ends inside a string: {quoted(''.join(pieces)[-40:])}")
            self.index += 1
            if self.text[end] == "\\":
                pieces.append(self._read_escape())
            elif self.is_bare and not self._is_closed():
                pieces.append(quote)
            else:
                return _without_surrogates("".join(pieces))

    def _read_long_string(self, quotes: str) -> str:
        """A Python string between three quotes, as it stands."""
        start = self.index + len(quotes)
        end = self.text.find(quotes, start)
        if end < 0:
            raise BadModelOutput(f"the text ends inside a string: {quoted(self.text[-40:])}")
        self.index = end + len(quotes)
        return _without_surrogates(self.text[start:end])

    def _is_closed(self) -> bool:
        """Whether what stands here can stand behind a string."""
        return self.text[self.index : self.index + 1] in ("", ",", ")", "]", "}", ":", "\n")

    def _read_escape(self) -> str:
        """What a backslash and its letter stand for; an unknown letter keeps its backslash, as in a Windows path."""
        letter = self.peek()
        self.index += len(letter)
        if letter == "u":
            code = _HEX.match(self.text, self.index)
            if code is None:
                raise self.fault(r"four hexadecimal digits after \u")
            self.index = code.end()
            return chr(int(code.group(), 16))
        if letter in ('"', "'", "\\", "/"):
            return letter
        return _ESCAPES.get(letter, f"\\{letter}")

    def _read_number(self) -> int | float:
        end = self._end_of(_NUMBER)
        word, self.index = self.text[self.index : end], end
        if len(word) > MAX_NUMBER_CHARS:
            raise BadModelOutput(f"a number of {len(word)} characters; at most {MAX_NUMBER_CHARS} are read")
        try:
            value = float(word) if any(mark in word for mark in ".eE") else int(word)
        except ValueError:
            raise BadModelOutput(f"{quoted(word)} is not a number") from None
        if not isfinite(value):
            raise BadModelOutput(f"{quoted(word)} is too large for a number")
        return value

    def _read_word(self) -> JsonValue:
        word = self.text[self.index : self._end_of(_WORD)]
        if word not in _WORDS:
            raise self.fault("a value")
        self.index += len(word)
        return _WORDS[word]

    def _end_of(self, run: re.Pattern[str]) -> int:
        match = run.match(self.text, self.index)
        return self.index if match is None else match.end()


def _without_surrogates(text: str) -> str:
    r"""Joins the halves of "\ud83d\ude00". Raises BadModelOutput for a half alone, which no file can hold."""
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise BadModelOutput(f"half a character in the string {quoted(text)}") from None
