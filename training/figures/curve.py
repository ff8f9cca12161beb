"""Draws how pointing appeared: the logs of training runs, one behind the other, as one picture.

python -m clickwright.training.figures.curve out/a out/b out/c --out docs/training.png
"""

# The keyword arguments of matplotlib have no types.
# pyright: reportUnknownMemberType=false

import argparse
import json
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

SHARES = {"small": "windows of 308 x 168", "medium": "windows of 644 x 364", "large": "whole pages, 1288 x 728"}
INK, GRID = "#1f2328", "#d8dee4"
COLOURS = {"small": "#9ec5fe", "medium": "#4c8dff", "large": "#0b3d91", "read": "#16a34a"}


def draw(rows: list[dict[str, Any]], out: Path) -> None:
    """Shares against minutes of training: pointing at a colour, kind or icon by size of picture, and cells read."""
    figure, axes = plt.subplots(figsize=(9, 4.2), dpi=130, layout="constrained")
    minutes = [float(str(row["s"])) / 60 for row in rows]
    for name, label in SHARES.items():
        points = [(minute, row[name]["a"]) for minute, row in zip(minutes, rows, strict=True) if name in row]
        axes.plot(*zip(*points, strict=True), color=COLOURS[name], marker="o", markersize=3, label=f"points, {label}")
    read = [(minute, row["read"]) for minute, row in zip(minutes, rows, strict=True) if "read" in row]
    axes.plot(*zip(*read, strict=True), color=COLOURS["read"], linewidth=1, label="cells whose kind and name are told")
    axes.set(xlabel="minutes of training on two CPU cores", ylabel="share")
    as_shares(axes)
    axes.legend(frameon=False, fontsize=8, loc="lower right")
    figure.savefig(out)


def as_shares(axes: Axes) -> None:
    """From nothing to all of it in percent, from the first minute on."""
    axes.set(ylim=(0, 1.02), xlim=(0, None))
    axes.yaxis.set_major_formatter("{x:.0%}")
    axes.grid(color=GRID, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=INK)


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw the curve of one or several training runs.")
    parser.add_argument("runs", type=Path, nargs="+", help="folders that training.mini wrote, in order")
    parser.add_argument("--out", type=Path, required=True, help="a PNG file")
    given = parser.parse_args()
    rows = [json.loads(line) for run in given.runs for line in (run / "log.jsonl").read_text().splitlines()]
    draw(rows, given.out)


if __name__ == "__main__":
    main()
