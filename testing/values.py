"""What stands on a screen, as a value of Python."""

import re
from decimal import Decimal
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from ..screen import Box, Screenshot
from .verdicts import CheckFailed

_Value = TypeVar("_Value")
_NUMBER = re.compile(r"[-+]?\d[\d.,'\u00a0\u202f ]*")


def value_of(
    text: str, type: type[_Value], *, what: str, screen: Screenshot | None = None, box: Box | None = None
) -> _Value:
    """The text as the type. A number may stand among other signs, such as "€ 1,299.00". Raises CheckFailed."""
    wanted: Any = TypeAdapter(type)
    readings = [text]
    if type in (int, float, Decimal):
        readings += [number for one in _NUMBER.findall(text) if (number := plain_number(one))]
        if len(readings) > 2:
            raise CheckFailed(
                f"{what} should be one number, but {text!r} holds {len(readings) - 1}", screen=screen, box=box
            )
    for reading in reversed(readings):
        try:
            return cast(_Value, wanted.validate_python(reading))
        except ValidationError:
            continue
    raise CheckFailed(f"{what} should be {_name(type)}, but the screen shows {text!r}", screen=screen, box=box)


def plain_number(text: str) -> str:
    """A written number as Python reads it. The last of two kinds of marks begins the cents; marks of one kind divide
    thousands where there are several of them, or where three digits follow: "1,299" is a thousand and more.
    """
    digits = re.sub(r"['\u00a0\u202f ]", "", text).rstrip(".,")
    marks = [sign for sign in digits if sign in ".,"]
    if not marks:
        return digits
    last = marks[-1]
    whole, _, rest = digits.rpartition(last)
    if len(set(marks)) == 1 and (len(marks) > 1 or len(rest) == 3):
        return digits.replace(last, "")
    return re.sub("[.,]", "", whole) + "." + rest


_NAMES = {int: "a whole number", float: "a number", Decimal: "a number", bool: "yes or no"}


def _name(type: Any) -> str:
    return _NAMES.get(type) or getattr(type, "__name__", str(type))
