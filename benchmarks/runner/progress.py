"""What is seen while a benchmark runs: how many are done, the running rate with its interval, the time left."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from ..row import Row
from ..statistics.intervals import wilson

LINES = 20
"""Where there is no terminal, about so many lines tell how far it is."""


class Tally:
    """The running result."""

    def __init__(self, rows: tuple[Row, ...] = ()) -> None:
        self.done = self.errors = self._scored = self._solved = 0
        self._sum = 0.0
        self._is_rate = True
        for row in rows:
            self.add(row)

    def add(self, row: Row) -> None:
        self.done += 1
        if row.score is None:
            self.errors += row.error is not None
            return
        self._scored += 1
        self._sum += row.score
        self._solved += bool(row.success)
        self._is_rate &= row.success is not None

    def __str__(self) -> str:
        if not self._scored:
            told = "nothing scored yet"
        elif self._is_rate:
            about = wilson(self._solved, self._scored)
            rate = 100 * self._solved / self._scored
            told = f"{rate:.1f} % solved [{100 * about.low:.1f}, {100 * about.high:.1f}]"
        else:
            told = f"mean score {self._sum / self._scored:.3f}"
        return told + (f", {self.errors} could not be run" if self.errors else "")


@contextmanager
def progress(console: Console, title: str, before: tuple[Row, ...], keys: int) -> Generator[Callable[[Row], None]]:
    """Call it with each row. On a terminal a bar moves; elsewhere a line is written now and then."""
    tally = Tally(before)
    if not console.is_terminal:
        yield _Lines(console, tally, keys)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[told]}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=keys, completed=tally.done, told=str(tally))

        def tell(row: Row) -> None:
            tally.add(row)
            bar.update(task, completed=tally.done, told=str(tally))

        yield tell


class _Lines:
    def __init__(self, console: Console, tally: Tally, keys: int) -> None:
        self._console, self._tally, self._keys = console, tally, keys
        self._every = max(1, keys // LINES)

    def __call__(self, row: Row) -> None:
        self._tally.add(row)
        if self._tally.done % self._every == 0 or self._tally.done == self._keys:
            self._console.print(f"{self._tally.done}/{self._keys}: {self._tally}")
