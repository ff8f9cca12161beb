"""The proof of a suite: its oracle solves every episode, and one who does nothing solves none."""

import hashlib
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..errors import UsageError
from ..options.model import MINI, Chosen
from .manifest import choice_record
from .players import make_player
from .record import read_rows
from .row import Key, Row
from .runner.begin import Plan, run_anew
from .suite import Choice
from .suites import Known, known, open_suite
from .suites.proof import faults
from .suites.samples import SampleSuite

LUCK = 0.1
"""A task of which one who does nothing solves more than this share is no task."""


def verify(console: Console, suite: str, choice: Choice, *, workers: int = 1, folder: Path | None = None) -> int:
    """Run both, and say which tasks are not proved; 0 where all are, 1 where some are not.

    Of a data set each sample is proved: one who knows scores 1, one who says nothing 0. Goes on only with
    what the same code left unfinished. Raises UsageError for a suite without an oracle.
    """
    about = known(suite)
    if about.is_online and not about.oracle:
        raise UsageError(f"{about.title} has no oracle: nobody knows the solution of its tasks but its own checks")
    opened = open_suite(suite, choice)
    if isinstance(opened, SampleSuite):
        return _verify_samples(console, about, opened)
    folder = folder or Path("bench") / f"verify-{suite}"
    chosen = hashlib.sha256(choice_record(choice).model_dump_json().encode()).hexdigest()[:8]
    runs = {
        name: _run(console, suite, name, choice, workers, folder / f"{name}-{choice.seed}-{choice.episodes}-{chosen}")
        for name in ("oracle", "noop")
    }
    unproved = list(_unproved(runs["oracle"], runs["noop"]))
    tasks = {key.task for key in runs["oracle"]}
    table = Table("task", "oracle", "noop", "why", box=None, pad_edge=False)
    for fault in unproved:
        table.add_row(*fault)
    if unproved:
        console.print(table)
    console.print(
        f"{len(tasks) - len(unproved)} of {len(tasks)} tasks of {about.title} are proved, {choice.episodes} seeds each"
    )
    return 1 if unproved else 0


def _verify_samples(console: Console, about: Known, suite: SampleSuite) -> int:
    found = list(faults(suite))
    for fault in found:
        console.print(Text(fault))
    console.print(f"{len(suite.keys())} samples of {about.title} asked about, {len(found)} faults")
    return 1 if found else 0


def _run(console: Console, suite: str, name: str, choice: Choice, workers: int, folder: Path) -> dict[Key, Row]:
    player = make_player(name, Chosen(model=MINI))
    plan = Plan(suite=suite, player=player, choice=choice, folder=folder, workers=workers, retry_errors=True)
    console.print(f"the {name} player:")
    return read_rows(run_anew(plan, console)).by_key


def _unproved(oracle: dict[Key, Row], noop: dict[Key, Row]) -> "list[tuple[str, str, str, str]]":
    found: list[tuple[str, str, str, str]] = []
    for task in dict.fromkeys(key.task for key in oracle):
        knows = [row for key, row in oracle.items() if key.task == task]
        idles = [row for key, row in noop.items() if key.task == task]
        solved, lucky = (sum(row.success is True for row in rows) for rows in (knows, idles))
        errors = [row for row in (*knows, *idles) if row.error is not None]
        if solved == len(knows) and lucky <= LUCK * len(idles) and not errors:
            continue
        failed = next((row for row in (*errors, *knows) if not row.success), None)
        why = failed.reason if failed is not None else "it is solved by doing nothing"
        found.append((task, f"{solved}/{len(knows)}", f"{lucky}/{len(idles)}", why))
    return found
