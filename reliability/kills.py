"""Runs that are killed again and again: is anything lost, is anything done twice, is every doubt told?

    python -m clickwright.reliability.kills [--points 500] [--world blind] [--beside 1]

One world can be asked: its screen tells what was done. The other looks the same whatever was done in it. See `killed`
for what is killed, and when.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from .figure import Figure
from .killed import PRESSES

WORLDS = ("asked", "blind")
SIDE_BY_SIDE = 2
MOST_S = 300.0
POINT_S = 6.0
"""What a point may take beside `MOST_S`; on a quiet core it is one."""
NIGHTLY, USUAL = 500, 100


def killed(kind: str, folder: Path, points: int, beside: int = SIDE_BY_SIDE) -> list[dict[str, Any]]:
    """What became of the runs that were killed at so many points, so many at a time. Raises AssertionError where
    killing them failed."""
    command = [sys.executable, "-m", f"{__package__}.killed", kind, str(folder)]
    started: list[subprocess.Popen[str]] = []
    with ExitStack() as ends:
        for first in range(beside):
            numbers = map(str, (first, points, beside))
            process = subprocess.Popen([*command, *numbers], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            started.append(ends.enter_context(process))
            ends.callback(process.kill)
        said = [process.communicate(timeout=MOST_S + POINT_S * points / beside) for process in started]
    if any(process.returncode for process in started):
        raise AssertionError("\n".join(errors for _, errors in said))
    return [json.loads(line) for output, _ in said for line in output.splitlines()]


def lost(run: dict[str, Any]) -> int:
    return PRESSES - len(_asked_for(run))


def doubled(run: dict[str, Any]) -> int:
    return len(run["log"]) - len(_asked_for(run))


def _asked_for(run: dict[str, Any]) -> set[str]:
    return {str(n) for n in range(PRESSES)} & set(run["log"])


def has_ended(run: dict[str, Any]) -> bool:
    """Whether it came to its end, with steps that are numbered without a gap."""
    return run["exit"] == 0 and not run["gaps"]


def in_doubt(run: dict[str, Any]) -> tuple[int, int]:
    """Of so many actions that were begun and not ended when it was killed, so many are told as being in doubt."""
    return sum(effect == "in_doubt" for effect in run["effects"].values()), len(run["doubtful"])


def figures(nightly: bool) -> list[Figure]:
    """What was lost, doubled and told in both worlds."""
    points = NIGHTLY if nightly else USUAL
    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as name:
        for kind in WORLDS:
            found += _of_world(kind, killed(kind, Path(name, kind), points))
    return found


def _of_world(kind: str, runs: list[dict[str, Any]]) -> list[Figure]:
    world = "a world that can be asked" if kind == "asked" else "a blind world"
    kills, ended = sum(run["kills"] for run in runs), sum(map(has_ended, runs))
    gone, twice = sum(map(lost, runs)), sum(map(doubled, runs))
    told, doubtful = (sum(counts) for counts in zip(*map(in_doubt, runs), strict=True))
    figures = [
        Figure(
            name=f"{world}: runs ended of {len(runs)} killed {kills} times",
            found=str(ended),
            bar="all",
            holds=ended == len(runs),
        ),
        Figure(name="actions lost", found=str(gone), bar="0", holds=gone == 0),
        Figure(name="actions done twice", found=str(twice), bar="0", holds=twice == 0),
    ]
    if kind == "asked":
        return figures
    doubts = Figure(
        name=f"told as in doubt, of {doubtful} begun and not ended", found=str(told), bar="all", holds=told == doubtful
    )
    return [*figures, doubts]


def main(points: int, worlds: Sequence[str], beside: int) -> None:
    for kind in worlds:
        with tempfile.TemporaryDirectory() as name:
            began = time.monotonic()
            runs = killed(kind, Path(name), points, beside)
        for figure in _of_world(kind, runs):
            print(f"{figure.name}: {figure.found} (must be {figure.bar})")
        print(f"the user was asked in {sum(run['held'] > 0 for run in runs)} runs; {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Kill runs and see whether anything is lost or done twice.")
    parser.add_argument("--points", type=int, default=USUAL)
    parser.add_argument("--world", choices=WORLDS, action="append", help="only this one")
    parser.add_argument("--beside", type=int, default=SIDE_BY_SIDE, help="how many runs at a time")
    given = parser.parse_args()
    main(given.points, given.world or WORLDS, given.beside)
