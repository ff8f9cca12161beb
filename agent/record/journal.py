"""What was about to be done, and what was done: the record that a killed run is continued from.

An intent is on disk before its action begins. A turn that is found with an intent and without its end is reconciled
by looking at the screen; the action is never blindly done again.
"""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ...tools import Action
from .folder import append_line, read_json_lines
from .trace import Did, Sight


class Entry(BaseModel):
    """An intent, or the end of one. `turn` and `index` name the action: which turn, which of its actions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mark: Literal["intent", "done"]
    turn: int
    index: int
    action: Action
    before: Sight
    did: Did | None = None
    after: Sight | None = None


class Journal:
    """The entries of one run, in memory and on disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries = {_key(entry): entry for entry in read_json_lines(path, Entry)}

    def intend(self, turn: int, index: int, action: Action, before: Sight) -> None:
        """Say what is done next. On disk when this returns."""
        self._write(Entry(mark="intent", turn=turn, index=index, action=action, before=before))

    def end(self, turn: int, index: int, did: Did, before: Sight, after: Sight) -> None:
        """Say what came of it. On disk when this returns."""
        self._write(Entry(mark="done", turn=turn, index=index, action=did.action, before=before, did=did, after=after))

    def find(self, turn: int, index: int) -> Entry | None:
        """The end of this action, else its intent, else None where it was never begun."""
        return self._entries.get(("done", turn, index)) or self._entries.get(("intent", turn, index))

    def frames(self) -> frozenset[str]:
        """Every frame that actions began on or ended with."""
        seen = {entry.before.frame for entry in self._entries.values()}
        return frozenset(seen | {entry.after.frame for entry in self._entries.values() if entry.after})

    def _write(self, entry: Entry) -> None:
        append_line(self._path, entry)
        self._entries[_key(entry)] = entry


def _key(entry: Entry) -> tuple[str, int, int]:
    return entry.mark, entry.turn, entry.index
