"""Trains clickwright/mini from packs.

    python -m clickwright.training.mini --data DIR --out DIR --minutes 60 [--begin model/mini] [--device cuda]

The same command again goes on where it was stopped or killed. At the end the checkpoint is in OUT/checkpoint. Before
anything larger than small windows, words in those must be read and found: else the run is saved, and ends with code 1.
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
from ..packs import COPIES, Row, read_pack
from ..shown import Question, question_of
from .batches import EPISODES, PAGES, TIERS, Batches, drawn
from .checkpoint import begin, export
from .gates import shortfall, unchecked
from .held import Held
from .learner import Losses
from .options import arguments, begun_of, device_of, require_data, require_pace, with_data
from .pictures import Pictures, Room
from .recipe import RECIPES, Phase
from .run import Run

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
    given = arguments()
    torch.set_num_threads(given.threads)
    try:
        begun = begun_of(given)
        plan = Plan(RECIPES[begun.recipe], minutes=given.minutes, steps=given.steps)
        require_data(given.data, plan.phases)
        require_pace(given.pace, plan.phases)
        device = device_of(given)
    except ValueError as fault:
        raise SystemExit(_told(str(fault), code=2)) from None
    begun, other_data = with_data(begun, given.data)
    if other_data:
        _told(other_data)
    run = Run(given.out, device=device, begun=begun)
    if run.is_begun:
        run.load(given.out)
    elif given.resume:
        run.load(given.resume)
        run.steps, run.seconds, run.questions, run.phase = 0, 0.0, 0, 0
    elif given.begin:
        begin(run.learner.net, given.begin)
        run.average_anew()
    print(f"{sum(p.numel() for p in run.learner.net.parameters()):,} parameters", flush=True)
    try:
        train(run, plan, given)
    except UsageError as fault:
        raise SystemExit(_told(str(fault), code=2)) from None
    count = export(run.average, given.out / "checkpoint", begun.size)
    print(f"{count:,} parameters in {given.out / 'checkpoint'}")


def _told(fault: str, code: int = 0) -> int:
    """Say what is amiss; the code to end with."""
    print(f"training.mini: {fault}", file=sys.stderr, flush=True)
    return code


def train(run: Run, plan: Plan, given: argparse.Namespace) -> None:
    """Every phase to its end, with an evaluation and a saved state every so often and at the end.

    The packs are read anew for each phase: there may be more by then.
    """
    held = Held(_pictures(given.data / "held", Room(given.most_mb)), given.held)
    copies = _copies(given.data)
    while (number := plan.phase(run)) is not None:
        phase = plan.phases[number]
        pictures = _pictures(given.data, Room(given.most_mb / max(1, given.workers)))
        if phase.gated and run.phase != number:
            _gate(run, held, {TIERS[name].of for name in phase.mix} & set(pictures), given)
        run.phase = number
        run.learner.frozen_tower, run.learner.spread = phase.learns == "decoder", phase.spread
        batches = Batches(
            pictures,
            copies,
            run.vocabulary,
            mix=phase.mix,
            words=phase.words,
            seed=run.begun.seed,
            is_tower=phase.learns == "tower",
            larger=given.larger,
            vary=run.begun.vary,
        )
        _learn(run, plan, number, batches, held, given)
    _report(run, [], held)
    run.save()


def _gate(run: Run, held: Held, kinds: set[str], given: argparse.Namespace) -> None:
    """Before what is larger: where small windows of these kinds are not mastered, the run is saved and ends."""
    kept = run.averaged()
    words = held.words(run.learner)
    run.restore(kept)
    for sentence in unchecked(words, kinds):
        _told(sentence)
    missing = shortfall(words, kinds)
    if missing and given.past_gates:
        _told(f"{missing}: it goes on all the same")
    elif missing:
        run.save()
        more = "--minutes" if given.steps is None else "--steps"
        raise SystemExit(
            _told(f"{missing}: give the same command more {more} to train that first, or --past-gates to go on", code=1)
        )


def _learn(run: Run, plan: Plan, number: int, batches: Batches, held: Held, given: argparse.Namespace) -> None:
    """One phase, to its end."""
    recent: list[list[float]] = []
    shown = began = time.monotonic()
    for batch in drawn(batches, run.steps, workers=given.workers):
        losses = run.step(batch, rate=plan.rate(run, number))
        recent.append([float(getattr(losses, name).detach()) for name in SHOWN])
        run.seconds += given.pace[number] if given.pace else time.monotonic() - began
        if time.monotonic() - shown > given.report:
            _report(run, recent, held, points=plan.phases[number].learns != "tower")
            run.save()
            recent, shown = [], time.monotonic()
        began = time.monotonic()
        if plan.phase(run) != number:
            return


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
    row |= held.row(run.learner, points=points)
    run.restore(kept)
    print(json.dumps(row), flush=True)
    with (run.out / "log.jsonl").open("a", encoding="utf-8") as log:
        log.write(json.dumps(row) + "\n")


def _pictures(folder: Path, room: Room) -> dict[str, Pictures]:
    """By kind, those of which there are any; all of them share the room."""
    found = {kind: Pictures(folder / kind, room=room) for kind in (PAGES, EPISODES) if (folder / kind).is_dir()}
    return {kind: pictures for kind, pictures in found.items() if len(pictures)}


def _copies(folder: Path) -> list[Question]:
    """Questions about things that are nowhere."""
    rows: Sequence[Row] = read_pack(folder / COPIES).rows if (folder / COPIES).exists() else []
    return [question_of(one) for row in rows for one in row["asked"]]


if __name__ == "__main__":
    main()
