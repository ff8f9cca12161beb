"""What more workers are worth to a benchmark, and what Ray costs: one worker against several, taken in turn.

    python -m clickwright.perf.bench_workers [--workers 4] [--rounds 5] [--episodes 12] [--ray]

`wait`: an episode of the rehearsal, whose one action takes 500 ms, as where a model or a page is waited for. `miniwob`:
ten tasks of MiniWoB++ by the oracle, with screenshots, as fast as they go. Each worker has played an episode before
the clock runs: how long they take to start is told apart. With --ray the same in a Ray started for it, and what one
request costs there and at the end of a pipe.
"""

import argparse
import asyncio
import statistics
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from ..benchmarks.folder import BenchFolder
from ..benchmarks.players import make_player
from ..benchmarks.row import Key, Row
from ..benchmarks.runner.drive import Work, run_episodes
from ..benchmarks.runner.episode import Rules, play
from ..benchmarks.suite import Choice
from ..benchmarks.worker.link import ProcessLink
from ..benchmarks.worker.remote import LinkTo, worker_for
from ..options.model import MINI, Chosen

TASKS = (
    "click-test",
    "click-button",
    "click-link",
    "click-dialog",
    "focus-text",
    "enter-text",
    "click-tab",
    "click-checkboxes",
    "choose-list",
    "login-user",
)
CASES: Mapping[str, tuple[str, Choice]] = {
    "wait": ("rehearsal", Choice(tasks=("wait",), settings={"delay_ms": "500"})),
    "miniwob": ("miniwob", Choice(tasks=TASKS)),
}
ASKED = 100


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds until the workers were there, and episodes a second from then on."""

    start_s: float
    rate: float


async def timed(case: str, episodes: int, workers: int, link_to: LinkTo) -> Timed:
    """A run of so many episodes. All of them must be solved."""
    suite, choice = CASES[case]
    player = make_player("oracle", Chosen(model=MINI))
    stages = [worker_for(suite, choice, link_to=link_to) for _ in range(workers)]
    keys = [Key(task=choice.tasks[n % len(choice.tasks)], seed=n) for n in range(episodes)]
    rows: list[Row] = []
    ends: list[float] = []

    def tell(row: Row) -> None:
        rows.append(row)
        ends.append(time.perf_counter())

    with TemporaryDirectory() as place:
        rules = Rules(folder=Path(place), is_limited=False)
        began = time.perf_counter()
        firsts = [Key(task=choice.tasks[0], seed=1000 + n) for n in range(workers)]
        pairs = zip(stages, firsts, strict=True)
        await asyncio.gather(*(play(stage, player.at(stage), first, rules) for stage, first in pairs))
        ready = time.perf_counter()
        work = Work(folder=BenchFolder(Path(place)), left=deque(keys), tell=tell)
        await run_episodes(work, stages, player, rules)
    if unsolved := [row for row in rows if not row.success]:
        raise SystemExit(f"{unsolved[0].key} was not solved: {unsolved[0].reason}")
    return Timed(ready - began, episodes / (ends[-1] - ready))


async def asked_ms(case: str, link_to: LinkTo) -> list[float]:
    """Milliseconds from asking for the screen to having it, with its pixels."""
    suite, choice = CASES[case]
    stage = worker_for(suite, choice, link_to=link_to)
    await stage.environment.reset(await stage.begin(Key(task=choice.tasks[0])))
    spent: list[float] = []
    for _ in range(ASKED):
        began = time.perf_counter()
        await (stage.environment.observe() if case == "miniwob" else stage.environment.sensitive_boxes())
        spent.append((time.perf_counter() - began) * 1000)
    await stage.close()
    return spent


def told(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def compare(sides: Mapping[str, tuple[int, LinkTo]], rounds: int, episodes: int) -> None:
    """Every side once in each round, so that all of them have the same neighbours."""
    table = Table("episodes a second: median (range)", *sides, "times the first: median (range)", "start, s")
    for case in CASES:
        found: dict[str, list[Timed]] = {side: [] for side in sides}
        for _ in range(rounds):
            for side, (workers, link_to) in sides.items():
                found[side].append(asyncio.run(timed(case, episodes, workers, link_to)))
        first, *others = ([one.rate for one in timings] for timings in found.values())
        ratios = [told([rate / base for rate, base in zip(other, first, strict=True)]) for other in others]
        starts = [f"{statistics.median(one.start_s for one in timings):.1f}" for timings in found.values()]
        rates = [told([one.rate for one in timings]) for timings in found.values()]
        table.add_row(case, *rates, ", ".join(ratios), ", ".join(starts))
    Console(width=180).print(table)


def compare_requests(links: Mapping[str, LinkTo], rounds: int) -> None:
    """What the line costs: an answer without a picture, and one with it."""
    table = Table("ms a request: median (range of rounds)", *links)
    for case, what in (("wait", "a few words"), ("miniwob", "a screenshot of MiniWoB++")):
        found: dict[str, list[float]] = {name: [] for name in links}
        for _ in range(rounds):
            for name, link_to in links.items():
                found[name].append(statistics.median(asyncio.run(asked_ms(case, link_to))))
        table.add_row(what, *(told(spent) for spent in found.values()))
    Console(width=180).print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time workers of a benchmark.")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--episodes", type=int, default=20)
    parser.add_argument("--ray", action="store_true", help="beside the same in a Ray started for it")
    given = parser.parse_args()
    sides: dict[str, tuple[int, LinkTo]] = {
        "1 worker": (1, ProcessLink),
        f"{given.workers} workers": (given.workers, ProcessLink),
    }
    with _ray(given.workers) if given.ray else nullcontext() as in_ray:
        if in_ray is not None:
            sides[f"{given.workers} in Ray"] = (given.workers, in_ray)
        compare(sides, given.rounds, given.episodes)
        if in_ray is not None:
            compare_requests({"a process": ProcessLink, "an actor": in_ray}, given.rounds)


def _ray(workers: int) -> AbstractContextManager[LinkTo]:
    from ..benchmarks.worker.on_ray import cluster

    return cluster("local", workers=workers, cpus=1.0)


if __name__ == "__main__":
    main()
