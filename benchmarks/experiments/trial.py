"""Trains readers for the same number of steps, and examines them on scenes that they have not seen."""

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from ...training.mini.optimiser import optimisers
from .reader import Build, Reader
from .results import Plan, Value
from .scenes import KINDS, Batch, Data

RATE, SCENES = 3e-3, 8
"""Learning rate at its height, and scenes of a step."""
EXAM_SEED = 1_000_003
"""Of no training data."""
_MEASURED = 3
PICTURES = "pictures of 3 to 5 rows and columns of coloured figures, one for each token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One reader to be trained: its name in the picture, how it is built, what it learns from, and its seed."""

    line: str
    build: Build
    data: Data
    seed: int


Marks = Mapping[str, Sequence[float]]
"""1 for what is right, else 0: questions under the name of their kind, what cells know under `cell` and that name."""


class Exam:
    """Scenes of their own, the same for every reader: so many of each shape."""

    def __init__(self, data: Data, each: int) -> None:
        self._kinds = data.kinds
        self._batches = [data.batch(shape, range(each)) for shape in range(len(data.shapes))]
        self._pictures: dict[str, list[str]] = {}
        for shape, batch in enumerate(self._batches):
            for name, kind in zip(_named(shape, batch.answers), _kinds(batch), strict=True):
                self._pictures.setdefault(kind, []).append(name)
            for kind in data.kinds:
                around = batch.around(kind)
                names = zip(_named(shape, around), _flat(around >= 0), strict=True)
                self._pictures.setdefault(f"cell {kind}", []).extend(name for name, is_there in names if is_there)

    @torch.inference_mode()
    def marked(self, reader: Reader) -> Marks:
        """What a reader knows."""
        found: dict[str, list[float]] = {name: [] for name in self._pictures}
        for batch in self._batches:
            read = reader(batch, self._kinds)
            for kind, hit in zip(_kinds(batch), _flat(read.right), strict=True):
                found[kind].append(hit)
            for kind, hits in read.known.items():
                found[f"cell {kind}"] += _flat(hits)
        return found

    def pictures(self, names: Sequence[str]) -> list[str]:
        """The scene of each of these marks, as `joined` has them."""
        return [picture for name in names for picture in self._pictures[name]]


def joined(names: Sequence[str], marks: Marks) -> list[float]:
    """Several kinds of marks one behind the other."""
    return [mark for name in names for mark in marks[name]]


def _kinds(batch: Batch) -> list[str]:
    return [KINDS[int(number)] for number in _flat(batch.kinds)]


def _flat(marks: Tensor) -> list[float]:
    return [float(mark) for mark in marks.flatten().numpy()]


def _named(shape: int, marks: Tensor) -> list[str]:
    """The scene of each mark of a batch. Dimensions: marks (b, n)."""
    return [f"{shape}:{scene}" for scene in range(marks.shape[0]) for _ in range(marks.shape[1])]


def train(trial: Trial, steps: int, at: Sequence[int]) -> Iterator[tuple[int, Reader]]:
    """The reader after each of the steps named, while it goes on to learn up to `steps`."""
    reader = Reader(trial.build, trial.seed)
    random = np.random.default_rng((trial.seed, 7))
    parts = optimisers(reader, RATE)
    for step in range(steps):
        _step(reader, parts, trial.data.draw(random, SCENES), trial.data.kinds, RATE * _share(step, steps))
        if step + 1 in at:
            yield step + 1, reader


def train_all(trials: Sequence[Trial], steps: int, at: Sequence[int], exam: Exam) -> dict[tuple[str, int], list[Marks]]:
    """The marks of all trials of a line after each of the steps named."""
    found: dict[tuple[str, int], list[Marks]] = {}
    for trial in trials:
        for step, reader in train(trial, steps, at):
            found.setdefault((trial.line, step), []).append(exam.marked(reader))
    return found


def _step(
    reader: Reader, parts: Sequence[torch.optim.Optimizer], batch: Batch, kinds: Sequence[str], rate: float
) -> None:
    for part in parts:
        part.zero_grad(set_to_none=True)
        for group in part.param_groups:
            group["lr"] = rate
    reader(batch, kinds).loss.backward()
    nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
    for part in parts:
        part.step()


def _share(step: int, steps: int) -> float:
    """Of the learning rate: it rises for a twentieth of the steps, and falls as a cosine to a twentieth."""
    rising = min(1.0, (step + 1) / max(1.0, steps / 20))
    return rising * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * step / steps)))


def steps_in(plan: Plan, trials: Sequence[Trial], exams: int = 1) -> int:
    """Steps that each of the trials can make when all together take about so long, measured on a few of each build.

    An exam is counted as the price of two steps. At least 2, and as many as the plan says where it says so.
    """
    if plan.steps is not None:
        return plan.steps
    prices: dict[Build, float] = {}
    for trial in trials:
        if trial.build not in prices:
            reader, random = Reader(trial.build), np.random.default_rng(0)
            parts, batches = optimisers(reader, RATE), [trial.data.draw(random, SCENES) for _ in range(_MEASURED + 1)]
            _step(reader, parts, batches[0], trial.data.kinds, RATE)
            began = time.perf_counter()
            for batch in batches[1:]:
                _step(reader, parts, batch, trial.data.kinds, RATE)
            prices[trial.build] = (time.perf_counter() - began) / _MEASURED
    whole = sum(prices[trial.build] for trial in trials)
    return max(2, int(plan.minutes * 60 / whole) - 2 * exams)


def looks(steps: int, count: int) -> list[int]:
    """After which steps a training is looked at: evenly, the last step among them."""
    return sorted({max(1, round(steps * number / count)) for number in range(1, count + 1)})


def told(build: Build, data: str, steps: int, seeds: Sequence[int]) -> Mapping[str, Value]:
    """What the rows of a training were found on."""
    return {
        "model": f"Qwen2-VL of {Reader(build).parameter_count / 1e6:.2f} million parameters",
        "data": data,
        "training": f"{steps} steps of {SCENES} scenes",
        "steps": steps,
        "seeds": list(seeds),
    }
