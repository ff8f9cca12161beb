"""One thing on a screen that can be acted on, as the page or the window itself tells of it."""

from dataclasses import dataclass

from .geometry import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """Something that takes actions. A click at the centre of `box`, in screenshot pixels, reaches it.

    `role` is one word, empty where none is known; `states` are such as "checked" and "disabled". `name` and `value`
    may come from a hostile page; what a field for a password holds is never among them.
    """

    box: Box
    role: str = ""
    name: str = ""
    value: str = ""
    states: tuple[str, ...] = ()
