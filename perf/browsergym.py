"""What the border to BrowserGym's process costs: its MiniWoB++ in its own process, and through our adapter.

    python -m clickwright.perf.browsergym PYTHON [--steps 15] [--resets 2]

PYTHON is what `clickwright setup browsergym FOLDER` prints. Both take the same steps (a click on nothing) with
BrowserGym's delays off, in turns; the second line of the table adds only the pipes, the pixels through them and the
form of our observation.
"""

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from ..environments.browsergym.calls import SUBSETS
from ..environments.browsergym.environment import BrowserGymEnvironment
from ..screen import Point
from ..tools import Click, Task

TASK = "browsergym/miniwob.click-test"
SETTINGS: dict[str, Any] = {"slow_mo": 0, "pre_observation_delay": 0}
OWN = """
import json, sys, time
import gymnasium, browsergym.miniwob
from browsergym.core.action.highlevel import HighLevelActionSet
task, subsets, settings, resets, steps = json.loads(sys.argv[1])
actions = HighLevelActionSet(subsets=subsets, strict=True, multiaction=True, demo_mode="off")
env = gymnasium.make(task, action_mapping=actions.to_python_code, disable_env_checker=True, **settings)
told = [[], []]
for _ in range(resets):
    began = time.perf_counter(); env.reset(seed=3); told[0].append(time.perf_counter() - began)
for _ in range(steps):
    began = time.perf_counter(); env.step("mouse_click(5, 5, 'left')"); told[1].append(time.perf_counter() - began)
env.close()
print(json.dumps(told))
"""
Seconds = tuple[list[float], list[float]]


def own(python: str, resets: int, steps: int) -> Seconds:
    """BrowserGym in its own process."""
    home = Path(python).parent.parent
    pages = next(home.glob("lib/*/site-packages/miniwob/html/miniwob"))
    environment = os.environ | {"PLAYWRIGHT_BROWSERS_PATH": str(home / "browsers"), "MINIWOB_URL": f"{pages.as_uri()}/"}
    environment.pop("PYTHONPATH", None)
    asked = json.dumps([TASK, SUBSETS, SETTINGS, resets, steps])
    done = subprocess.run([python, "-c", OWN, asked], capture_output=True, text=True, env=environment, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return told[0], told[1]


async def ours(python: str, resets: int, steps: int) -> Seconds:
    """The same through the adapter. The first reset starts the process too and is left out."""
    environment = BrowserGymEnvironment(TASK, python=python, seed=3, settings=SETTINGS)
    told: Seconds = ([], [])
    await environment.reset(Task(goal="none"))
    for _ in range(resets):
        began = time.perf_counter()
        await environment.reset(Task(goal="none"))
        told[0].append(time.perf_counter() - began)
    for _ in range(steps):
        began = time.perf_counter()
        await environment.step(Click(point=Point(5, 5)))
        told[1].append(time.perf_counter() - began)
    await environment.close()
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("python")
    parser.add_argument("--steps", type=int, default=15)
    parser.add_argument("--resets", type=int, default=2)
    options = parser.parse_args()
    rounds: dict[str, Seconds] = {"in its own process": ([], []), "through our adapter": ([], [])}
    for _ in range(2):  # in turns, so that both see the same machine
        for name, told in (
            ("in its own process", own(options.python, options.resets, options.steps)),
            ("through our adapter", asyncio.run(ours(options.python, options.resets, options.steps))),
        ):
            rounds[name][0].extend(told[0])
            rounds[name][1].extend(told[1])
    table = Table(
        "BrowserGym, delays off",
        "reset, median ms",
        "step, median ms",
        "step, fastest ms",
        title=f"{platform.machine()}, {os.cpu_count()} cores",
    )
    for name, (resets, steps) in rounds.items():
        figures = (statistics.median(resets), statistics.median(steps), min(steps))
        table.add_row(name, *(f"{seconds * 1000:.0f}" for seconds in figures))
    Console().print(table)


if __name__ == "__main__":
    main()
