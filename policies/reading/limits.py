"""How much model text is read at all."""

from reprlib import Repr

from ...errors import BadModelOutput

MAX_CHARS = 65_536
MAX_DEPTH = 32
"""Brackets within brackets."""
MAX_NUMBER_CHARS = 32

_quotation = Repr()
_quotation.maxstring = 80


def require_short(text: str) -> None:
    """Raises BadModelOutput for an answer that is too long to be read."""
    if len(text) > MAX_CHARS:
        raise BadModelOutput(f"the answer has {len(text):,} characters; at most {MAX_CHARS:,} are read")


def quoted(text: str) -> str:
    """A piece of model text for an error message: in quotes, escaped, at most 80 characters."""
    return _quotation.repr(text)
