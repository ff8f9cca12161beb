"""What the page says that a thing is, compared with what it said."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...screen import Box, Element, Label
from ..sight import Sight
from ..target import Target
from .texts import plain

KINDS = (
    frozenset({"button", "link", "menuitem", "tab", "option", "treeitem", "gridcell", ""}),
    frozenset({"checkbox", "switch", "menuitemcheckbox"}),
    frozenset({"radio", "menuitemradio"}),
    frozenset({"textbox", "searchbox"}),
)
"""Roles that a person does not tell apart: pressed, ticked, chosen, written into."""
WRITTEN = frozenset({"textbox", "searchbox", "spinbutton", "combobox", "listbox", "date", "time", "month", "week"})
"""Roles of things that show their value, which may be another each time."""
PRESSED = KINDS[0]
CHECKED = KINDS[1] | KINDS[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something on the screen now that may be the recorded thing. `element` is None for a text or a picture alone."""

    box: Box
    element: Element | None = None
    text: str = ""

    @property
    def is_disabled(self) -> bool:
        return self.element is not None and "disabled" in self.element.states


def is_same_kind(role: str, other: str) -> bool:
    return role == other or any(role in kind and other in kind for kind in KINDS)


def shows_own_text(role: str) -> bool:
    """Whether the text within a thing is what it is called by."""
    return role not in WRITTEN


def is_called_alike(target: Target, candidate: Candidate, *, is_told: bool) -> bool:
    """Whether a thing says what the recorded one said: by its text, where it shows one, else by its name."""
    then, now = target.element, candidate.element
    if then is None or now is None:
        return bool(target.text) and plain(candidate.text) == plain(target.text)
    if is_told and target.text and shows_own_text(then.role):
        return plain(candidate.text) == plain(target.text)
    return plain(now.name) == plain(then.name)


def candidates_of(sight: Sight, target: Target, texts: Sequence[Label]) -> list[Candidate]:
    """What is of the same kind as the recorded thing: elements for an element, texts for a text."""
    if target.element is not None:
        role = target.element.role
        found = [one for one in sight.elements if is_same_kind(role, one.role)]
        return [Candidate(box=one.box, element=one, text=sight.text_in(one.box)) for one in found]
    return [Candidate(box=label.box, text=label.text) for label in texts]


def spoken(target: Target) -> str:
    """The recorded thing in words."""
    if target.element is not None:
        return spoken_as(target.element, target.text)
    return f"the text {target.text!r}" if target.text else "the recorded thing"


def spoken_as(element: Element, text: str = "") -> str:
    """An element in words, such as: the button 'Log in'."""
    role = {"": "thing", "textbox": "field", "combobox": "list", "checkbox": "check box"}.get(
        element.role, element.role
    )
    name = (text if shows_own_text(element.role) else "") or element.name
    return f"the {role} {short(name)!r}" if name else f"the {role}"


def short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
