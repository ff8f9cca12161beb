"""Draws how pointing appeared: the logs of training runs, each of which went on with the last, as one picture.

python -m clickwright.training.figures.curve out/a out/b out/c --out docs/training.png
"""

# The keyword arguments of matplotlib have no types.
# pyright: reportUnknownMemberType=false

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from ...errors import UsageError
from ...exits import in_one_sentence

SHARES = {"small": "windows of 308 x 168", "medium": "windows of 644 x 364", "large": "whole pages, 1288 x 728"}
INK, GRID = "#1f2328", "#d8dee4"
COLOURS = {"small": "#9ec5fe", "medium": "#4c8dff", "large": "#0b3d91", "read": "#16a34a"}


def told(runs: Sequence[Path]) -> list[dict[str, Any]]:
    """What the runs told, with `s` as the seconds since the first began: each log begins with nothing.

    Raises UsageError for a folder without a log.
    """
    found, before = list[dict[str, Any]](), 0.0
    for run in runs:
        log = run / "log.jsonl"
        if not log.is_file():
            raise UsageError(f"{run} holds no training: there is no {log.name} in it")
        rows = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
        found += [row | {"s": before + row["s"]} for row in rows]
        before = found[-1]["s"] if found else before
    return found


def draw(rows: list[dict[str, Any]], out: Path) -> None:
    """Shares against minutes of training: pointing at a colour, kind or icon by size of picture, and cells read."""
    figure, axes = plt.subplots(figsize=(9, 4.2), dpi=130, layout="constrained")
    minutes = [row["s"] / 60 for row in rows]
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


@in_one_sentence()
def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Draw the curve of one or several training runs.")
    parser.add_argument("runs", type=Path, nargs="+", help="folders that training.mini wrote, in order")
    parser.add_argument("--out", type=Path, required=True, help="a PNG file")
    given = parser.parse_args()
    draw(told(given.runs), given.out)


if __name__ == "__main__":
    main()
