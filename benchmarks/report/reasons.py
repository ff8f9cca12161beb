"""What went wrong in a run, grouped by how it ended and why, with links to the trajectories that were kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from os.path import relpath
from pathlib import Path
from urllib.parse import quote

from ..row import Row

MOST_REASONS = 12
"""Of one class; the others are counted."""
MOST_LINKED = 40
"""Attempts that are named of one reason."""
TRAJECTORY = "report.html"
"""The page of a trajectory, in its folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """An attempt, and where its trajectory is from the page; empty where none was kept."""

    name: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Attempts that ended for the same reason."""

    reason: str
    n: int
    shown: tuple[Linked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """Attempts that ended in the same way, the most frequent reasons first."""

    name: str
    n: int
    reasons: tuple[Reason, ...]
    others: int
    """Attempts whose reasons are not shown."""


def failures(rows: Iterable[Row], folder: Path, page: Path) -> tuple[Class, ...]:
    """Those that have a score and not the full one, by how they ended."""
    failed = [row for row in rows if row.score is not None and row.score < 1 and not row.success]
    return _classes([(row.ended or "not told", row) for row in failed], folder, page)


def errors(rows: Iterable[Row], folder: Path, page: Path) -> tuple[Class, ...]:
    """Those that broke, by what broke."""
    return _classes([(row.error, row) for row in rows if row.error is not None], folder, page)


def trajectory_link(row: Row, folder: Path, page: Path) -> str:
    """Where the page of the row's trajectory is from this page. Empty where there is none inside of the run."""
    if not row.trajectory:
        return ""
    told = folder / row.trajectory / TRAJECTORY
    if not told.is_file() or not is_inside(told, folder):
        return ""
    return quote(Path(relpath(told.resolve(), page.parent.resolve())).as_posix())


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a path that a row names is in the folder of its run."""
    return path.resolve().is_relative_to(folder.resolve())


def _classes(named: Sequence[tuple[str, Row]], folder: Path, page: Path) -> tuple[Class, ...]:
    members: dict[str, dict[str, list[Row]]] = {}
    for name, row in named:
        members.setdefault(name, {}).setdefault(row.reason, []).append(row)
    found = [_class(name, reasons, folder, page) for name, reasons in members.items()]
    return tuple(sorted(found, key=lambda each: (-each.n, each.name)))


def _class(name: str, reasons: dict[str, list[Row]], folder: Path, page: Path) -> Class:
    ranked = sorted(reasons.items(), key=lambda each: (-len(each[1]), each[0]))
    shown = tuple(
        Reason(
            reason=reason,
            n=len(rows),
            shown=tuple(
                Linked(name=str(row.key), href=trajectory_link(row, folder, page))
                for row in sorted(rows, key=lambda row: row.key)[:MOST_LINKED]
            ),
        )
        for reason, rows in ranked[:MOST_REASONS]
    )
    n = sum(map(len, reasons.values()))
    return Class(name=name, n=n, reasons=shown, others=n - sum(each.n for each in shown))
