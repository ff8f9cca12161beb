"""What has been done on the site so far: one frozen value, the events that change it, and its file."""

from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from ..errors import UsageError

Page = Literal["shop", "cart", "order", "todo", "settings"]
PAGES: tuple[Page, ...] = get_args(Page)
MAX_TEXT_CHARS = 200


class Entry(BaseModel):
    """One line of the to-do list."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    done: bool = False
    marked: bool = False


class State(BaseModel):
    """Everything that a visitor can change. Two equal states are indistinguishable on every page.

    `port` is where the site was last served. `strays` names each other control that was used, in order, so that a
    wrong click can never pass for the right one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int
    port: int = 0
    page: Page = "shop"
    draft: str = ""
    saved: bool = False
    cart: tuple[str, ...] = ()
    ordered: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    switches: tuple[bool, bool, bool] = (True, True, True)
    language: str = ""
    weekly: bool = False
    kept: bool = False
    strays: tuple[str, ...] = ()


def apply(state: State, act: str, value: str = "") -> State:
    """The state after one control was used. An unknown control, or a value that fits none, is a stray."""
    value = value[:MAX_TEXT_CHARS]
    match act:
        case "page" if value in PAGES:
            return _with(state, page=value)
        case "draft":
            return _with(state, draft=value)
        case "save":
            return _with(state, saved=not state.saved)
        case "buy":
            return _with(state, cart=(*state.cart, value))
        case "order" if state.cart:
            return _with(state, ordered=state.cart, cart=(), page="order")
        case "add" if value.strip():
            return _with(state, entries=(*state.entries, Entry(text=value.strip())), draft="")
        case "tick" | "mark" | "drop" if value.isdecimal() and int(value) < len(state.entries):
            return _edit_entry(state, act, int(value))
        case "switch" if value in ("0", "1", "2"):
            flipped = tuple(on != (str(n) == value) for n, on in enumerate(state.switches))
            return _with(state, switches=flipped)
        case "language":
            return _with(state, language=value)
        case "weekly":
            return _with(state, weekly=not state.weekly)
        case "keep":
            return _with(state, kept=True)
        case _:
            return _with(state, strays=(*state.strays[-99:], f"{act} {value}".strip()[:MAX_TEXT_CHARS]))


def _edit_entry(state: State, act: Literal["tick", "mark", "drop"], index: int) -> State:
    entries = list(state.entries)
    entry = entries.pop(index)
    match act:
        case "tick":
            entries.insert(index, Entry(text=entry.text, done=not entry.done, marked=entry.marked))
        case "mark":
            entries.insert(index, Entry(text=entry.text, done=entry.done, marked=not entry.marked))
        case "drop":
            pass
    return _with(state, entries=tuple(entries))


def _with(state: State, **changes: object) -> State:
    return state.model_copy(update=changes)


def read_state(path: Path) -> State:
    """The state in a file. Raises UsageError for a file that is missing or holds something else."""
    try:
        return State.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"{path} is not the state of a demo site: {reason}") from None


def write_state(path: Path, state: State) -> None:
    """Put the state into its file in one move: a reader, or a restart after a kill, sees the old one or the new one."""
    fresh = path.with_suffix(".new")
    fresh.write_text(state.model_dump_json(indent=1), encoding="utf-8")
    fresh.replace(path)
