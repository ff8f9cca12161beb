"""The pages of the trajectories that a run has kept, drawn with its report: most runs are never looked at closely."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from ...agent.view import write_report
from ...errors import UsageError
from ..row import Row
from .reasons import TRAJECTORY, is_inside

MOST = 200
"""Pages that are drawn for one report, each with its pictures: the failures first."""


def draw_trajectories(rows: Iterable[Row], folder: Path) -> None:
    """Write the page of each kept trajectory that has none yet. One that cannot be read stays without."""
    kept = sorted((row for row in rows if row.trajectory), key=lambda row: (row.score == 1, row.key))
    for row in kept[:MOST]:
        run_dir = folder / row.trajectory
        if is_inside(run_dir, folder) and run_dir.is_dir() and not (run_dir / TRAJECTORY).exists():
            with suppress(UsageError):
                write_report(run_dir)
