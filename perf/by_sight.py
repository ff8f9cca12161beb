"""What a browser costs an agent that is driven by sight alone, through Playwright's public API.

    python -m clickwright.perf.by_sight [--browser firefox] [--browser chromium] [--runs 40]

The same page and the same steps as in `clickwright.perf.browser`, to be compared with its figures: screenshots as
arrays of RGB, and a step of a click, settling and the pictures after it.
"""

import argparse
import asyncio
import os
import platform
from collections.abc import Sequence

import numpy as np
from rich.console import Console
from rich.table import Table

from ..environments.browser.capture import taken
from ..environments.browser.settle import settle
from ..environments.playwright_api.environment import PlaywrightEnvironment, picture
from ..environments.playwright_api.program import NAMES, Kind
from ..reliability.faults.site import BadSite
from ..screen import Size
from ..tools import Task
from .browser import CHANGES, CHANGES_NOTHING, KINDS, PAGE, SIZES, STEP_SIZE, Work, in_turns, table


async def screenshots(kind: Kind, url: str, size: Size, runs: int) -> Table:
    environment = PlaywrightEnvironment(url, browser=kind, viewport=size)
    await environment.reset(Task(goal="measure"))
    page = environment.window.active

    async def ours() -> np.ndarray:
        return (await taken(page, lambda: picture(page.page), 1.0)).pixels

    found = await in_turns({NAMES[kind]: ours}, runs)
    await environment.close()
    return table(f"screenshot of {KINDS[url.partition('?')[2]]} to RGB, {size.width} x {size.height}", found)


async def steps(kind: Kind, url: str, runs: int) -> Table:
    environment = PlaywrightEnvironment(url, browser=kind, viewport=STEP_SIZE)
    await environment.reset(Task(goal="measure"))
    page = environment.window.active.page
    works: dict[str, Work] = {
        "step: a click that changes the page": lambda: environment.step(CHANGES),
        "step: a click that changes nothing": lambda: environment.step(CHANGES_NOTHING),
        "look without an action": environment.observe,
        "in a step: click": lambda: page.mouse.click(CHANGES.point.x, CHANGES.point.y),
        "in a step: settling once": lambda: settle(environment.window, navigation_s=5),
        "in a step: one screenshot": lambda: picture(page),
    }
    found = await in_turns(works, runs)
    await environment.close()
    return table(f"{NAMES[kind]} without a model, {STEP_SIZE.width} x {STEP_SIZE.height}", found)


async def main(kinds: Sequence[Kind], runs: int) -> None:
    console = Console(width=120)
    async with BadSite() as site:
        url = site.put(PAGE, "/page")
        for kind in kinds:
            for size in SIZES:
                for shown in KINDS:
                    console.print(await screenshots(kind, f"{url}?{shown}" if shown else url, size, runs))
            console.print(await steps(kind, url, runs))
    print(f"{runs} runs, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Time what a browser that is driven by sight costs an agent.")
    parser.add_argument("--browser", action="append", choices=list(NAMES))
    parser.add_argument("--runs", type=int, default=40)
    given = parser.parse_args()
    asyncio.run(main(given.browser or ["firefox", "chromium"], given.runs))
