"""What was about to be done, and what was done: the record that a killed run is continued from.

An intent is on disk before its action begins. A turn that is found with an intent and without its end is reconciled
by looking at the screen; the action is never blindly done again. With steps.jsonl it holds all that a run is continued
from: there is no other state on disk.
"""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ...tools import Action, CallTool
from .folder import append_line, read_json_lines
from .trace import Decided, Did, Sight


class Entry(BaseModel):
    """An intent, or the end of one. `turn` and `index` name the action: which turn, which of its actions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mark: Literal["intent", "done"]
    turn: int
    index: int
    did: Did
    """As it was judged, in an intent; what came of it, in an end."""
    before: Sight
    decided: Decided | None = None
    """The whole decision, in the intent of its first action."""
    after: Sight | None = None
    agreed_by_rules: int = 0
    """How many dialogs of pages the rules had agreed to by themselves until then, in the whole run."""

    @property
    def is_done(self) -> bool:
        return self.mark == "done"


class Journal:
    """The entries of one run, in memory and on disk. Raises UsageError for a file with a damaged line in it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries = {_key(entry): entry for entry in read_json_lines(path, Entry)}
        self.agreed_by_rules = max((entry.agreed_by_rules for entry in self._entries.values()), default=0)
        """As in the entries, each of which is written with it; counted on by whoever answers dialogs."""

    def intend(self, turn: int, index: int, did: Did, before: Sight, decided: Decided) -> None:
        """Say what is done next. On disk when this returns."""
        whole = None if index else decided
        self._write(Entry(mark="intent", turn=turn, index=index, did=did, before=before, decided=whole))

    def end(self, turn: int, index: int, did: Did, before: Sight, after: Sight) -> None:
        """Say what came of it. On disk when this returns."""
        self._write(Entry(mark="done", turn=turn, index=index, did=did, before=before, after=after))

    def find(self, turn: int, index: int) -> Entry | None:
        """The end of this action, else its intent, else None where it was never begun."""
        return self._entries.get(("done", turn, index)) or self._entries.get(("intent", turn, index))

    def begun(self, turn: int) -> tuple[Entry, ...]:
        """The actions of a turn that were begun, in order: the end of each, else its intent."""
        indexes = sorted({index for _, begun, index in self._entries if begun == turn})
        return tuple(entry for index in indexes if (entry := self.find(turn, index)) is not None)

    def decided(self, turn: int) -> Decided | None:
        """The decision that the actions of a turn came from; None where none was begun."""
        first = self._entries.get(("intent", turn, 0))
        return None if first is None else first.decided

    def doubt(self, action: Action, now: Sight) -> Did | None:
        """The like of this action that was left in doubt; None once one was done since, which somebody agreed to.

        Alike are calls of a tool with the same arguments, and what is done by the same kind of action on a screen that
        looks as it did before the doubtful one or after it.
        """
        for entry in reversed(self._entries.values()):
            if entry.mark == "done" and _is_like(entry, action, now):
                return entry.did if entry.did.effect == "in_doubt" else None
        return None

    def frames(self) -> frozenset[str]:
        """Every frame that actions began on or ended with."""
        seen = {entry.before.frame for entry in self._entries.values()}
        return frozenset(seen | {entry.after.frame for entry in self._entries.values() if entry.after})

    def _write(self, entry: Entry) -> None:
        entry = entry.model_copy(update={"agreed_by_rules": self.agreed_by_rules})
        append_line(self._path, entry)
        self._entries[_key(entry)] = entry


def _key(entry: Entry) -> tuple[str, int, int]:
    return entry.mark, entry.turn, entry.index


def _is_like(entry: Entry, action: Action, now: Sight) -> bool:
    if isinstance(action, CallTool):
        return entry.did.action == action
    seen = [entry.before, *([entry.after] if entry.after else [])]
    return entry.did.action.kind == action.kind and any(_looks_alike(one, now) for one in seen)


def _looks_alike(seen: Sight, now: Sight) -> bool:
    return (seen.frame, seen.url) == (now.frame, now.url)
