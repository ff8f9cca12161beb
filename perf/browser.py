"""What a browser costs an agent beside its model: screenshots, steps, and coming back after a loss.

    python -m clickwright.perf.browser [--runs 40]

Screenshots are compared with Playwright's own, decoded by Pillow, in turns on the same page; their pixels are equal. A
step is a click, settling and a screenshot as an array of RGB; its parts are timed one by one beside it.
"""

import argparse
import asyncio
import io
import os
import platform
import signal
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from itertools import pairwise

import numpy as np
from PIL import Image
from rich.console import Console
from rich.table import Table

from ..environments.browser.actions import do
from ..environments.browser.capture import capture, decode, picture
from ..environments.browser.environment import BrowserEnvironment
from ..environments.browser.launch import Chromium
from ..environments.browser.recovery import LastSeen
from ..environments.browser.settle import settle
from ..errors import EnvironmentLost
from ..reliability.faults.site import BadSite
from ..screen import Point, Size
from ..tools import Click, Task

SIZES = (Size(1288, 728), Size(1920, 1080))
STEP_SIZE = Size(1280, 720)
CHANGES = Click(point=Point(100, 30))
CHANGES_NOTHING = Click(point=Point(700, 30))

# Text and colours, on a page like many; with `?noise` also a picture of noise, which no PNG makes small.
PAGE = """<style>body { font: 15px sans-serif } #b { position: fixed; z-index: 1 }
  div { float: left; width: 220px; height: 90px; margin: 6px; padding: 8px; border-radius: 8px;
    overflow: hidden } canvas { position: fixed; right: 0; bottom: 0 }</style>
<canvas id=c width=320 height=240 hidden></canvas><script>
  for (let n = 0; n < 60; n++) document.body.insertAdjacentHTML("beforeend", `<div style="background:
    linear-gradient(hsl(${n * 37}, 60%, 80%), white)"><b>Offer ${n}</b><br>${"words of some length ".repeat(7)}</div>`);
  const pen = c.getContext("2d"), noise = pen.createImageData(320, 240);
  let seed = 1;
  noise.data.forEach((_, at) => noise.data[at] = at % 4 == 3 ? 255 : (seed = seed * 16807 % 2147483647) & 255);
  pen.putImageData(noise, 0, 0);
  c.hidden = location.search != "?noise";
  if (location.search == "?plain") document.querySelectorAll("div").forEach((one) => one.style.background = "white");
  let clicks = 0;
  b.onclick = () => { b.textContent = ++clicks; document.body.style.background = `hsl(${clicks * 40}, 40%, 95%)`; };
</script>"""
KINDS = {"plain": "text", "": "text on sixty gradients", "noise": "the same and noise"}
"""What follows the question mark, and what the page then holds."""

Work = Callable[[], Awaitable[object]]


async def in_turns(works: Mapping[str, Work], runs: int) -> dict[str, list[float]]:
    """Milliseconds of each, one after another, after two rounds that do not count."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs + 2):
        for name, work in works.items():
            began = time.perf_counter()
            await work()
            found[name].append((time.perf_counter() - began) * 1000)
    return {name: times[2:] for name, times in found.items()}


def table(title: str, found: Mapping[str, list[float]]) -> Table:
    made = Table(title, "median, ms", "least", "nine of ten within")
    for name, times in found.items():
        tenth = statistics.quantiles(times, n=10)[-1]
        made.add_row(name, f"{statistics.median(times):.1f}", f"{min(times):.1f}", f"{tenth:.1f}")
    return made


async def screenshots(chromium: Chromium, url: str, size: Size, runs: int) -> Table:
    environment = BrowserEnvironment(url, chromium=chromium, viewport=size)
    await environment.reset(Task(goal="measure"))
    page = environment.window.active

    async def ours() -> np.ndarray:
        return (await capture(page, size, 1.0)).pixels

    async def theirs() -> np.ndarray:
        with Image.open(io.BytesIO(await page.page.screenshot())) as picture:
            return np.array(picture.convert("RGB"))

    if not np.array_equal(await ours(), await theirs()):
        raise SystemExit("the two screenshots differ, so their times cannot be compared")
    found = await in_turns({"clickwright": ours, "Playwright and Pillow": theirs}, runs)
    await environment.close()
    return table(f"screenshot of {KINDS[url.partition('?')[2]]} to RGB, {size.width} x {size.height}", found)


async def steps(chromium: Chromium, url: str, runs: int) -> Table:
    environment = BrowserEnvironment(url, chromium=chromium, viewport=STEP_SIZE)
    await environment.reset(Task(goal="measure"))
    works: dict[str, Work] = {
        "step: a click that changes the page": lambda: environment.step(CHANGES),
        "step: a click that changes nothing, looked at twice": lambda: environment.step(CHANGES_NOTHING),
        "look without an action": environment.observe,
        "facts of a click": lambda: environment.facts(CHANGES),
        "sensitive places": environment.sensitive_boxes,
    }
    found = await in_turns(works, runs)
    parts = [await _parts(environment) for _ in range(runs + 2)][2:]
    names = ("click", "settling", "screenshot", "decoding", "hash", "what is kept to come back, beside the screenshot")
    found |= {f"in a step: {name}": list(times) for name, times in zip(names, zip(*parts, strict=True), strict=True)}
    await environment.close()
    return table(f"without a model, {STEP_SIZE.width} x {STEP_SIZE.height}", found)


async def _parts(environment: BrowserEnvironment) -> list[float]:
    """Milliseconds of what a step does, one after another."""
    window, times = environment.window, [time.perf_counter()]
    await do(CHANGES, window, navigation_s=5, frame="")
    times.append(time.perf_counter())
    await settle(window, navigation_s=5)
    times.append(time.perf_counter())
    png = await picture(window.active, STEP_SIZE, 1.0)
    times.append(time.perf_counter())
    shot = decode(png, 1.0)
    times.append(time.perf_counter())
    len(shot.frame)
    times.append(time.perf_counter())
    await LastSeen().now(window)
    times.append(time.perf_counter())
    return [(after - before) * 1000 for before, after in pairwise(times)]


async def recoveries(chromium: Chromium, url: str, runs: int) -> Table:
    """From the loss being known to the page being shown again."""
    environment = BrowserEnvironment(url, chromium=chromium)
    await environment.reset(Task(goal="measure"))

    async def crash() -> None:
        await environment.window.active.page.goto("chrome://crash", wait_until="commit")

    async def close_context() -> None:
        await environment.window.context.close()

    async def kill() -> None:
        if chromium.pid is not None:
            os.kill(chromium.pid, signal.SIGKILL)

    found: dict[str, list[float]] = {}
    losses = {"a crashed page, in a new page": crash, "a context that is gone, in a new one": close_context}
    for name, lose in (losses | {"a killed browser, in a new one": kill}).items():
        found[name] = [await _recovery_ms(environment, lose) for _ in range(runs)]
    await environment.close()
    return table("recovery", found)


async def _recovery_ms(environment: BrowserEnvironment, lose: Callable[[], Awaitable[None]]) -> float:
    losing = asyncio.ensure_future(lose())
    try:
        while True:
            await environment.observe()
    except EnvironmentLost:
        began = time.perf_counter()
        await environment.recover()
        return (time.perf_counter() - began) * 1000
    finally:
        await asyncio.wait({losing})
        losing.exception()


async def main(runs: int) -> None:
    console = Console(width=120)
    async with BadSite() as site, Chromium() as chromium:
        url = site.put(PAGE, "/page")
        for size in SIZES:
            for kind in KINDS:
                address = f"{url}?{kind}" if kind else url
                console.print(await screenshots(chromium, address, size, runs))
        console.print(await steps(chromium, url, runs))
        console.print(await recoveries(chromium, url, max(3, runs // 8)))
    print(f"{runs} runs, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Time what a browser costs an agent beside its model.")
    parser.add_argument("--runs", type=int, default=40)
    asyncio.run(main(parser.parse_args().runs))
