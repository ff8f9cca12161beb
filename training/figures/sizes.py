"""The sizes of clickwright/mini side by side: what each learns in the same minutes, and what an action takes with it.

    python -m clickwright.training.figures.sizes --data out/data --out out/sizes [--minutes 60]

Each begins with nothing and learns the concepts alone, by the clock, on a machine that is quiet otherwise; within
twenty minutes of two CPU cores none of them points yet. Runs that were made elsewhere, such as on a GPU by
`training.mini --recipe concepts --size SIZE`, are taken as they are. An action is a click on a page of 1288 x 728,
asked of the real policy, every time on another picture.
"""

# The keyword arguments of matplotlib have no types.
# pyright: reportUnknownMemberType=false

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from rich.console import Console
from rich.table import Table

from ...policies import load_policy
from ...screen import Screenshot
from ..mini.sizes import SIZES
from .curve import SHARES, as_shares

ASKED, REPORTS = 9, 4
COLOURS = dict(zip(SIZES, ("#9ec5fe", "#4c8dff", "#0b3d91"), strict=True))
SHOWN = {name: SHARES[name] for name in ("small", "medium")}
Rows = Sequence[dict[str, Any]]


def learned(size: str, data: Path, out: Path, minutes: float) -> Rows:
    """What a run of this size tells while it learns; one that has a checkpoint already is over."""
    if (out / "checkpoint").exists():
        return _told(out)
    options = ("--recipe", "concepts", "--minutes", str(minutes), "--report", str(minutes * 60 / REPORTS))
    command = (sys.executable, "-m", "clickwright.training.mini", "--data", str(data), "--out", str(out))
    subprocess.run((*command, "--size", size, *options), check=True)
    return _told(out)


def _told(out: Path) -> Rows:
    return [json.loads(line) for line in (out / "log.jsonl").read_text("utf-8").splitlines()]


def action_ms(checkpoint: Path) -> float:
    """The median of some clicks, each on a picture that was never shown; the first is left out."""
    policy, random = load_policy(str(checkpoint), profile="mini", device="cpu"), np.random.default_rng(0)
    policy.doubt = None  # one look each: how sure they are differs
    found: list[float] = []
    for _ in range(ASKED):
        pixels = random.integers(0, 256, (728, 1288, 3), np.uint8)
        began = time.perf_counter()
        policy.ground(Screenshot(pixels=pixels), "the green button")
        found.append(1000 * (time.perf_counter() - began))
    return statistics.median(found[1:])


def share(row: dict[str, Any], window: str) -> float | None:
    """Of the concepts pointed at in such windows, those that were hit; None where nobody looked."""
    return row.get(window, {}).get("a")


def draw(found: dict[str, Rows], out: Path) -> None:
    """Shares against minutes, a line for each size."""
    figure, panels = plt.subplots(1, len(SHOWN), figsize=(9, 3.6), dpi=130, layout="constrained", sharey=True)
    for axes, (window, title) in zip(panels, SHOWN.items(), strict=True):
        for size, rows in found.items():
            points = [(row["s"] / 60, hit) for row in rows if (hit := share(row, window)) is not None]
            axes.plot(*zip(*points, strict=True), color=COLOURS[size], marker="o", markersize=3, label=size)
        axes.set(title=title, xlabel="minutes of training")
        as_shares(axes)
    panels[0].set(ylabel="concepts pointed at")
    panels[0].legend(frameon=False, fontsize=8, loc="upper left")
    figure.savefig(out)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Compare the sizes of clickwright/mini.")
    parser.add_argument("--data", type=Path, required=True, help="a folder that training.prepare wrote")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60.0, help="for each")
    given = parser.parse_args()
    found = {size: learned(size, given.data, given.out / size, given.minutes) for size in SIZES}
    table = Table("size", "parameters", "steps", *(f"hit in {title}" for title in SHOWN.values()), "an action, ms")
    for size, rows in found.items():
        checkpoint = given.out / size / "checkpoint"
        millions = sum(file.stat().st_size for file in checkpoint.glob("*.safetensors")) / 2e6
        hits = (share(rows[-1], window) for window in SHOWN)
        told = ("" if hit is None else f"{hit:.0%}" for hit in hits)
        table.add_row(size, f"{millions:.1f} M", str(rows[-1]["step"]), *told, f"{action_ms(checkpoint):.0f}")
    Console(width=140).print(table)
    draw(found, given.out / "sizes.png")


if __name__ == "__main__":
    main()
