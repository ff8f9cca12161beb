"""The folder of a run as it is written: run.json once, results.jsonl line by line, whatever kills the process."""

import json
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError

from ..agent.record.folder import LOCK, append_line, locked, replace_file
from ..errors import UsageError
from .record import RESULTS, RUN, Manifest, read_manifest, read_rows
from .row import Key, Row

_SAME = ("suite", "metric", "player", "choice", "limits", "keys")
"""What must be as it was for a run to go on: rows of another one do not belong beside its own."""


class BenchFolder:
    """Writes one run. Only who holds the lock may."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def locked(self) -> Generator[None]:
        """Hold the folder alone. Raises UsageError where another process does, or it cannot be written."""
        with locked(self.path):
            yield

    @property
    def is_used(self) -> bool:
        return (self.path / RUN).exists() or (self.path / RESULTS).exists()

    def empty(self) -> None:
        """Remove all that is in it but the lock, which is held."""
        for path in self.path.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name != LOCK:
                path.unlink()

    def begin(self, manifest: Manifest) -> dict[Key, Row]:
        """Take the folder into use; the rows that are there already, where the same run was begun in it before.

        Raises UsageError where another run is in it, with the first thing in which they differ.
        """
        if not self.is_used:
            self.write(manifest)
            return {}
        before = read_manifest(self.path)
        for name in _SAME:
            was, now = getattr(before, name), getattr(manifest, name)
            if was != now:
                raise UsageError(f"{self.path} holds a run with another {name} ({_first_difference(was, now)})")
        return read_rows(self.path).by_key

    def write(self, manifest: Manifest) -> None:
        """Replace run.json as a whole."""
        replace_file(self.path / RUN, manifest.model_dump_json(indent=2).encode() + b"\n", durable=True)

    def append(self, row: Row) -> None:
        """Add a row. On disk when this returns. Raises UsageError for one that could not be read again."""
        told = row.model_dump(mode="json")  # half a character, which a page may hold, no file can
        try:
            whole = Row.model_validate_json(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"))
        except ValidationError as error:
            fault = error.errors()[0]
            raise UsageError(f"the row of {row.key} is none: {fault['loc']}: {fault['msg']}") from None
        append_line(self.path / RESULTS, whole)


def new_bench_dir(suite: str) -> Path:
    """Where a run is kept that nobody named a folder for."""
    return Path("bench") / f"{datetime.now(UTC).strftime('%Y%m%d-%H%M%S')}-{suite}"


def _first_difference(was: object, now: object) -> str:
    """The first thing in which they differ, in words."""
    if isinstance(was, BaseModel) and isinstance(now, BaseModel):
        for name in type(was).model_fields:
            if getattr(was, name) != getattr(now, name):
                return f"{name}: {getattr(was, name)} there, {getattr(now, name)} here"
    return f"{was} there, {now} here"
