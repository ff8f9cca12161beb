"""The ways in which a value may stand in a text: written by URLs, HTML, JSON and programs, or spread out a little."""

import base64
import html
import re
import unicodedata
from collections.abc import Iterator

_LONG = 8
"""Characters from which on a value is also found where spaces were put into it, or backwards."""
_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff\\x00"
_MAX_BETWEEN = 8
_CUT = "\u2026"
"""What stands where a text was cut."""
_LEAST_KEPT = 4
MAX_TIMES = 3
"""How often a text may be written as a part of a URL within a URL."""
_ESCAPES = re.compile("(?:%[0-9A-Fa-f]{2})+")
_LEAST_ENCODED = 5
"""Characters of the shortest piece of base64 that is looked for: shorter ones stand in ordinary words."""


class Disguised:
    """Finds a value in any of these ways: as it is, each character in a way of its own, as bytes, as base64.

    With `any_case`, also where its letters are written as capitals or small ones.
    """

    def __init__(self, value: str, *, any_case: bool = False) -> None:
        self._value = value
        ways = [_in_characters(value, any_case), _in_bytes(value.encode()), _in_bytes(value.encode("utf-16-le"))]
        self._patterns = [re.compile(way, re.IGNORECASE if any_case else 0) for way in ways]
        raw = (value.encode(), value.encode("utf-16-le"), value.encode("utf-16-be"))
        pieces = {piece for one in raw for piece in _base64(one)}
        pieces |= {value[::-1]} if len(value) >= _LONG else set()
        self._pieces = sorted(pieces, key=len, reverse=True)

    def is_in(self, text: str) -> bool:
        return bool(self.spans(text))

    def replaced(self, text: str, by: str) -> str:
        """The text with this in place of the value, wherever it is found."""
        parts, end = list[str](), 0
        for start, stop in sorted(self.spans(text)):
            if start >= end:
                parts += (text[end:start], by)
            end = max(end, stop)
        return "".join((*parts, text[end:])) if parts else text

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where in the text it stands, from and to."""
        return self._spans(text, MAX_TIMES)

    def _spans(self, text: str, times: int) -> list[tuple[int, int]]:
        """Where it stands, also in what the text is once it is no longer written as a part of a URL."""
        found = [match.span() for pattern in self._patterns for match in pattern.finditer(text)]
        for piece in self._pieces:
            at = text.find(piece)
            while at >= 0:
                found.append((at, at + len(piece)))
                at = text.find(piece, at + len(piece))
        found += self._cut_short(text)
        if times and "%" in text:
            plain, places = _read_escapes(text)
            if len(plain) < len(text):
                found += [(places[start], places[stop]) for start, stop in self._spans(plain, times - 1)]
        return found

    def _cut_short(self, text: str) -> Iterator[tuple[int, int]]:
        """Where a text was cut in the middle of it, and says so."""
        at = text.find(_CUT)
        while at >= 0:
            for kept in range(len(self._value) - 1, max(_LEAST_KEPT, len(self._value) // 2) - 1, -1):
                if text.endswith(self._value[:kept], 0, at):
                    yield at - kept, at
                    break
            at = text.find(_CUT, at + 1)


def _read_escapes(text: str) -> tuple[str, list[int]]:
    """The text with the bytes of URLs read, and where each of its characters, and its end, stand in the text given."""
    parts, places, end = list[str](), list[int](), 0
    for match in _ESCAPES.finditer(text):
        parts.append(text[end : match.start()])
        places += range(end, match.start())
        at = match.start()
        for one in bytes.fromhex(match[0].replace("%", "")).decode("utf-8", "surrogateescape"):
            parts.append(one)
            places.append(at)
            at += 3 * len(one.encode("utf-8", "surrogateescape"))
        end = match.end()
    return "".join((*parts, text[end:])), [*places, *range(end, len(text) + 1)]


def _in_characters(value: str, any_case: bool) -> str:
    """Each character as it is or as URLs (several times over), HTML, JSON and programs write it."""
    unseen = f"[{_UNSEEN}\\s]" if len(value) >= _LONG else f"[{_UNSEEN}]"
    parts = [_spaces(one) if one.isspace() else _character(one, any_case) for one in re.findall(r"\s+|\S", value)]
    return f"{unseen}{{0,{_MAX_BETWEEN}}}".join(parts)


def _spaces(run: str) -> str:
    """Spaces and line ends, of which a text that is put on one line keeps one."""
    ways = "|".join(dict.fromkeys(map(_character, run)))
    return f"(?:{ways}|\\s){{1,{len(run) + 1}}}"


def _character(one: str, any_case: bool = False) -> str:
    forms = {one, unicodedata.normalize("NFC", one), unicodedata.normalize("NFD", one)}
    forms |= {one.upper(), one.lower()} if any_case else set[str]()
    ways = [re.escape(form) for form in sorted(forms)]
    ways += [re.escape(html.escape(one))] if html.escape(one) != one else []
    ways += ["\\+", "\xa0", "&nbsp;"] if one == " " else []
    ways += [f"\\\\{{1,8}}{re.escape(_SHORT.get(one, one))}"] if one in _SHORT or not one.isalnum() else []
    ways += [f"\\\\{{1,8}}x{_hex(f'{ord(one):02x}')}"] if ord(one) < 0x100 else []
    ways.append(f"&#(?:0{{0,6}}{ord(one)}|[xX]0{{0,6}}{_hex(f'{ord(one):x}')});?")
    ways.append("".join(f"%(?:25){{0,4}}{_hex(f'{byte:02x}')}" for byte in one.encode("utf-8", "surrogatepass")))
    units = one.encode("utf-16-be", "surrogatepass").hex()
    ways.append("".join(f"\\\\{{1,8}}u{_hex(units[at : at + 4])}" for at in range(0, len(units), 4)))
    ways.append(f"\\\\{{1,8}}u\\{{0{{0,6}}{_hex(f'{ord(one):x}')}\\}}")
    return f"(?:{'|'.join(ways)})"


_SHORT = {"\n": "n", "\r": "r", "\t": "t", "\b": "b", "\f": "f"}
"""Control characters as JSON writes them."""


def _in_bytes(raw: bytes) -> str:
    """The bytes in hexadecimal, with or without what commonly stands between and before them."""
    return r"(?:[\s:,_-]{0,2}|\s?(?:\\{1,8}x|0x))".join(_hex(f"{byte:02x}") for byte in raw)


def _hex(digits: str) -> str:
    return "".join(f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in digits)


def _base64(raw: bytes) -> Iterator[str]:
    """What of the base64 of a longer text is the value's alone, wherever in that text it stands; in both alphabets."""
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + raw).decode().rstrip("=")
        whole = encoded[(before * 8 + 5) // 6 : (before + len(raw)) * 8 // 6]
        for piece in (encoded, whole) if before == 0 else (whole,):
            if len(piece) >= _LEAST_ENCODED:
                yield piece
                yield piece.replace("+", "-").replace("/", "_")
