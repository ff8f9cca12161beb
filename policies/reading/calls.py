"""Reads calls as models write them: `click(start_box='(12,34)')`, `pyautogui.hotkey('ctrl', 'c')`. Nothing is run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from ...errors import BadModelOutput
from .limits import quoted
from .values import Cursor

MAX_CALLS = 64
"""In one answer."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,63}+")
_KEYWORD = re.compile(r"([A-Za-z_][A-Za-z0-9_]{0,63}+)[ \t]*+=[ \t\r\n]*+")
_START = re.compile(r"(?<![A-Za-z0-9_.])[A-Za-z_][A-Za-z0-9_.]{0,63}+(?=\()")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A function's name, dots included, and what it is given."""

    name: str
    positional: tuple[JsonValue, ...] = ()
    named: dict[str, JsonValue]


def read_call(text: str, start: int = 0, *, is_bare: bool = True) -> tuple[Call, int]:
    """The call that begins at `start`, after spaces, and the index behind its bracket.

    `is_bare`: quotes that stand inside of strings unescaped are read. Raises BadModelOutput where there is no call, one
    that is cut off, or one in whose last string a bracket behind such a quote looks like the end: 'print('a')'.
    """
    cursor = Cursor(text, start, is_bare=is_bare)
    cursor.skip_space()
    name = _NAME.match(text, cursor.index)
    if name is None:
        raise cursor.fault("the name of an action")
    cursor.index = name.end()
    if not cursor.take("("):
        raise cursor.fault(f"a bracket after {quoted(name[0])}")
    positional, named = list[JsonValue](), dict[str, JsonValue]()
    while cursor.peek() != ")":
        keyword = _KEYWORD.match(text, cursor.index)
        if keyword is None:
            positional.append(cursor.read_value(0))
        else:
            if keyword[1] in named:
                raise BadModelOutput(f"{name[0]} is given {keyword[1]} twice")
            cursor.index = keyword.end()
            named[keyword[1]] = cursor.read_value(0)
        cursor.next_item(")")
    last, behind = text[cursor.index - 1], text[cursor.index + 1 : cursor.index + 2]
    if is_bare and last in ("'", '"') and last == behind:
        cursor.index += 1
        raise cursor.fault(f"{last} inside of a string to be written as \\{last}")
    return Call(name=name[0], positional=tuple(positional), named=named), cursor.index + 1


def read_calls(text: str, start: int = 0, *, is_bare: bool = True) -> Iterator[Call]:
    """Every call from `start` on, in order; what stands between them is passed over.

    Raises BadModelOutput as `read_call` does, and for more than `MAX_CALLS`.
    """
    found = _START.search(text, start)
    count = 0
    while found is not None:
        count += 1
        if count > MAX_CALLS:
            raise BadModelOutput(f"more than {MAX_CALLS} calls in one answer")
        call, end = read_call(text, found.start(), is_bare=is_bare)
        yield call
        found = _START.search(text, end)
