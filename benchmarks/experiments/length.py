"""Length extrapolation: readers that learned from short videos, asked about longer ones, M-RoPE against 1-D positions.

What is asked does not depend on the length: what stands beside, below or after a thing that is there once. Frames have
several shapes, so that in one axis what stands below or was there before is another number of tokens back in each. All
that grows is the number of tokens, of other things among them, and of positions never seen: in one axis as many as
tokens, in three as many as frames.
"""

from pathlib import Path

from .curves import draw
from .reader import Build
from .results import Plan, Results, point
from .rope import panel
from .scenes import Data, Shape
from .trial import EXAM_SEED, Exam, Marks, Trial, joined, steps_in, told, train

FRAMES = (2, 3), (3, 2), (3, 3), (2, 4), (4, 2)
"""Rows and columns of the cells of a frame."""
LONGEST = 6
"""Frame pairs of the longest video of training."""
TIMES = 1.0, 1.5, 2.0, 4.0
KINDS = "right", "below", "next"
BUILDS = {
    "M-RoPE, base 16": Build(base=16.0),
    "1-D positions, base 16": Build(positions="1-d", base=16.0),
    "1-D positions, base 100": Build(positions="1-d", base=100.0),
}
"""At 16 M-RoPE learns all three kinds within 2,400 steps; one axis learns most at 100, and is given both."""
PARTS = {
    "asked what is right of it": ("right",),
    "asked what is below it": ("below",),
    "asked what is there next": ("next",),
    "each token, what is left of it": ("cell right",),
    "each token, what is above it": ("cell below",),
    "each token, what was there before": ("cell next",),
}
"""Titles of the panels, and the marks that each shows."""
SEEDS, EXAMINED = 3, 12


def videos(frames: int) -> list[Shape]:
    """One of each shape of frame."""
    return [(frames, rows, columns) for rows, columns in FRAMES]


def run(plan: Plan) -> Path:
    """Train all with several seeds, and draw the share of right answers against the length."""
    shapes = [shape for frames in range(2, LONGEST + 1) for shape in videos(frames)]
    data = Data(seed=plan.seed, shapes=shapes, kinds=KINDS)
    trials = [
        Trial(line=line, build=build, data=data, seed=seed)
        for line, build in BUILDS.items()
        for seed in plan.seeds(SEEDS)
    ]
    exams = [
        Exam(Data(seed=EXAM_SEED, shapes=videos(round(LONGEST * times)), kinds=KINDS), plan.many(EXAMINED))
        for times in TIMES
    ]
    steps = steps_in(plan, trials, 4)
    about = f"videos of coloured figures, frames of five shapes, learned from 2 to {LONGEST} frame pairs"
    results = Results(plan, "length", told(Build(), about, steps, plan.seeds(SEEDS)))
    marks: dict[str, list[list[Marks]]] = {line: [] for line in BUILDS}
    for trial in trials:
        for _, reader in train(trial, steps, [steps]):
            marks[trial.line].append([exam.marked(reader) for exam in exams])
    for line, each in marks.items():
        for number, (exam, times) in enumerate(zip(exams, TIMES, strict=True)):
            for part, names in PARTS.items():
                scores = [joined(names, seed[number]) for seed in each]
                results.add(point(line, times, scores, exam.pictures(names), part=part))
    panels = [panel(part, results.points, x="times as long as in training", ticks=TIMES, edge=1.0) for part in PARTS]
    draw(panels, results.words, plan.out / "length.png")
    return results.path
