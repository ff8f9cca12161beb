"""What is told of the controls whose pop-ups no picture shows: lists, dates, times, colours, suggestions."""

import re
from typing import cast

from ...errors import ActionFailed
from .documents import Document, called
from .focus import MAX_LABELS, Focus
from .page import BrowserPage
from .words import quoted

FORMS = {
    "date": "2026-05-17",
    "time": "14:30",
    "datetime-local": "2026-05-17T14:30",
    "month": "2026-05",
    "week": "2026-W20",
    "color": "#ff8800",
}
"""How the value of a field is written whose look depends on the language of the browser. HTML's own forms."""
_MAX_LABEL_CHARS = 80
_VALUE = re.compile(r"#[0-9a-fA-F]{6}|\d\d:\d\d(:\d\d)?|\d{4,6}-(W\d\d|\d\d(-\d\d([T ]\d\d:\d\d(:\d\d)?)?)?)", re.ASCII)

# An open pop-up would put its own choice in the place of the value, once a key reaches it.
_IS_OPEN = """function () {
  try { return this instanceof HTMLInputElement && Element.prototype.matches.call(this, ":open"); } catch {}
}"""

# Sets the value as a person's choice does: by the setter of the prototype, which a page that watches its own field
# does not hear, and then the two events.
_SET = """function (kinds, value) {
  const of = (name) => Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, name);
  if (!(this instanceof HTMLInputElement)) return null;
  const kind = of("type").get.call(this);
  if (!kinds.includes(kind) || of("readOnly").get.call(this) || Element.prototype.matches.call(this, ":disabled")) {
    return null;
  }
  const before = of("value").get.call(this);
  of("value").set.call(this, value);
  const now = of("value").get.call(this);
  if (!now || (kind === "color" && now !== value.toLowerCase())) {
    of("value").set.call(this, before);
    return [kind, false];
  }
  if (now !== before) {
    for (const name of ["input", "change"]) {
      EventTarget.prototype.dispatchEvent.call(this, new Event(name, {bubbles: true, composed: true}));
    }
  }
  return [kind, true];
}"""


def told_of(focus: Focus) -> str | None:
    """The event that says how to use a control that has the focus, or has opened a pop-up, since the last look."""
    if not focus.is_fresh:
        return None
    name = f" {quoted(focus.element.name)}" if focus.element.name else ""
    if focus.kind == "select" and focus.is_open:
        return (
            f"the list{name} is open, which no picture shows: choose with a select at that place. "
            f"It has {_labels(focus)}"
        )
    if focus.kind in FORMS:
        opened = "opened a pop-up that no picture shows, and " if focus.is_open else ""
        kind = {"datetime-local": "date and time", "color": "colour"}.get(focus.kind, focus.kind)
        return f"the {kind} field{name} {opened}takes text of the form {FORMS[focus.kind]}"
    if focus.kind != "select" and focus.labels:
        return f"the field{name} suggests, in a pop-up that no picture shows, {_labels(focus)}"
    return None


def _labels(focus: Focus) -> str:
    more = f" and {focus.count - MAX_LABELS} more" if focus.count > MAX_LABELS else ""
    return ", ".join(quoted(label, _MAX_LABEL_CHARS) for label in focus.labels) + more


def is_value(text: str) -> bool:
    """Whether a text is written as the value of such a field."""
    return _VALUE.fullmatch(text) is not None


async def enter_value(page: BrowserPage, place: tuple[Document, str] | None, text: str) -> bool:
    """Give the value to this field, which has the focus; False where it takes text key by key, or is none.

    Raises ActionFailed with the form that the field takes.
    """
    if place is None:
        return False
    document, thing = place
    if await called(document.send, thing, _IS_OPEN):
        await page.page.keyboard.press("Escape")
    answer = await called(document.send, thing, _SET, list(FORMS), text.replace(" ", "T"))
    if answer is None:
        return False
    kind, is_taken = cast(tuple[str, bool], answer)
    if not is_taken:
        raise ActionFailed(f"the field takes text of the form {FORMS[kind]}, not {text!r}")
    return True
