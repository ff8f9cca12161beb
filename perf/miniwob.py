"""MiniWoB++ episodes a second, beside BrowserGym on the same pages, seeds and actions; what a thousand leave behind.

    python -m clickwright.perf.miniwob [--browsergym-python PATH] [--tasks N] [--seeds N]
    python -m clickwright.perf.miniwob --soak 1000

An oracle finds the actions that solve each task; they are then done again, by turns in each of the sides: a reset and
all actions, each with a screenshot, one worker. Sides: our environment on a page that is kept, the same on a page that
is loaded for each episode, the benchmark runner (a worker process, the agent's whole loop, the journal), and
BrowserGym with its delays off and without the DOM and accessibility tree that it makes by default. BrowserGym needs
another Playwright than ours, so that it runs in an interpreter of its own, which `clickwright setup browsergym` makes.
Left out are tasks that BrowserGym has not, and those that need a native list, for which it has no action at a place.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from ..benchmarks.players import make_player
from ..benchmarks.row import Key
from ..benchmarks.runner.episode import Rules, play
from ..benchmarks.suite import Choice
from ..benchmarks.suites.browsergym import task_names as browsergym_names
from ..benchmarks.worker.remote import RemoteStage, worker_for
from ..environments import Chromium, MiniWobEnvironment
from ..environments.browsergym.calls import calls
from ..environments.miniwob.environment import episode_url
from ..environments.miniwob.pages import PageServer, task_names
from ..environments.miniwob.solve import solve
from ..errors import ActionFailed, EnvironmentLost
from ..options.model import MINI, Chosen
from ..screen import Point
from ..tools import Action, Click, Drag, Hover, Scroll, Task
from .miniwob_soak import soak

PEER = Path(__file__).parent / "miniwob_browsergym.py"
PEER_SCALE = 1.5
"""Of BrowserGym's screenshots of MiniWoB++."""
SOAKED = ("click-test", "click-button", "click-link", "click-dialog", "focus-text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """An episode and the actions that solve it."""

    task: str
    seed: int
    """BrowserGym's, which draws the one of the page from it."""
    actions: tuple[Action, ...]
    lines: tuple[str, ...] = ()
    """The same in the calls of BrowserGym."""

    @property
    def page_seed(self) -> int:
        """The seed of the page (browsergym/miniwob/base.py)."""
        return page_seed(self.seed)


@dataclass(slots=True, kw_only=True)
class Side:
    """Seconds of each episode, and how many were solved."""

    seconds: list[float] = field(default_factory=list[float])
    solved: int = 0

    def add(self, seconds: float, is_solved: bool) -> None:
        self.seconds.append(seconds)
        self.solved += is_solved


async def solutions(environment: MiniWobEnvironment, tasks: Sequence[str], seeds: Sequence[int]) -> list[Solved]:
    """What an oracle did for each that it solves, and that BrowserGym has actions for."""
    found: list[Solved] = []
    for name in track(tasks, "solving"):
        for seed in seeds:
            environment.name = name
            try:
                actions = await solve(environment, page_seed(seed))
                lines = tuple(calls(_enlarged(action)) for action in actions or ())
            except (ActionFailed, EnvironmentLost):
                continue
            if actions is not None:
                found.append(Solved(task=name, seed=seed, actions=actions, lines=lines))
    return found


def page_seed(seed: int) -> int:
    """What BrowserGym begins a page with, for this seed."""
    return int(np.random.RandomState(seed).randint(0, 1_000_000))


def _enlarged(action: Action) -> Action:
    """The same in pixels of BrowserGym's screenshot."""
    match action:
        case Drag():
            path = tuple(point.scale(PEER_SCALE, PEER_SCALE) for point in action.path)
            return action.model_copy(update={"path": path})
        case Scroll():
            return action.model_copy(update={"point": _scaled(action.point), "dy": action.dy * PEER_SCALE})
        case Click() | Hover():
            return action.model_copy(update={"point": _scaled(action.point)})
        case _:
            return action


def _scaled(point: Point) -> Point:
    return point.scale(PEER_SCALE, PEER_SCALE)


async def ours(environment: MiniWobEnvironment, one: Solved) -> tuple[float, bool]:
    """The seconds of one episode in our environment, and whether it was solved."""
    began = time.perf_counter()
    await environment.reset(Task(goal="solve it", start_url=episode_url(one.task, one.page_seed)))
    for action in one.actions:
        if environment.episode.done:
            break
        await environment.step(action)
    return time.perf_counter() - began, environment.episode.success


class Runner:
    """The same by the benchmark's own worker and the agent's loop; the oracle thinks on its own time."""

    def __init__(self, folder: Path) -> None:
        self._stage: RemoteStage = worker_for("miniwob", Choice())
        self._policy = make_player("oracle", Chosen(model=MINI)).at(self._stage)
        self._rules = Rules(folder=folder, is_limited=False)

    async def episode(self, one: Solved) -> tuple[float, bool]:
        row = await play(self._stage, self._policy, Key(task=one.task, seed=one.page_seed), self._rules)
        return row.seconds["total"] - row.seconds.get("decide", 0.0), row.success is True

    async def close(self) -> None:
        await self._stage.close()


class Peer:
    """BrowserGym's process, which is asked for one episode after another."""

    def __init__(self, python: Path, pages: str) -> None:
        # -I: this folder has a `browsergym` too.
        command = [str(python), "-I", str(PEER), pages]
        browsers = python.parent.parent / "browsers"
        known = {**os.environ, **({"PLAYWRIGHT_BROWSERS_PATH": str(browsers)} if browsers.is_dir() else {})}
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=known)

    def episode(self, one: Solved) -> tuple[float, bool]:
        writes, reads = _open(self._process.stdin), _open(self._process.stdout)
        writes.write(json.dumps({"task": one.task, "seed": one.seed, "calls": one.lines}) + "\n")
        writes.flush()
        line = reads.readline()
        if not line:
            raise SystemExit("BrowserGym ended; what it said stands above")
        told = json.loads(line)
        return told["seconds"], told["solved"]

    def close(self) -> None:
        _open(self._process.stdin).close()
        self._process.wait(30)


def _open(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


async def compare(tasks: Sequence[str], seeds: Sequence[int], python: Path | None, out: Path) -> Mapping[str, Side]:
    """Each episode in every side, one after another, so that all of them have the same neighbours."""
    sides = {name: Side() for name in ("kept page", "fresh page", "runner", *(["BrowserGym"] if python else []))}
    server = PageServer()
    peer = None if python is None else Peer(python, server.url("").removesuffix(".html"))
    runner = Runner(out)
    async with Chromium() as chromium:
        kept, fresh = (MiniWobEnvironment(chromium=chromium, fresh_page=each) for each in (False, True))
        found = await solutions(kept, tasks, seeds)
        for one in found[:2]:  # what is slow the first time only is not counted
            await ours(fresh, one)
            await runner.episode(one)
        for one in track(found, "episodes"):
            sides["kept page"].add(*await ours(kept, one))
            sides["fresh page"].add(*await ours(fresh, one))
            sides["runner"].add(*await runner.episode(one))
            if peer is not None:
                sides["BrowserGym"].add(*await asyncio.to_thread(peer.episode, one))
        await kept.close()
        await fresh.close()
    await runner.close()
    if peer is not None:
        peer.close()
    server.close()
    return sides


def show(sides: Mapping[str, Side]) -> None:
    """Episodes a second over all, and how many times as quick as BrowserGym: over all, and at the median episode."""
    peer = sides.get("BrowserGym")
    table = Table(
        "side", "episodes", "solved", "episodes a second", "median, ms", *(["times", "median times"] if peer else [])
    )
    for name, side in sides.items():
        row = [name, str(len(side.seconds)), str(side.solved), f"{len(side.seconds) / sum(side.seconds):.2f}"]
        row.append(f"{1000 * statistics.median(side.seconds):.0f}")
        if peer is not None:
            ratios = [other / own for own, other in zip(side.seconds, peer.seconds, strict=True)]
            row += [f"{sum(peer.seconds) / sum(side.seconds):.1f}", f"{statistics.median(ratios):.1f}"]
        table.add_row(*row)
    Console(width=120).print(table)


async def soaked(environment: MiniWobEnvironment, name: str, seed: int) -> None:
    """One episode of the soak."""
    environment.name = name
    await solve(environment, seed)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Time MiniWoB++ episodes, here and in BrowserGym.")
    parser.add_argument("--tasks", type=int, default=None, help="only so many, spread over all")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--browsergym-python", type=Path, help="the interpreter of `clickwright setup browsergym`")
    parser.add_argument("--out", type=Path, default=Path("bench/perf"), help="where the runner keeps its folders")
    parser.add_argument("--soak", type=int, metavar="N", help="instead, what N episodes in a row leave behind")
    given = parser.parse_args()
    if given.soak:
        asyncio.run(soak(given.soak, soaked, SOAKED))
        return
    python = given.browsergym_python
    every = task_names() if python is None else browsergym_names(str(python), "miniwob")
    tasks = every if given.tasks is None else every[:: max(1, len(every) // given.tasks)][: given.tasks]
    show(asyncio.run(compare(tasks, range(1, given.seeds + 1), python, given.out)))


if __name__ == "__main__":
    main()
