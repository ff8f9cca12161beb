"""One measured figure beside the bar that it must hold."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was measured, what it must be, and whether it is. `name` says what of, such as `actions done twice`."""

    name: str
    found: str
    bar: str
    holds: bool
