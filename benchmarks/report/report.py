"""All that is drawn of one run: its page and its plots."""

from pathlib import Path

from ..record import read_rows
from .plots import PLOTS, write_plots
from .run_page import REPORT, write_run_page
from .trajectories import draw_trajectories


def write_bench_report(folder: Path, out: Path | None = None) -> Path:
    """Write the page of a run, and its plots as PNG into `plots` beside it; where the page is.

    Trajectories that were kept get their pages, too, to which that of the run leads.
    That is `report.html` in the folder of the run unless another place is named. Raises UsageError where the folder
    holds no run, where something cannot be written, and where Matplotlib is not installed.
    """
    path = folder / REPORT if out is None else out
    draw_trajectories(read_rows(folder).every, folder)
    write_run_page(folder, path)
    write_plots(folder, path.parent / PLOTS)
    return path
