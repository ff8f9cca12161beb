"""Data size: readers of three sizes that learn from few or many scenes, again and again, for as many steps."""

from pathlib import Path

from .curves import Panel, draw
from .results import Plan, Results, point
from .rope import KINDS, SHAPES
from .scenes import Data
from .size import BUILDS, size_of
from .trial import EXAM_SEED, PICTURES, SCENES, Exam, Trial, joined, steps_in, told, train

COUNTS = 100, 1000, 10_000
EXAMINED = 12


def run(plan: Plan) -> Path:
    """Train every size on every number of scenes, and draw the share of right answers about other scenes."""
    exam = Exam(Data(seed=EXAM_SEED, shapes=SHAPES, kinds=KINDS), plan.many(EXAMINED))
    pools = {count: Data(seed=plan.seed, shapes=SHAPES, kinds=KINDS, count=count) for count in COUNTS}
    trials = {
        (count, build): Trial(line=size_of(build), build=build, data=data, seed=plan.seed)
        for build in BUILDS
        for count, data in pools.items()
    }
    steps = steps_in(plan, list(trials.values()))
    about = {**told(BUILDS[0], PICTURES, steps, [plan.seed]), "model": "Qwen2-VL of three sizes"}
    results = Results(plan, "data", about)
    for (count, _), trial in trials.items():
        for _, reader in train(trial, steps, [steps]):
            seen = steps * SCENES / count
            scores = joined(KINDS, exam.marked(reader))
            results.add(point(trial.line, count, [scores], exam.pictures(KINDS), times_seen=seen))
    panel = Panel(
        title="Data size, each scene seen again and again",
        points=results.points,
        x="different scenes in training",
        is_log=True,
        ticks=COUNTS,
    )
    draw([panel], results.words, plan.out / "data.png")
    return results.path
