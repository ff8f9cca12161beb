"""Reads a program as models write it: one call after another. Nothing is run, and nothing but calls is read."""

import re

from ...errors import BadModelOutput
from .calls import MAX_CALLS, Call, read_call
from .limits import quoted

_BETWEEN = re.compile(r"(?:[\s;]++|#[^\n]*+|(?:import|from)[ \t][^\n]*+)*+")
_CALL = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,63}+\(")
_STATEMENT = re.compile(
    r"(?:for|while|if|with|def|try|return|class|async|lambda)\b|[A-Za-z_][A-Za-z0-9_., \t\[\]]*+[-+*/]?=(?!=)"
)


def read_program(text: str, start: int = 0) -> tuple[tuple[Call, ...], int]:
    """The calls in a row from `start` on, and the index behind the last of them. Imports and comments are passed over.

    It ends before anything else, such as a fence or words that explain it. Raises BadModelOutput for a call that cannot
    be read, for any other statement, and for more than `MAX_CALLS`.
    """
    calls: list[Call] = []
    end = start
    while True:
        begin = _skip(text, end)
        if _CALL.match(text, begin) is None:
            if _STATEMENT.match(text, begin):
                line = text[begin : begin + 60].partition("\n")[0]
                raise BadModelOutput(f"only calls can be carried out, saw {quoted(line)}")
            return tuple(calls), end
        call, end = _read(text, begin)
        calls.append(call)
        if len(calls) > MAX_CALLS:
            raise BadModelOutput(f"more than {MAX_CALLS} calls in one answer")


def _read(text: str, start: int) -> tuple[Call, int]:
    """The call as Python has it; where that cannot be read, with quotes inside of strings that are not escaped."""
    try:
        return read_call(text, start, is_bare=False)
    except BadModelOutput:
        return read_call(text, start)


def _skip(text: str, start: int) -> int:
    found = _BETWEEN.match(text, start)
    return start if found is None else found.end()
