"""Claims that the page itself can decide: what shows which text, what is there, what is checked or disabled.

    the cart badge shows 2          'Thank you' is visible         there is no dialog
    the total contains "€ 12"       the spinner is gone            "Remember me" is not checked

All else is for a model.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

from ..screen import MAX_LABELS, Box, Element, Label
from .eyes import Judged
from .finding import element_at
from .plain import labelled_plainly, named_plainly, says
from .sight import Sight

STATES = ("checked", "selected", "disabled", "enabled", "expanded", "collapsed", "focused", "empty")
TELL_VALUE = frozenset({"textbox", "searchbox", "spinbutton", "date", "time", "month", "week"})
"""Roles of fields whose value is told. Of a list that a page draws itself it is not."""
TELL_SELECTED = frozenset({"option", "tab", "treeitem", "gridcell"})
"""Roles of what is said to be selected where it is."""
_SYNONYMS = {"ticked": "checked", "unchecked": "not checked", "unticked": "not checked", "filled": "not empty"}

_SHOWS = re.compile(r"(?P<thing>.+?) (?:shows|says|reads|displays|contains) (?P<text>.+)", re.IGNORECASE | re.DOTALL)
_THERE = re.compile(r"there (?:is|are) (?P<no>no )?(?P<thing>.+)", re.IGNORECASE | re.DOTALL)
_IS = re.compile(
    r"(?P<thing>.+?) (?:is|are) (?P<no>not )?(?:now )?(?P<what>visible|shown|there|on the screen|gone|"
    rf"{'|'.join((*STATES, *_SYNONYMS))})",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Shows:
    """The thing shows this text, among others or alone."""

    thing: str
    text: str


@dataclass(frozen=True, slots=True)
class There:
    """The thing is, or is not, on the screen."""

    thing: str
    absent: bool


@dataclass(frozen=True, slots=True)
class Is:
    """The thing is in a state: one of `STATES`, or "not" and one of them."""

    thing: str
    state: str


Claim = Shows | There | Is
Find = Callable[[str], Box]
"""Where the thing of these words is. Raises NotFound."""


def read_claim(words: str) -> Claim | None:
    """The claim, where it is one of these; None for one that only a model understands."""
    words = " ".join(words.split()).rstrip(".")
    if found := _IS.fullmatch(words):
        what = found["what"].lower()
        if what in ("visible", "shown", "there", "on the screen", "gone"):
            return There(found["thing"], absent=bool(found["no"]) != (what == "gone"))
        state = _SYNONYMS.get(what, what)
        return Is(found["thing"], _opposite(state) if found["no"] else state)
    if found := _THERE.fullmatch(words):
        return There(re.sub(r"^(?:an?|the) ", "", found["thing"], flags=re.IGNORECASE), absent=bool(found["no"]))
    if found := _SHOWS.fullmatch(words):
        return Shows(found["thing"], unquoted(found["text"]))
    return None


def judge_plainly(claim: Claim, sight: Sight, find: Find) -> Judged | None:
    """Whether it holds, by what the page tells; None where it does not tell enough."""
    if not sight.is_told:
        return None
    match claim:
        case There():
            return _judge_there(claim, sight)
        case Shows():
            box = find(claim.thing)
            text = text_at(sight, box)
            met = says(text, claim.text)
            reason = f"{claim.thing} shows {text!r}" + ("" if met else f", not {claim.text!r}")
            return Judged(met=met, reason=reason, box=box, shows=claim.text)
        case Is():
            box = find(claim.thing)
            held = holds_state(sight, box, claim.state)
            if held is None:
                return None
            reason = f"{claim.thing} is {claim.state if held else _opposite(claim.state)}"
            return Judged(met=held, reason=reason, box=box)
        case _:
            assert_never(claim)


def text_at(sight: Sight, box: Box) -> str:
    """What stands in a box; of a field its value, else what it is called."""
    text = sight.text_in(box)
    element = element_at(sight, box.center)
    return text or ("" if element is None else element.value or element.name)


def holds_state(sight: Sight, box: Box, state: str) -> bool | None:
    """Whether the element in the box is in the state; None where there is no element, or it does not tell."""
    element = element_at(sight, box.center)
    name = state.removeprefix("not ")
    if element is None or (name == "empty" and sight.is_sensitive(box.center)):
        return None
    held = _holds(element, name)
    return None if held is None else held != state.startswith("not ")


def _holds(element: Element, state: str) -> bool | None:
    """What an element does not tell of is neither so nor not so."""
    if state in element.states:
        return True
    match state:
        case "enabled":
            return "disabled" not in element.states
        case "empty":
            return False if element.value else True if element.role in TELL_VALUE else None
        case "expanded" | "collapsed":
            return False if {"expanded", "collapsed"} & set(element.states) else None
        case "checked" if not element.role:  # a page may draw a check box of its own
            return None
        case "selected":
            return False if element.role in TELL_SELECTED else None
        case _:
            return False


def is_quoted(words: str) -> bool:
    """Whether it has quotes around it."""
    words = words.strip()
    return len(words) > 1 and (words[0], words[-1]) in {("'", "'"), ('"', '"'), ("“", "”"), ("‘", "’")}


def unquoted(words: str) -> str:
    """Without the quotes around it, where it has both."""
    return words.strip()[1:-1] if is_quoted(words) else words.strip()


def _judge_there(claim: There, sight: Sight) -> Judged | None:
    """None where the page has nothing of this name: who only points would point at something all the same."""
    if is_quoted(claim.thing):
        return judge_text(unquoted(claim.thing), sight, absent=claim.absent)
    box = named_plainly(sight, claim.thing) or labelled_plainly(sight, claim.thing)
    if box is None:
        return None
    reason = f"{claim.thing} is on the screen"
    return Judged(met=not claim.absent, reason=reason, box=box)


def judge_text(text: str, sight: Sight, *, absent: bool) -> Judged:
    """Whether a text stands anywhere on the screen, or nowhere; None of a screen that does not tell all of its text."""
    if not sight.is_told:
        return Judged(met=None, reason="the screen does not tell its texts")
    box = next((label.box for label in sight.labels if says(label.text, text)), None)
    box = box or next((one.box for one in sight.elements if says(one.name, text) or says(one.value, text)), None)
    box = box or _over_several(text, sight.labels)
    if box is None and len(sight.labels) >= MAX_LABELS:
        return Judged(met=None, reason="the screen holds more text than it tells", shows=text)
    met = (box is None) == absent
    reason = f"{text!r} is {'not ' if box is None else ''}on the screen"
    return Judged(met=met, reason=reason, box=box, shows=text, anywhere=True)


def _over_several(text: str, labels: Sequence[Label]) -> Box | None:
    """Where a text stands that is written in several pieces, one behind or below the other."""
    most = len(text.split())
    for first in range(len(labels)):
        run = labels[first]
        for label in labels[first + 1 : first + most]:
            if not _goes_on(run.box, label.box):
                break
            run = Label(f"{run.text} {label.text}", Box.around(*run.box.corners, *label.box.corners))
            if says(run.text, text):
                return run.box
    return None


def _goes_on(before: Box, after: Box) -> bool:
    """Whether a piece of text goes on in another: on the same line, or on the next one below it."""
    height = max(before.height, after.height) if before.height < 2 * after.height else after.height
    beside = after.y1 < before.y2 and before.y1 < after.y2 and -1 <= after.x1 - before.x2 <= height
    below = 0 <= after.y1 - before.y2 <= height and after.x1 < before.x2 and before.x1 < after.x2
    return beside or below


def _opposite(state: str) -> str:
    return state.removeprefix("not ") if state.startswith("not ") else f"not {state}"
