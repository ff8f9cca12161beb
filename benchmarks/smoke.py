"""A little of everything, in under five minutes: `make bench-smoke`.

    python -m clickwright.benchmarks.smoke [--out bench/smoke]

MiniWoB++ on twenty tasks by the embedded model and by the oracle, the two compared; pointing on pages that nobody has
trained on; what a data set is proved by; and the pages about all of it. Ends with 1 where the oracle or a proof fails.
"""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from ..environments import find_browser
from ..options.model import MINI, Chosen
from ..terminal import make_console
from ..training.pages.render import render
from ..training.pages.spots import DATA, SIZE, write_spots
from .compare import compare
from .players import make_player
from .record import read_rows
from .report import write_bench_report, write_comparison
from .runner.begin import Plan, run_anew
from .show import show
from .suite import Choice
from .suites import known
from .verify import verify

TASKS = (
    *("click-button", "click-button-sequence", "click-checkboxes", "click-collapsible", "click-dialog"),
    *("click-link", "click-option", "click-tab", "click-test", "click-test-2"),
    *("click-widget", "enter-password", "enter-text", "focus-text", "focus-text-2"),
    *("identify-shape", "login-user", "read-table", "search-engine", "unicode-test"),
)
PAGES, FIRST_PAGE = 10, 9_000_000


def smoke(console: Console, out: Path, *, tasks: tuple[str, ...] = TASKS, pages: int = PAGES) -> bool:
    """Run all of it, and say where the pages are; whether what must be right is: the oracle, and the proof."""
    choice = Choice(tasks=tasks, episodes=1)
    model, oracle = (_run(console, "miniwob", player, choice, out) for player in ("model", "oracle"))
    compare(console, model, oracle)
    spots = _spots(out, pages)
    is_proved = verify(console, "screenspot", Choice(data=spots)) == 0
    pointing = _run(console, "screenspot", "model", Choice(data=spots), out)
    reports = [write_bench_report(run) for run in (model, oracle, pointing)]
    for page in (*reports, write_comparison(model, oracle, out / "compared.html")):
        console.print(str(page))
    return is_proved and all(row.success for row in read_rows(oracle).every)


def _run(console: Console, suite: str, player: str, choice: Choice, out: Path) -> Path:
    plan = Plan(
        suite=suite,
        player=make_player(player, Chosen(model=MINI)),
        choice=choice,
        folder=out / f"{suite}-{player}",
        keep="failed" if known(suite).is_online else "none",
    )
    folder = run_anew(plan, console)
    show(console, folder)
    return folder


def _spots(out: Path, count: int) -> Path:
    """The pages to point on, drawn once."""
    spots = (out / "pages").resolve()
    if not (spots / DATA).exists():
        with tempfile.TemporaryDirectory() as pages:
            seeds = range(FIRST_PAGE, FIRST_PAGE + count)
            asyncio.run(render(Path(pages), seeds, SIZE, None, str(find_browser())))
            write_spots(Path(pages), spots)
    return spots


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Run a little of every part of the benchmarks.")
    parser.add_argument("--out", type=Path, default=Path("bench/smoke"))
    sys.exit(0 if smoke(make_console(), parser.parse_args().out) else 1)


if __name__ == "__main__":
    main()
