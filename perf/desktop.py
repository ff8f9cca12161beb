"""A screen of 1920 x 1080 under Xvfb: the picture as an RGB array in four ways, and what a step adds to an action.

    python -m clickwright.perf.desktop [--runs 60]

The ways take turns in one run, after one round that is not counted, and must give the same pixels: ours (mss, BGRA made
RGB by OpenCV), mss with its own RGB bytes, mss with Pillow, and mss through a PNG, as agents do that pass screenshots
as files. A step is a key or a click in an editor, or a click on the empty desktop, where an answer is waited for in
vain; it ends with the picture that stands still.
"""

import argparse
import asyncio
import io
import shutil
import statistics
import time
from collections.abc import Callable

import mss
import mss.tools
import numpy as np
from PIL import Image
from rich.console import Console
from rich.table import Table

from ..environments import DesktopEnvironment
from ..environments.desktop.capture import Capture
from ..screen import Pixels, Point, Size
from ..tools import Action, Click, Press, Task

SCREEN, STEP_SCREEN = Size(1920, 1080), Size(1280, 720)
TASK = Task(goal="measure")


def ways(display: str) -> dict[str, Callable[[], Pixels]]:
    capture, grabber = Capture(display), mss.MSS(display=display)
    area, place = capture.monitors()[0].area, grabber.monitors[0]
    shape = (SCREEN.height, SCREEN.width, 3)

    def own_rgb() -> Pixels:
        return np.frombuffer(grabber.grab(place).rgb, np.uint8).reshape(shape)

    def pillow() -> Pixels:
        shot = grabber.grab(place)
        return np.asarray(Image.frombytes("RGB", shot.size, bytes(shot.bgra), "raw", "BGRX"))

    def png() -> Pixels:
        shot = grabber.grab(place)
        file = mss.tools.to_png(shot.rgb, shot.size)
        return np.asarray(Image.open(io.BytesIO(file or b"")).convert("RGB"))

    return {"clickwright": lambda: capture.grab(area), "mss, .rgb": own_rgb, "mss, Pillow": pillow, "mss, PNG": png}


def captures(display: str, runs: int) -> dict[str, list[float]]:
    known = ways(display)
    require_equal(known)
    found: dict[str, list[float]] = {name: [] for name in known}
    for _ in range(runs):
        for name, take in known.items():
            began = time.perf_counter()
            take()
            found[name].append(time.perf_counter() - began)
    return found


def require_equal(known: dict[str, Callable[[], Pixels]]) -> None:
    """The caret of the editor may blink between two pictures, but not each time."""
    for _ in range(20):
        first, *others = [take() for take in known.values()]
        if all(np.array_equal(first, other) for other in others):
            return
    raise SystemExit("the ways gave different pixels, so their times cannot be compared")


async def steps(environment: DesktopEnvironment, runs: int, actions: dict[str, Action]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for name, action in actions.items():
        for run in range(runs + 1):
            began = time.perf_counter()
            await environment.step(action)
            if run:
                found.setdefault(name, []).append(time.perf_counter() - began)
    return found


async def measure(runs: int) -> dict[str, dict[str, list[float]]]:
    editor = shutil.which("mousepad")
    if editor is None:
        raise SystemExit("this needs an editor to click into: apt install mousepad")
    large, usual = (DesktopEnvironment([editor], virtual_display=size) for size in (SCREEN, STEP_SCREEN))
    try:
        await large.reset(TASK)
        taken = await asyncio.to_thread(captures, large.virtual_display.name if large.virtual_display else "", runs)
        await large.close()
        shown = await usual.reset(TASK)
        window = shown.windows[0].box
        actions: dict[str, Action] = {
            "key that writes a letter": Press(keys=("a",)),
            "click that opens or closes a menu": Click(point=Point(window.x1 + 25, window.y1 + 12)),
            "click that changes nothing": Click(point=Point(5, 500)),
        }
        acted = await steps(usual, runs // 3, actions)
    finally:
        await large.close()
        await usual.close()
    return {"screen to an RGB array, 1920 x 1080": taken, "step with the picture after it, 1280 x 720": acted}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure pictures and steps of a desktop under Xvfb.")
    parser.add_argument("--runs", type=int, default=60)
    found = asyncio.run(measure(parser.parse_args().runs))
    for title, rows in found.items():
        table = Table(title, "ms, median", "least to most", "runs")
        for name, seconds in rows.items():
            ms = [1000 * one for one in seconds]
            table.add_row(name, f"{statistics.median(ms):.1f}", f"{min(ms):.1f} to {max(ms):.1f}", str(len(ms)))
        Console(width=120).print(table)


if __name__ == "__main__":
    main()
