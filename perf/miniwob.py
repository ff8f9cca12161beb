"""MiniWoB++ episodes a second, beside BrowserGym on the same pages and seeds; and what a thousand leave behind.

    python -m clickwright.perf.miniwob [--episodes 100] [--browsergym-python PATH]
    python -m clickwright.perf.miniwob --soak 1000

The policy is scripted: it asks the page where to click, and clicks there with the mouse. An episode is one reset and
one step, each with a screenshot; one worker. A kept page and one that is loaded for each episode are reported apart.
BrowserGym needs another Playwright than ours, so that it runs in an interpreter of its own, with its delays off and
without the DOM and accessibility tree that it makes by default. Where its Playwright has no browser of its own, set
PLAYWRIGHT_BROWSERS_PATH to a folder that has one.
"""

import argparse
import asyncio
import json
import re
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ..environments import Chromium, MiniWobEnvironment
from ..environments.miniwob.environment import episode_url
from ..environments.miniwob.pages import PageServer
from ..screen import Point
from ..tools import Click, Task
from .miniwob_browsergym import PLACES
from .miniwob_soak import soak

PEER = Path(__file__).parent / "miniwob_browsergym.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Seconds of each episode of one task on one side, and how many were solved."""

    seconds: Sequence[float]
    solved: int

    @property
    def per_second(self) -> float:
        return 1 / statistics.median(self.seconds)

    def __str__(self) -> str:
        fastest, slowest = 1 / min(self.seconds), 1 / max(self.seconds)
        return f"{self.per_second:.2f} ({slowest:.2f} to {fastest:.2f}), {self.solved}/{len(self.seconds)}"


async def ours(environment: MiniWobEnvironment, name: str, seeds: Sequence[int]) -> Timed:
    """The episodes of one task, after one that is not counted."""
    seconds: list[float] = []
    solved = 0
    for number, seed in enumerate([0, *seeds]):
        began = time.perf_counter()
        await episode(environment, name, seed)
        if number:
            seconds.append(time.perf_counter() - began)
            solved += environment.episode.success
    return Timed(seconds=seconds, solved=solved)


async def episode(environment: MiniWobEnvironment, name: str, seed: int) -> None:
    await environment.reset(Task(goal="solve it", start_url=episode_url(name, seed)))
    quoted = (re.findall(r'"([^"]*)"', environment.episode.utterance) or [""])[0]
    await environment.step(Click(point=Point(*await environment.run(PLACES[name], quoted))))


def browsergym(python: Path, name: str, seeds: Sequence[int], pages: str) -> Timed:
    """The same episodes in BrowserGym, after one that is not counted. Isolated: this folder has a `browsergym` too."""
    command = [str(python), "-I", str(PEER), name, pages, *map(str, [0, *seeds])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise SystemExit(f"BrowserGym failed:\n{done.stderr[-2000:]}")
    told = json.loads(done.stdout.splitlines()[-1])[1:]
    return Timed(seconds=[one["seconds"] for one in told], solved=sum(one["solved"] for one in told))


async def compare(episodes: int, python: Path | None, peer_episodes: int) -> dict[str, dict[str, Timed]]:
    """Every side of every task, one after another, so that all of them have the same neighbours."""
    found: dict[str, dict[str, Timed]] = {}
    server = PageServer()
    pages = server.url("").removesuffix(".html")
    async with Chromium() as chromium:
        kept, fresh = (MiniWobEnvironment(chromium=chromium, fresh_page=each) for each in (False, True))
        for name in PLACES:
            found[name] = {"kept page": await ours(kept, name, range(1, episodes + 1))}
            found[name]["fresh page"] = await ours(fresh, name, range(1, max(episodes // 2, 3) + 1))
            if python is not None:
                peer = asyncio.to_thread(browsergym, python, name, range(1, peer_episodes + 1), pages)
                found[name]["BrowserGym"] = await peer
        await kept.close()
        await fresh.close()
    server.close()
    return found


def show(found: dict[str, dict[str, Timed]]) -> None:
    sides = list(next(iter(found.values())))
    table = Table(
        "episodes a second: median (range), solved", *sides, *(["times faster, kept", "fresh"] * (len(sides) > 2))
    )
    ratios: list[list[float]] = []
    for name, timed in found.items():
        row = [str(timed[side]) for side in sides]
        if "BrowserGym" in timed:
            ratios.append([timed[side].per_second / timed["BrowserGym"].per_second for side in sides[:2]])
            row += [f"{ratio:.1f}" for ratio in ratios[-1]]
        table.add_row(name, *row)
    if ratios:
        medians = [statistics.median(column) for column in zip(*ratios, strict=True)]
        table.add_row("median", "", "", "", *(f"{ratio:.1f}" for ratio in medians))
    Console(width=160).print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time MiniWoB++ episodes, here and in BrowserGym.")
    parser.add_argument("--episodes", type=int, default=50)
    parser.add_argument(
        "--browsergym-python", type=Path, help="the interpreter of an environment with browsergym-miniwob"
    )
    parser.add_argument("--browsergym-episodes", type=int, default=3)
    parser.add_argument("--soak", type=int, metavar="N", help="instead, what N episodes in a row leave behind")
    given = parser.parse_args()
    if given.soak:
        asyncio.run(soak(given.soak, episode, tuple(PLACES)))
    else:
        show(asyncio.run(compare(given.episodes, given.browsergym_python, given.browsergym_episodes)))


if __name__ == "__main__":
    main()
