"""What stands on a screen, as a value of Python."""

import re
from decimal import Decimal
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from ..screen import Box, Screenshot
from .verdicts import CheckFailed

_Value = TypeVar("_Value")
_BLANKS = "['\u00a0\u202f ]"
_NUMBER = re.compile(rf"[-+]?(?:[1-9]\d{{0,2}}(?:{_BLANKS}\d{{3}})+(?!\d)(?:[.,]\d+)?|(?:(?<![\w.,])[.,])?\d[\d.,]*)")
"""Blanks divide only thousands: "10 20" is two numbers."""
_DIVIDED = re.compile(r"[-+]?[1-9]\d{0,2}(?:,(?:\d{2,3},)*\d{3}|(?:\.\d{3})+)")
"""With marks between its thousands, or as India has them: 1,299,000 and 12,99,000."""


def value_of(
    text: str, type: type[_Value], *, what: str, screen: Screenshot | None = None, box: Box | None = None
) -> _Value:
    """The text as the type. A number may stand among other signs, such as "€ 1,299.00". Raises CheckFailed."""
    wanted: Any = TypeAdapter(type)
    numbers = _NUMBER.findall(text) if type in (int, float, Decimal) else []
    if len(numbers) > 1:
        raise CheckFailed(f"{what} should be one number, but {text!r} holds {len(numbers)}", screen=screen, box=box)
    for reading in (*map(plain_number, numbers), text):
        try:
            return cast(_Value, wanted.validate_python(reading))
        except ValidationError:
            continue
    raise CheckFailed(f"{what} should be {_name(type)}, but the screen shows {text!r}", screen=screen, box=box)


def plain_number(text: str) -> str:
    """A written number as Python reads it; empty where it is none, such as "1.2.3". Marks that can divide thousands do:
    "1,299" is a thousand and more, "0.125" less than one. Any other last mark begins the cents.
    """
    digits = re.sub(_BLANKS, "", text).rstrip(".,")
    if _DIVIDED.fullmatch(digits):
        return re.sub("[.,]", "", digits)
    found = re.fullmatch(r"([-+]?[\d.,]*)([.,])(\d+)", digits)
    whole, mark, cents = found.groups() if found else (digits, "", "")
    if not re.fullmatch(r"[-+]?\d*", whole) and (mark in whole or not _DIVIDED.fullmatch(whole)):
        return ""
    return re.sub("[.,]", "", whole) + (mark and ".") + cents


_NAMES = {int: "a whole number", float: "a number", Decimal: "a number", bool: "yes or no"}


def _name(type: Any) -> str:
    return _NAMES.get(type) or getattr(type, "__name__", str(type))
