"""What was about to be done, and what was done: the record that a killed run is continued from.

An intent is on disk before its action begins. A turn that is found with an intent and without its end is reconciled
by looking at the screen; the action is never blindly done again. With steps.jsonl it holds all that a run is continued
from: there is no other state on disk.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from .folder import append_line, read_json_lines
from .trace import Decided, Did, Sight


class Entry(BaseModel):
    """An intent, or the end of one. `turn` and `index` name the action: which turn, which of its actions.

    `did` is the action as it was judged, then as it was done. The first intent of a turn also holds what the turn saw
    and decided.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mark: Literal["intent", "done"]
    turn: int
    index: int
    did: Did
    before: Sight
    after: Sight | None = None
    saw: Sight | None = None
    decided: Decided | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A turn of which something was done, or was about to be. The entries are in order, one for each action."""

    saw: Sight
    decided: Decided
    entries: tuple[Entry, ...]


class Journal:
    """The entries of one run, in memory and on disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries = {_key(entry): entry for entry in read_json_lines(path, Entry)}

    def intend(self, turn: int, index: int, did: Did, before: Sight, *, saw: Sight, decided: Decided) -> None:
        """Say what is done next. On disk when this returns."""
        entry = Entry(mark="intent", turn=turn, index=index, did=did, before=before)
        if self.begun(turn) is None:
            entry = entry.model_copy(update={"saw": saw, "decided": decided})
        self._write(entry)

    def end(self, turn: int, index: int, did: Did, before: Sight, after: Sight) -> None:
        """Say what came of it. On disk when this returns."""
        self._write(Entry(mark="done", turn=turn, index=index, did=did, before=before, after=after))

    def find(self, turn: int, index: int) -> Entry | None:
        """The end of this action, else its intent, else None where it was never begun."""
        return self._entries.get(("done", turn, index)) or self._entries.get(("intent", turn, index))

    def begun(self, turn: int) -> Begun | None:
        """What is known of a turn of which something was begun."""
        first = self._entries.get(("intent", turn, 0))
        if first is None or first.saw is None or first.decided is None:
            return None
        found = (self.find(turn, index) for index in range(len(first.decided.actions)))
        return Begun(saw=first.saw, decided=first.decided, entries=tuple(entry for entry in found if entry))

    def frames(self) -> frozenset[str]:
        """Every frame that actions began on or ended with."""
        seen = {entry.before.frame for entry in self._entries.values()}
        return frozenset(seen | {entry.after.frame for entry in self._entries.values() if entry.after})

    def _write(self, entry: Entry) -> None:
        append_line(self._path, entry)
        self._entries[_key(entry)] = entry


def _key(entry: Entry) -> tuple[str, int, int]:
    return entry.mark, entry.turn, entry.index
