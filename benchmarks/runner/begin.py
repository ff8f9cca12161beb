"""A run from its choices to its folder: everything that `clickwright bench run` does, for Python too."""

import asyncio
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, cast

from rich.console import Console

from ...errors import UsageError
from ...options.begun import chosen_of
from ...options.model import MINI
from ..folder import BenchFolder, new_bench_dir
from ..manifest import choice_of, choice_record, commit, hardware, player_record, versions
from ..players import Player, make_player
from ..record import Manifest, read_manifest, read_rows
from ..row import Key, Row
from ..suite import Choice, Clocks, DataSuite, OnlineSuite
from ..suites import known, open_suite
from ..worker.remote import LinkTo, worker_for
from .drive import Work, run_episodes, run_samples
from .episode import Keep, Rules
from .machines import Machines, placed
from .progress import progress

_LIMITS = ("max_steps", "max_seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A run as it is wanted."""

    suite: str
    player: Player
    choice: Choice = field(default_factory=Choice)
    folder: Path | None = None
    """A new one in bench/ unless told. One that holds the same run already goes on with it."""
    workers: int = 1
    max_steps: int | None = None
    max_seconds: float | None = None
    keep: Keep = "none"
    tries: int = 2
    clocks: Clocks | None = None
    """When a worker is killed; those of the suite unless given."""
    retry_errors: bool = False
    """Attempt again what something else than the player broke."""
    ray: Machines | None = None
    """The cluster in which the workers are; None for processes on this machine."""

    def __post_init__(self) -> None:
        if not 1 <= self.workers <= 256:
            raise UsageError(f"there may be 1 to 256 workers, not {self.workers}")
        if self.workers > 1 and known(self.suite).is_shared:
            raise UsageError(f"the episodes of {self.suite} act on the same sites: one worker at a time")
        if not known(self.suite).is_online and (self.limits or self.keep != "none"):
            raise UsageError(f"{self.suite} has samples: leave out the limits of episodes, and what is kept of them")
        if known(self.suite).is_online and self.choice.limit is not None:
            raise UsageError(f"{self.suite} has episodes: choose them by tasks and seeds, not by a limit of samples")
        if not known(self.suite).is_online and self.choice.is_seeded:
            raise UsageError(f"{self.suite} has samples, which have no seeds: ask each more often by repeats")
        if self.limits and not self.player.has_model:
            raise UsageError(f"the {self.player.name} player has no limits of steps and seconds")

    def in_folder(self) -> Self:
        """The same with its folder named, where it had none: for whoever has to say where it is before it ends."""
        return self if self.folder is not None else replace(self, folder=new_bench_dir(self.suite))

    @property
    def limits(self) -> dict[str, int | float]:
        """Those that were set, by name."""
        told = {name: getattr(self, name) for name in _LIMITS}
        return {name: value for name, value in told.items() if value is not None}


def plan_again(
    folder: Path,
    *,
    workers: int | None = None,
    keep: Keep | None = None,
    retry_errors: bool = False,
    ray: Machines | None = None,
) -> Plan:
    """The run in a folder, to go on with it. Raises UsageError where there is none."""
    from ...agent.record.begun import BegunModel

    kept = read_manifest(folder)
    options = {"model": kept.player.checkpoint or MINI, **kept.player.options}
    player = make_player(kept.player.name, chosen_of(BegunModel.model_validate(options)))
    limits = cast(Mapping[str, int], kept.limits)
    return Plan(
        suite=kept.suite,
        player=player,
        choice=choice_of(kept.choice),
        folder=folder,
        workers=kept.workers if workers is None else workers,
        max_steps=limits.get("max_steps"),
        max_seconds=limits.get("max_seconds"),
        keep=kept.keep if keep is None else keep,
        retry_errors=retry_errors,
        ray=ray,
    )


def run_anew(plan: Plan, console: Console | None = None) -> Path:
    """As `run_bench`, in a folder that is the caller's own: only what the same code left unfinished goes on there.

    A run that has ended, or that another version or another choice began, is removed.
    """
    return _run_all(plan, console, is_anew=True)


def _goes_on(plan: Plan, folder: BenchFolder) -> bool:
    """Whether the run in the folder is this one, begun by the same code and not yet at its end."""
    try:
        before = read_manifest(folder.path)
    except UsageError:  # damaged
        return False
    chosen = before.choice.model_copy(update={"data_hash": ""})  # known only when the data are read
    was = before.suite, chosen, before.limits, before.commit, before.dirty, before.versions
    now = plan.suite, choice_record(plan.choice), plan.limits, *commit(), versions()
    return before.ended_at is None and not before.dirty and was == now


def run_bench(plan: Plan, console: Console | None = None) -> Path:
    """Run what is left of it; the folder with the rows. What is interrupted goes on with the next call.

    Raises UsageError for what does not fit together, ModelUnavailable and EnvironmentLost where going on makes no
    sense; the rows so far are kept.
    """
    return _run_all(plan, console, is_anew=False)


def _run_all(plan: Plan, console: Console | None, *, is_anew: bool) -> Path:
    suite = open_suite(plan.suite, plan.choice)
    keys = suite.keys()
    folder = BenchFolder(plan.in_folder().folder or Path())
    workers = min(plan.workers, len(keys)) if isinstance(suite, OnlineSuite) else 0
    with folder.locked(), placed(plan.player, plan.ray, workers) as (player, link_to):
        if is_anew and folder.is_used and not _goes_on(plan, folder):
            folder.empty()
        plan = replace(plan, player=player)
        manifest = _manifest(plan, suite, len(keys))
        before = folder.begin(manifest)
        done = {key: row for key, row in before.items() if not (plan.retry_errors and row.error)}
        left = deque(key for key in keys if key not in done)
        if left:
            console = console or Console(quiet=True)
            asyncio.run(_run(plan, suite, folder, left, tuple(done.values()), console, link_to))
        _end(folder, keys)
    return folder.path


async def _run(
    plan: Plan,
    suite: OnlineSuite | DataSuite,
    folder: BenchFolder,
    left: deque[Key],
    done: tuple[Row, ...],
    console: Console,
    link_to: LinkTo,
) -> None:
    count = min(plan.workers, len(left))
    # Of its own there would be six on two processors, however many workers wait for a model.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2 * count + 8))
    with progress(console, known(plan.suite).title, done, len(done) + len(left)) as tell:
        work = Work(folder=folder, left=left, tell=tell, tries=plan.tries)
        if not isinstance(suite, OnlineSuite):
            await run_samples(work, suite, [plan.player.subject() for _ in range(count)])
            return
        clocks = plan.clocks or known(plan.suite).clocks
        stages = [worker_for(plan.suite, plan.choice, clocks=clocks, link_to=link_to) for _ in range(count)]
        await run_episodes(work, stages, plan.player, _rules(plan, folder))


def _rules(plan: Plan, folder: BenchFolder) -> Rules:
    return Rules(
        folder=folder.path,
        keep=plan.keep,
        max_steps=plan.max_steps,
        max_seconds=plan.max_seconds,
        is_limited=plan.player.has_model,
    )


def _manifest(plan: Plan, suite: OnlineSuite | DataSuite, keys: int) -> Manifest:
    named, dirty = commit()
    return Manifest(
        suite=plan.suite,
        title=known(plan.suite).title,
        metric=suite.metric,
        average=known(plan.suite).average,
        player=player_record(plan.player),
        choice=choice_record(plan.choice, "" if isinstance(suite, OnlineSuite) else suite.data_hash),
        keys=keys,
        workers=plan.workers,
        keep=plan.keep,
        limits=plan.limits,
        versions=versions(),
        commit=named,
        dirty=dirty,
        hardware=hardware(),
        command=" ".join(["clickwright", *sys.argv[1:]]),
        began_at=datetime.now(UTC),
    )


def _end(folder: BenchFolder, keys: Sequence[Key]) -> None:
    """Note the end, once every key has its row."""
    kept, rows = read_manifest(folder.path), read_rows(folder.path).by_key
    if kept.ended_at is None and all(key in rows for key in keys):
        folder.write(kept.model_copy(update={"ended_at": datetime.now(UTC)}))
