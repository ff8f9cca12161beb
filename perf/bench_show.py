"""How long it takes to show, to compare and to report 10,000 results that nobody made.

    python -m clickwright.perf.bench_show [--rows 10000] [--runs 5]

`show` is timed as a command is: in a process of its own, with the start of Python and all imports. Inside of it the
reading, the figures and the printing are timed apart. Whole suites of 125 tasks with many seeds, data sets of as many
samples as rows, and scores between 0 and 1, of which every interval is drawn, are told apart.
"""

import argparse
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ..benchmarks.compare import compare
from ..benchmarks.record import read_record
from ..benchmarks.report.run_page import REPORT, write_run_page
from ..benchmarks.show import show
from ..benchmarks.summary import summarise
from ..benchmarks.synthetic import Drawn, write_run

SHOW = (
    "import sys; from pathlib import Path; from rich.console import Console; "
    "from {package}.benchmarks.show import show; show(Console(), Path(sys.argv[1]))"
)
PACKAGE = (__package__ or "").partition(".")[0]


def kinds(rows: int) -> Iterator[tuple[str, Drawn]]:
    """What is shown, by name."""
    yield "125 tasks, many seeds", Drawn(tasks=125, seeds=rows // 125)
    yield "samples, right or wrong", Drawn(tasks=rows, seeds=1)
    yield "samples, scores between", Drawn(tasks=rows, seeds=1, is_graded=True)


def spent_s(work: Callable[[], object], runs: int) -> tuple[float, float]:
    """Median seconds on the clock, and of the processor: on a machine that others use they are far apart."""
    clock: list[float] = []
    processor: list[float] = []
    for _ in range(runs):
        began, before = time.perf_counter(), os.times()
        work()
        after = os.times()
        clock.append(time.perf_counter() - began)
        processor.append(sum(after[:4]) - sum(before[:4]))
    return statistics.median(clock), statistics.median(processor)


def as_command(folder: Path) -> None:
    """Show a run in a new process."""
    command = [sys.executable, "-c", SHOW.format(package=PACKAGE), str(folder)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def quiet() -> Console:
    return Console(file=io.StringIO(), width=120)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time what shows benchmark runs.")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    table = Table(f"{given.rows:,} results", "show, a command", "read", "figures", "show", "compare", "report")
    with tempfile.TemporaryDirectory() as kept:
        for number, (name, drawn) in enumerate(kinds(given.rows)):
            folder = write_run(Path(kept) / str(number), drawn)
            record = read_record(folder)
            work: tuple[Callable[[], object], ...] = (
                lambda folder=folder: as_command(folder),
                lambda folder=folder: read_record(folder),
                lambda record=record: summarise(record),
                lambda folder=folder: show(quiet(), folder),
                lambda folder=folder: compare(quiet(), folder, folder),
                lambda folder=folder: write_run_page(folder, folder / REPORT),
            )
            times = [spent_s(each, given.runs) for each in work]
            table.add_row(name, *(f"{clock:.2f} s, {processor:.2f} s" for clock, processor in times))
    Console(width=160).print(table)
    print("Seconds on the clock, then of the processor: medians.")


if __name__ == "__main__":
    main()
