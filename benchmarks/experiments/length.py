"""Length extrapolation: readers that learned from short videos, asked about longer ones, M-RoPE against 1-D positions.

What is asked does not depend on the length: what stands beside, below or after a thing that is there once. All that
grows is the number of tokens, of other things among them, and of positions never seen: in one axis as many as tokens,
in three as many as frames.
"""

from pathlib import Path

from .curves import draw
from .reader import Build
from .results import Plan, Results, point
from .rope import BUILDS, panel
from .scenes import Data, Shape
from .trial import EXAM_SEED, Exam, Marks, Trial, joined, steps_in, told, train

SIDE, LONGEST = 3, 6
"""Rows and columns of a frame; frame pairs of the longest video of training."""
TIMES = 1.0, 1.5, 2.0, 4.0
KINDS = "right", "below", "next"
PARTS = {
    "asked what is right of it, below it, or there next": KINDS,
    "each token, what is left of it, above it, or was there before": tuple(f"cell {kind}" for kind in KINDS),
}
SEEDS, EXAMINED = 3, 40


def video(frames: int) -> Shape:
    return frames, SIDE, SIDE


def run(plan: Plan) -> Path:
    """Train both with several seeds, and draw the share of right answers against the number of visual tokens."""
    shapes = [video(frames) for frames in range(2, LONGEST + 1)]
    data = Data(seed=plan.seed, shapes=shapes, kinds=KINDS)
    trials = [
        Trial(line=line, build=build, data=data, seed=seed)
        for line, build in BUILDS.items()
        for seed in plan.seeds(SEEDS)
    ]
    frames = [round(LONGEST * times) for times in TIMES]
    exams = [Exam(Data(seed=EXAM_SEED, shapes=[video(count)], kinds=KINDS), plan.many(EXAMINED)) for count in frames]
    steps = steps_in(plan, trials, 4)
    longest, lengths = LONGEST * SIDE**2, [count * SIDE**2 for count in frames]
    about = f"videos of {SIDE} x {SIDE} coloured figures a frame pair, learned from at most {longest} tokens"
    results = Results(plan, "length", told(Build(), about, steps, plan.seeds(SEEDS)))
    marks: dict[str, list[list[Marks]]] = {line: [] for line in BUILDS}
    for trial in trials:
        for _, reader in train(trial, steps, [steps]):
            marks[trial.line].append([exam.marked(reader) for exam in exams])
    for line, each in marks.items():
        for number, (exam, tokens) in enumerate(zip(exams, lengths, strict=True)):
            for part, names in PARTS.items():
                scores = [joined(names, seed[number]) for seed in each]
                results.add(point(line, tokens, scores, exam.pictures(names), part=part, times=TIMES[number]))
    panels = [
        panel(part, results.points, x=f"visual tokens; {longest} at most in training", ticks=lengths, edge=longest)
        for part in PARTS
    ]
    draw(panels, results.words, plan.out / "length.png")
    return results.path
