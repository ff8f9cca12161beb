"""What about a thing may need asking, in the words of the triggers."""

from collections.abc import Iterator

from ...environments.environment import Facts
from ...tools import Action, Click, Drag, LongPress, Press, TypeText, Upload
from .keys import goes_to_system
from .names import is_deletion, is_payment
from .suffixes import is_program
from .urls import read_url
from .verdict import Trigger

_MAX_FILES = 20
_MAX_NAME_CHARS = 200
_LINES = frozenset(("text", "password", "email", "tel", "search", "url", "number", "date", "time", "month", "week"))
_TEXT_TYPES = _LINES | {"textarea", "datetime-local"}
_TEXT_ROLES = ("textbox", "searchbox", "combobox", "spinbutton")


def triggers(action: Action, facts: Facts) -> Iterator[tuple[Trigger, str]]:
    """Each with its reason in one sentence."""
    match action:
        case Upload():
            yield "upload", f"{_files(action.paths)} would be sent to {facts.url or 'this page'}"
        case TypeText(secret=str(secret)) if facts.input_type != "password":
            yield "secret", f"the secret {secret} would be typed into a field that shows it"
        case TypeText(text=str()) if facts.input_type == "password":
            yield "password", "text would be typed into a password field"
        case Press() if goes_to_system(action.keys, facts.screen):
            yield "system_keys", f"{' '.join(action.keys)} may go to the system, or close what is worked in"
        case _:
            pass
    if activates(action, facts):
        yield from _activating(facts)
        if facts.dialog:
            yield "dialog", f"the page asks {facts.name[:_MAX_NAME_CHARS]!r}"
    if sends_form(action, facts):
        yield from _by_name(facts.sent_by, facts)
        yield "submit", f"the form would be sent to {(facts.form or facts.url or 'its site')[:_MAX_NAME_CHARS]}"


def activates(action: Action, facts: Facts) -> bool:
    """Whether the action may do what the thing is for: a click, or a key on what has the focus.

    A drag that ends where it begins is a click, and a line break or a space that is typed is a key.
    """
    match action:
        case Click() | LongPress() | Drag():
            return True
        case Press():
            return bool({"Enter", "Space", " "} & set(action.keys))
        case TypeText(text=str(text)):
            is_field = facts.role in _TEXT_ROLES or facts.input_type == "textarea"
            return not is_field and any(one in text for one in "\r\n ")
        case _:
            return False


def takes_text(facts: Facts) -> bool:
    """Whether the thing is a field that a text goes into, as far as it says so."""
    return facts.role in _TEXT_ROLES or facts.input_type in _TEXT_TYPES


def sends_form(action: Action, facts: Facts) -> bool:
    """Whether the action sends the form of the thing: by its button, or by Enter in one of its fields."""
    if facts.submits:
        return activates(action, facts)
    if not facts.form or facts.input_type in ("textarea", "button", "reset"):
        return False
    match action:
        case Press():
            return "Enter" in action.keys
        case TypeText(text=str(text)):
            return "\n" in text or "\r" in text
        case _:
            return False


def leads_on(action: Action, facts: Facts) -> str:
    """Why a typed text cannot be judged as a whole: it goes on behind a key that leads elsewhere. Empty where it can.

    A tab moves to a field that nobody has looked at, and Enter may send a form and leave the page.
    """
    text = action.text if isinstance(action, TypeText) else None
    if not text:
        return ""
    if facts.screen == "browser" and "\t" in text.rstrip("\t"):
        return "the text goes on behind a tab, in another field: type for one field at a time"
    if facts.screen == "browser" and facts.input_type in _LINES and any(one in text.rstrip("\r\n") for one in "\r\n"):
        return "the text goes on behind Enter, in a field of one line: type what comes before it, then look"
    return ""


def _by_name(said: str, facts: Facts) -> Iterator[tuple[Trigger, str]]:
    """What a button is for, by what it says."""
    name = said[:_MAX_NAME_CHARS]
    if is_payment(said) and not _on_this_machine(facts):
        yield "payment", f"{name!r} looks like a payment"
    if is_deletion(said):
        yield "delete", f"{name!r} looks like it takes something away for good"


def _activating(facts: Facts) -> Iterator[tuple[Trigger, str]]:
    yield from _by_name(facts.name, facts)
    if _downloads(facts):
        yield "download", f"{facts.href[:_MAX_NAME_CHARS]} would be downloaded"


def _files(paths: tuple[str, ...]) -> str:
    """Each path, long ones without their middle, so that none hides another."""
    short = [path if len(path) <= 80 else f"{path[:30]}…{path[-49:]}" for path in paths]
    return ", ".join(short[:_MAX_FILES]) + (f" and {len(short) - _MAX_FILES} more" if len(short) > _MAX_FILES else "")


def _on_this_machine(facts: Facts) -> bool:
    # A page that this machine serves to itself takes nobody's money; the demo's shop is one.
    place = read_url(facts.url)
    return place is not None and place.is_loopback


def _downloads(facts: Facts) -> bool:
    if facts.downloads:
        return True
    place = read_url(facts.href, facts.url) if facts.href else None
    return place is not None and is_program(place.file)
