"""A click beside other programs: the seconds that it takes alone, and while as many processes as cores never rest.

    python -m clickwright.perf.busy [--clicks 7] [--limit 120]

Threads of GNU OpenMP spin while they wait for one another. On a busy machine the one that is waited for may be waiting
for the core on which another spins: `clickwright/__init__.py` keeps the spinning short. Each way is a process of its
own, since the length is read when torch loads. What does not end within the limit is told as that.
"""

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Generator

import numpy as np
from rich.console import Console
from rich.table import Table

from ..policies import load_policy
from ..screen import Observation, Screenshot
from ..tools import Task

WAYS = {"clickwright": {}, "libgomp, unless told": {"GOMP_SPINCOUNT": "300000"}}
"""What the environment says of it: nothing, so that the package does, or what is libgomp's own where nobody does."""


def click_s(clicks: int) -> float:
    """The median seconds of a decision of clickwright/mini about a picture that it does not know."""
    policy, random, took = load_policy("clickwright/mini"), np.random.default_rng(0), list[float]()
    for _ in range(clicks):
        pixels = random.integers(0, 255, (728, 1288, 3), dtype=np.uint8)
        policy.reset(Task(goal="Click the red star."))
        began = time.monotonic()
        policy.act(Observation(screenshot=Screenshot(pixels=pixels)), ())
        took.append(time.monotonic() - began)
    return statistics.median(took)


@contextlib.contextmanager
def busy(count: int) -> Generator[None]:
    """So many processes that never rest."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def in_own_process(says: dict[str, str], clicks: int, limit_s: float) -> float | None:
    """`click_s` where the environment says this of the spinning; None where that took longer than the limit."""
    others = {name: value for name, value in os.environ.items() if name not in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")}
    command = [sys.executable, "-m", "clickwright.perf.busy", "--clicks", str(clicks), "--here"]
    try:
        done = subprocess.run(
            command,
            env=others | says,
            timeout=limit_s,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    except subprocess.TimeoutExpired:
        return None
    return float(done.stdout)


def main() -> None:
    """Print the table, the ways by turns, or with --here the one figure of this process."""
    parser = argparse.ArgumentParser(description="Measure clicks of clickwright/mini on a busy machine.")
    parser.add_argument("--clicks", type=int, default=7)
    parser.add_argument("--limit", type=float, default=120, help="seconds that all clicks of one way may take")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.here:
        print(click_s(given.clicks))
        return
    cores = len(os.sched_getaffinity(0))
    table = Table("threads spin as told by", "alone, s", f"beside {cores} that never rest, s")
    for name, says in WAYS.items():
        alone = in_own_process(says, given.clicks, given.limit)
        with busy(cores):
            beside = in_own_process(says, given.clicks, given.limit)
        late = f"{given.clicks} clicks not done in {given.limit:g}"
        told = (late if one is None else f"{one:.2f}" for one in (alone, beside))
        table.add_row(name, *told)
    Console().print(table)


if __name__ == "__main__":
    main()
