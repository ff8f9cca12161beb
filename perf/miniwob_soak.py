"""What many MiniWoB++ episodes in a row leave behind: Python's heap, memory of all processes, handles, processes."""

import gc
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import psutil
from rich.console import Console
from rich.table import Table

from ..environments import Chromium, MiniWobEnvironment

WARM_UP = 100
TIMES = 6
"""How often is measured, the beginning included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One moment. `rss_kb` is the sum over this process and all that it started, directly or not."""

    episodes: int
    heap_kb: float
    rss_kb: float
    handles: int
    processes: int


async def soak(
    episodes: int, episode: Callable[[MiniWobEnvironment, str, int], Awaitable[None]], names: tuple[str, ...]
) -> None:
    """Episodes of each task in turn, a stretch of each, on one kept page."""
    stretch = max(episodes // (TIMES - 1), 1)
    measured: list[Measured] = []
    async with Chromium() as chromium:
        environment = MiniWobEnvironment(chromium=chromium)
        for seed in range(WARM_UP):
            await episode(environment, names[seed * len(names) // WARM_UP], seed)
        tracemalloc.start()
        await episode(environment, names[0], 0)
        began = time.perf_counter()
        measured.append(_measure(0))
        for number in range(1, episodes + 1):
            await episode(environment, names[number // stretch % len(names)], number)
            if number % stretch == 0:
                measured.append(_measure(number))
        seconds = time.perf_counter() - began
        tracemalloc.stop()
        await environment.close()
    _show(measured, seconds)


def _measure(episodes: int) -> Measured:
    gc.collect()
    own = psutil.Process()
    family = [own, *own.children(recursive=True)]
    return Measured(
        episodes=episodes,
        heap_kb=tracemalloc.get_traced_memory()[0] / 1024,
        rss_kb=sum(each.memory_info().rss for each in family) / 1024,
        handles=sum(each.num_fds() for each in family),
        processes=len(family),
    )


def _show(measured: list[Measured], seconds: float) -> None:
    table = Table("episodes", "Python heap, KB", "all processes, MB", "open files of all", "processes")
    for one in measured:
        cells = (f"{one.heap_kb:.0f}", f"{one.rss_kb / 1024:.0f}", str(one.handles), str(one.processes))
        table.add_row(f"{one.episodes:,}", *cells)
    first, last = measured[0], measured[-1]
    heap, rss = (
        (after - before) / last.episodes
        for before, after in ((first.heap_kb, last.heap_kb), (first.rss_kb, last.rss_kb))
    )
    table.add_row("growth of one, KB", f"{heap:.3f}", f"{rss:.1f}", "", "")
    console = Console(width=120)
    console.print(table)
    console.print(f"{last.episodes / seconds:.1f} episodes a second")
