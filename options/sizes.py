"""Sizes as they are written on a command line."""

from typing import TYPE_CHECKING

from ..errors import UsageError

if TYPE_CHECKING:
    from ..screen import Size


def read_size(text: str, what: str) -> "Size":
    """Two numbers of pixels. Raises UsageError for anything else."""
    from ..screen import Size

    width, cross, height = text.lower().partition("x")
    if not cross or not all(side.isdecimal() and 1 <= len(side) <= 5 for side in (width, height)):
        raise UsageError(f"{what} is written like 1288x728, not {text[:50]!r}")
    return Size(int(width), int(height))
