"""What healing proposes, line by line as a page shows it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

MAX_BYTES = 200_000
MAX_LINES = 600
SUFFIXES = (".patch", ".diff")
"""Nothing else is read, whatever a told test names."""

Kind = Literal["added", "removed", "place", "file", "same"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a patch, with its sign."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """A patch; `note` says why lines are missing, empty where none are."""

    path: str
    lines: tuple[Line, ...]
    note: str = ""


def read_patch(name: str, results: Path) -> Patch | None:
    """The patch at a path, which is one from the folder of results or from here; None where there is no name."""
    if not name:
        return None
    path = Path(name)
    if path.suffix not in SUFFIXES:
        return Patch(path=name, lines=(), note="it is shown here only where its name ends in .patch or .diff")
    try:
        found = results / path if (results / path).is_file() else path
        with found.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        return Patch(path=name, lines=(), note="it is not there any more")
    lines = content[:MAX_BYTES].decode("utf-8", "replace").splitlines()
    is_cut = len(content) > MAX_BYTES or len(lines) > MAX_LINES
    return Patch(
        path=name,
        lines=tuple(Line(kind=_kind(line), text=line) for line in lines[:MAX_LINES]),
        note="it is longer than this page shows" if is_cut else "",
    )


def _kind(line: str) -> Kind:
    if line.startswith(("+++", "---", "diff ", "index ")):
        return "file"
    if line.startswith("@@"):
        return "place"
    return "added" if line.startswith("+") else "removed" if line.startswith("-") else "same"
