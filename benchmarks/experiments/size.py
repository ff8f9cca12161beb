"""Model size: readers of three sizes that see the same scenes in the same order, none of them twice."""

from pathlib import Path

from .curves import Panel, draw
from .reader import Build, Reader
from .results import Plan, Results, point
from .rope import KINDS, SHAPES
from .scenes import Data
from .trial import EXAM_SEED, PICTURES, SCENES, Exam, Trial, joined, looks, steps_in, told, train_all

BUILDS = (
    Build(width=32, heads=1, layers=2, tower=32),
    Build(width=64, heads=2, layers=3, tower=64),
    Build(width=128, heads=4, layers=4, tower=96),
)
SEEDS, LOOKS, EXAMINED = 2, 6, 12


def size_of(build: Build) -> str:
    """`0.25 million parameters`."""
    return f"{Reader(build).parameter_count / 1e6:.2f} million parameters"


def run(plan: Plan) -> Path:
    """Train every size, and draw the share of right answers against the scenes that were seen."""
    data = Data(seed=plan.seed, shapes=SHAPES, kinds=KINDS)
    exam = Exam(Data(seed=EXAM_SEED, shapes=SHAPES, kinds=KINDS), plan.many(EXAMINED))
    seeds = plan.seeds(SEEDS)
    trials = [Trial(line=size_of(build), build=build, data=data, seed=seed) for build in BUILDS for seed in seeds]
    steps = steps_in(plan, trials, LOOKS)
    results = Results(plan, "size", {**told(BUILDS[0], PICTURES, steps, seeds), "model": "Qwen2-VL of three sizes"})
    for (line, step), each in train_all(trials, steps, looks(steps, LOOKS), exam).items():
        scores = [joined(KINDS, marks) for marks in each]
        results.add(point(line, step * SCENES, scores, exam.pictures(KINDS), steps=step))
    panel = Panel(title="Model size", points=results.points, x="scenes seen, each once")
    draw([panel], results.words, plan.out / "size.png")
    return results.path
