"""M-RoPE against 1-D positions: readers that differ in nothing else, on pictures of many sizes.

Each token of a picture shows one cell. Without blocks in the tower only the decoder's positions can tell where a cell
is; with one, patches see one another with the tower's own two axes.
"""

from collections.abc import Sequence
from pathlib import Path

from .curves import Panel, draw
from .reader import Build
from .results import Plan, Point, Results, point
from .scenes import Data
from .trial import EXAM_SEED, PICTURES, Exam, Trial, joined, looks, steps_in, told, train_all

SHAPES = [(1, rows, columns) for rows in range(3, 6) for columns in range(3, 6)]
KINDS = "row", "column", "right", "below"
BUILDS = {
    "M-RoPE, base 4": Build(),
    "1-D positions, base 4": Build(positions="1-d"),
    "1-D positions, base 100": Build(positions="1-d", base=100.0),
}
"""What is compared. One axis counts further than three, so that it may want slower frequencies: it is given both."""
SEEDS, LOOKS, EXAMINED = 3, 6, 12
PARTS = {
    "asked for its row and column": ("row", "column"),
    "asked what is right of it": ("right",),
    "asked what is below it": ("below",),
    "each token, its row and column": ("cell row", "cell column"),
    "each token, what is left of it": ("cell right",),
    "each token, what is above it": ("cell below",),
}
"""Titles of the panels, and the marks that each shows."""


def run(plan: Plan) -> Path:
    """Train both with several seeds, and draw the share of right answers against steps."""
    data = Data(seed=plan.seed, shapes=SHAPES, kinds=KINDS)
    exam = Exam(Data(seed=EXAM_SEED, shapes=SHAPES, kinds=KINDS), plan.many(EXAMINED))
    trials = [
        Trial(line=line, build=build, data=data, seed=seed)
        for line, build in BUILDS.items()
        for seed in plan.seeds(SEEDS)
    ]
    steps = steps_in(plan, trials, LOOKS)
    results = Results(plan, "rope", told(Build(), PICTURES, steps, plan.seeds(SEEDS)))
    for (line, step), each in train_all(trials, steps, looks(steps, LOOKS), exam).items():
        for part, names in PARTS.items():
            scores = [joined(names, marks) for marks in each]
            results.add(point(line, step, scores, exam.pictures(names), part=part))
    panels = [panel(part, results.points, x="steps of training") for part in PARTS]
    draw(panels, results.words, plan.out / "rope.png")
    return results.path


def panel(
    part: str, points: Sequence[Point], *, x: str, ticks: Sequence[float] = (), edge: float | None = None
) -> Panel:
    """The points of one part."""
    return Panel(title=part, points=[one for one in points if one.more["part"] == part], x=x, ticks=ticks, edge=edge)
