"""Many episodes in one browser: does anything grow?

    python -m clickwright.reliability.soak [--episodes 300]

An episode is a reset, a click, typing, a new tab and its end. Printed are what is held after every tenth of them, and
what an episode adds: the slope of a line through all measurements but those of the first fifth.
"""

import argparse
import asyncio
import gc
import os
import tracemalloc

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from ..environments.browser.environment import BrowserEnvironment
from ..environments.browser.launch import Chromium
from ..screen import Point
from ..tools import Click, CloseTab, NewTab, Task, TypeText
from .faults.scene import GO
from .faults.site import BadSite
from .figure import Figure

KB = 1024
PAGE = """<input style='position:fixed; left:0; top:100px; width:200px; height:40px'>
  <script>b.onclick = () => alert(1)</script>"""
FIELD = Click(point=Point(100, 120))


async def episode(environment: BrowserEnvironment, url: str) -> None:
    await environment.reset(Task(goal="soak", start_url=url))
    for action in (GO, FIELD, TypeText(text="hello"), NewTab(url=url), CloseTab()):
        seen = await environment.step(action)
        if seen.error:
            raise SystemExit(f"an episode did not go as it should: {seen.error}")
    await environment.facts(FIELD)


def held() -> dict[str, float]:
    """What this process and all below it hold at this moment, in kB or in numbers."""
    gc.collect()
    own = psutil.Process()
    others = [one for one in own.children(recursive=True) if one.status() != psutil.STATUS_ZOMBIE]
    return {
        "Python's heap, kB": tracemalloc.get_traced_memory()[0] / KB,
        "Python's objects": len(gc.get_objects()),
        "Python, kB": own.memory_full_info().uss / KB,
        "driver and browser, kB": sum(one.memory_full_info().uss for one in others) / KB,
        "open files": own.num_fds() + sum(one.num_fds() for one in others),
        "processes": 1 + len(others),
        "asyncio tasks": len(asyncio.all_tasks()),
    }


async def soak(episodes: int) -> list[tuple[int, dict[str, float]]]:
    """What is held after each twentieth of the episodes."""
    found: list[tuple[int, dict[str, float]]] = []
    every = max(1, episodes // 20)
    async with BadSite() as site, Chromium() as chromium:
        environment = BrowserEnvironment(chromium=chromium)
        url = site.put(PAGE)
        await episode(environment, url)
        tracemalloc.start()
        for number in range(1, episodes + 1):
            await episode(environment, url)
            if number % every == 0:
                found.append((number, held()))
        await environment.close()
    tracemalloc.stop()
    return found


def slopes(found: list[tuple[int, dict[str, float]]]) -> dict[str, float]:
    """What an episode adds of each thing, by a line through all but the first fifth."""
    calm = [(number, values) for number, values in found if number > found[-1][0] / 5]
    numbers = [number for number, _ in calm]
    return {name: float(np.polyfit(numbers, [values[name] for _, values in calm], 1)[0]) for name in found[0][1]}


def figures(nightly: bool) -> list[Figure]:
    """What an episode adds to what this process holds."""
    episodes = 2000 if nightly else 200
    added = slopes(asyncio.run(soak(episodes)))
    heap, files, processes = added["Python's heap, kB"], added["open files"], added["processes"]
    return [
        Figure(name=f"heap that one of {episodes} episodes adds", found=f"{heap:.2f} kB", bar="< 1 kB", holds=heap < 1),
        Figure(name="open files that it adds", found=f"{files:.3f}", bar="0", holds=abs(files) < 0.01),
        Figure(name="processes that it adds", found=f"{processes:.3f}", bar="0", holds=abs(processes) < 0.01),
    ]


def main(episodes: int) -> None:
    found = asyncio.run(soak(episodes))
    added = slopes(found)
    table = Table("after episode", *(str(number) for number, _ in found[1::2]), "an episode adds")
    for name in found[0][1]:
        table.add_row(name, *(f"{values[name]:,.0f}" for _, values in found[1::2]), f"{added[name]:.3f}")
    Console(width=160).print(table)
    left = psutil.Process().children(recursive=True)
    print(f"{episodes} episodes of 5 steps, {os.cpu_count()} cores; processes left: {len(left)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Run many episodes in one browser and see whether anything grows.")
    parser.add_argument("--episodes", type=int, default=300)
    main(parser.parse_args().episodes)
