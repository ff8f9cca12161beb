"""Runs the experiments that are named, or all, and draws their curves.

    python -m clickwright.benchmarks.experiments [resolution rope length size data] --minutes 8 --out DIR --seed 0

Each writes NAME.jsonl and NAME.png into the folder. Needs clickwright[bench], and a Chromium browser for `resolution`.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ...terminal import make_console
from .results import Plan


class Experiment(StrEnum):
    """What can be run."""

    RESOLUTION = "resolution"
    ROPE = "rope"
    LENGTH = "length"
    SIZE = "size"
    DATA = "data"


def main(
    experiment: Annotated[list[Experiment] | None, typer.Argument(help="Which; all unless told.")] = None,
    minutes: Annotated[float, typer.Option(min=0.01, help="About how long each takes.")] = 8,
    out: Annotated[Path, typer.Option(help="Where rows and pictures go.")] = Path("out/experiments"),
    seed: Annotated[int, typer.Option(min=0, help="The first seed.")] = 0,
    steps: Annotated[int | None, typer.Option(min=2, help="Of each training, in the place of the minutes.")] = None,
    threads: Annotated[int, typer.Option(min=1, help="Cores that training may take.")] = 1,
) -> None:
    """Run the paper's experiments at a small size, and draw what they show."""
    import torch

    torch.set_num_threads(threads)
    plan = Plan(minutes=minutes, seed=seed, out=out, console=make_console(), steps=steps)
    for one in dict.fromkeys(experiment or Experiment):
        plan.say(f"{one} wrote {_run(one, plan)}")


def _run(experiment: Experiment, plan: Plan) -> Path:
    match experiment:
        case Experiment.RESOLUTION:
            from .resolution import run
        case Experiment.ROPE:
            from .rope import run
        case Experiment.LENGTH:
            from .length import run
        case Experiment.SIZE:
            from .size import run
        case Experiment.DATA:
            from .data import run
    return run(plan)


if __name__ == "__main__":
    typer.run(main)
