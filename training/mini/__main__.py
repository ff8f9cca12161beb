"""Trains clickwright/mini from packs.

    python -m clickwright.training.mini --data DIR --out DIR --minutes 60 [--begin model/mini] [--device cuda]

The same command again goes on where it was stopped or killed. At the end the checkpoint is in OUT/checkpoint.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import torch

from ...errors import UsageError
from ..packs import Row, read_pack
from ..shown import Question, question_of
from .batches import EPISODES, PAGES, Batches, drawn
from .checkpoint import begin, export
from .evaluate import READABLE, Held
from .learner import Losses
from .pictures import Pictures
from .recipe import RECIPES, Phase
from .run import Run, size_of
from .sizes import SIZES, USUAL, size_in

COPIES = "copies.safetensors"
SHOWN = tuple(field.name for field in fields(Losses))


class Plan:
    """How far a run is: by steps where their number is given, which is repeatable, else by the clock."""

    def __init__(self, phases: tuple[Phase, ...], *, minutes: float, steps: int | None) -> None:
        self.phases = phases
        self._minutes, self._steps = minutes, steps
        self._ends = [sum(phase.share for phase in phases[: n + 1]) for n in range(len(phases))]

    def done(self, run: Run) -> float:
        """The share that is behind."""
        return run.steps / self._steps if self._steps is not None else run.seconds / (60 * self._minutes)

    def phase(self, run: Run) -> int | None:
        """The number of the phase now; None at the end."""
        done = self.done(run)
        return next((n for n, end in enumerate(self._ends) if done < min(end, 1 - 1e-9)), None)

    def rate(self, run: Run, number: int) -> float:
        """The rate of learning now."""
        phase = self.phases[number]
        if not phase.falls:
            return phase.rate
        behind = (self.done(run) - (self._ends[number] - phase.share)) / phase.share
        return phase.rate * max(0.02, 1 - behind)


def main() -> None:
    """The command line."""
    given = _arguments()
    if not any((given.data / PAGES).glob("*.safetensors")):
        raise SystemExit(_told(f"there are no pages in {given.data}: clickwright.training.prepare writes them"))
    torch.set_num_threads(given.threads)
    try:
        size = _size(given)
    except ValueError as fault:
        raise SystemExit(_told(str(fault))) from None
    run = Run(given.out, device=torch.device(given.device), seed=given.seed, size=size)
    is_new = not run.is_begun
    if not is_new:
        run.load(given.out)
    elif given.resume:
        run.load(given.resume)
        run.steps, run.seconds, run.questions, run.phase = 0, 0.0, 0, 0
    elif given.begin:
        begin(run.learner.net, given.begin)
        run.average_anew()
    recipe = given.recipe or ("further" if given.begin or given.resume else "whole")
    plan = Plan(RECIPES[recipe], minutes=given.minutes, steps=given.steps)
    print(f"{sum(p.numel() for p in run.learner.net.parameters()):,} parameters", flush=True)
    try:
        train(run, plan, given)
    except UsageError as fault:
        raise SystemExit(_told(str(fault))) from None
    count = export(run.average, given.out / "checkpoint", size)
    print(f"{count:,} parameters in {given.out / 'checkpoint'}")


def _size(given: argparse.Namespace) -> str:
    """That of what is gone on with, else what was asked for. Raises ValueError where they differ."""
    known = next((size for folder in (given.out, given.resume) if folder and (size := size_of(folder))), "")
    known = known or (size_in(given.begin) if given.begin else "")
    if known and given.size and known != given.size:
        raise ValueError(f"what it goes on with is {known}: leave out --size {given.size}")
    return known or given.size or USUAL


def _told(fault: str) -> int:
    """Say what is wrong with what was given; the code to end with."""
    print(f"training.mini: {fault}", file=sys.stderr)
    return 2


def train(run: Run, plan: Plan, given: argparse.Namespace) -> None:
    """Every phase to its end, with an evaluation and a saved state every so often and at the end."""
    held = Held(_pictures(given.data / "held", given.most_mb), given.held)
    while (number := plan.phase(run)) is not None:
        phase = plan.phases[number]
        run.phase = number
        run.learner.frozen_tower, run.learner.spread = phase.learns == "decoder", phase.spread
        batches = Batches(
            _pictures(given.data, given.most_mb),
            _copies(given.data),
            run.vocabulary,
            mix=phase.mix,
            words=phase.words,
            seed=given.seed,
            is_tower=phase.learns == "tower",
            larger=given.larger,
        )
        _learn(run, plan, number, batches, held, given)
        following = plan.phases[number + 1 : number + 2]
        if phase.learns == "tower" and any(one.learns != "tower" for one in following):
            _tell_what_is_unread(run, held)
    _report(run, [], held)
    run.save()


def _learn(run: Run, plan: Plan, number: int, batches: Batches, held: Held, given: argparse.Namespace) -> None:
    """One phase, or until the data is to be read anew."""
    recent: list[list[float]] = []
    shown = began = time.monotonic()
    for batch in drawn(batches, run.steps, workers=given.workers):
        losses = run.step(batch, rate=plan.rate(run, number))
        recent.append([float(getattr(losses, name).detach()) for name in SHOWN])
        run.seconds += time.monotonic() - began
        if time.monotonic() - shown > given.report:
            _report(run, recent, held, points=plan.phases[number].learns != "tower")
            run.save()
            recent, shown = [], time.monotonic()
        began = time.monotonic()
        if plan.phase(run) != number:
            return


def _tell_what_is_unread(run: Run, held: Held) -> None:
    """The gate before what is larger: of a tower that cannot read small windows is told, and the run goes on."""
    kept = run.averaged()
    for kind, share in held.reading(run.learner).items():
        if share < READABLE:
            told = f"of the words and icons of held-out {kind} the tower reads {share:.0%}, less than {READABLE:.0%}"
            print(f"training.mini: {told}: give it more of the time", file=sys.stderr)
    run.restore(kept)


def _report(run: Run, recent: list[list[float]], held: Held, *, points: bool = True) -> None:
    """A line with the losses since the last one, and what the averaged weights do on held-out pictures."""
    means = [float(mean) for mean in torch.tensor(recent).nanmean(0)] if recent else []
    row: dict[str, object] = {
        "s": round(run.seconds),
        "step": run.steps,
        "phase": run.phase,
        "questions": run.questions,
    }
    row |= {name: round(mean, 3) for name, mean in zip(SHOWN, means, strict=False) if mean == mean}
    kept = run.averaged()
    tried = {"words": held.reading(run.learner)} | (held.pointing(run.learner) if points else {})
    row |= {
        name: {rung: round(share, 3) for rung, share in found.items() if share == share}
        for name, found in tried.items()
    }
    run.restore(kept)
    print(json.dumps(row), flush=True)
    with (run.out / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(row) + "\n")


def _pictures(folder: Path, most_mb: int) -> dict[str, Pictures]:
    """By kind, those of which there are any."""
    found = {kind: Pictures(folder / kind, most_mb=most_mb) for kind in (PAGES, EPISODES) if (folder / kind).is_dir()}
    return {kind: pictures for kind, pictures in found.items() if len(pictures)}


def _copies(folder: Path) -> list[Question]:
    """Questions about things that are nowhere."""
    rows: Sequence[Row] = read_pack(folder / COPIES).rows if (folder / COPIES).exists() else []
    return [question_of(one) for row in rows for one in row["asked"]]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Train clickwright/mini.")
    parser.add_argument("--data", type=Path, required=True, help="a folder that training.prepare wrote")
    parser.add_argument("--out", type=Path, required=True, help="the run, and its checkpoint at the end")
    parser.add_argument("--begin", type=Path, help="an exported checkpoint to go on from, such as model/mini")
    parser.add_argument("--resume", type=Path, help="the folder of an earlier run to go on from, with its memory")
    parser.add_argument("--size", choices=SIZES, help=f"from nothing: of the model; {USUAL} unless told otherwise")
    parser.add_argument("--recipe", choices=RECIPES, help="unless told, the whole one, or the further one where begun")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--steps", type=int, help="in the place of minutes: repeatable to the bit on a CPU")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1, help="processes that make batches; 0 for none")
    parser.add_argument("--larger", type=int, default=1, help="so many times the windows in each batch, for a GPU")
    parser.add_argument("--report", type=float, default=180, help="seconds between evaluations")
    parser.add_argument(
        "--held", type=int, default=40, help="held-out windows of each size in an evaluation; 0 for none"
    )
    parser.add_argument("--most-mb", type=int, default=6000, help="of decoded pictures that are kept in memory")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
