"""The loop: rows of lessons in, steps of the optimiser, evaluations and states on the way."""

import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ...errors import UsageError
from ...model.conversation import Picture
from ...model.relief import enough_memory
from ...model.selection import selected, surfaces
from ..lesson import Lesson
from .average import Average
from .examination import held_out_losses
from .examples import Example, example_of, pictures_of, thinned
from .learner import Learner, forget_between, mean_loss
from .log import Log
from .packing import Batch, pack
from .plan import Plan
from .saved import State, has_state, last_state, write_state
from .settings import Settings
from .sharded import World, clipped, part_of, share_out, whole
from .stages import begin_stage
from .survey import READERS, Survey, kept_survey, surveyed
from .tunable import Tunable

NO_ROOM = (
    "the training does not fit into the GPU's memory: give fewer --batch-tokens, --forget-between, --lora or more GPUs"
)
MAX_SKIPPED = 3
"""Steps that are skipped one after another, at most: more mean that the weights no longer learn."""
Evaluate = Callable[["Trainer"], Mapping[str, float]]
"""Figures of the caller's own about what was learned so far; `Trainer.averaged` is held meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a step came to. `seconds` are those of this step, evaluation not counted.

    One that `is_skipped` moved no weight, because its loss or its gradients were no numbers.
    """

    step: int
    steps: int
    loss: float
    rate: float
    norm: float
    tokens: int
    seconds: float
    is_skipped: bool = False

    @property
    def figures(self) -> dict[str, float]:
        """As they are logged."""
        found = {"rate": self.rate, "tokens": self.tokens, "seconds": self.seconds}
        return found | ({"skipped": 1} if self.is_skipped else {"loss": self.loss, "norm": self.norm})


class Trainer:
    """One run in one folder, from its beginning or from where it was when it ended.

    The checkpoint's network learns in place, where it is, or where its parts go as `device` says when several processes
    share it. With `resume` it goes on from the last state in `out`, and every later
    loss is that of a run that was never interrupted. `precision` is that of its matrix products, in training and in
    evaluation, as `Learner` has it. Raises UsageError where the state is of another run.
    """

    def __init__(
        self,
        checkpoint: Tunable,
        lessons: Sequence[Lesson],
        settings: Settings,
        out: Path,
        *,
        held_out: Sequence[Lesson] = (),
        world: World | None = None,
        device: torch.device | None = None,
        resume: bool = False,
        evaluate: Evaluate | None = None,
        precision: torch.dtype | None = None,
    ) -> None:
        self.checkpoint, self.settings, self.out = checkpoint, settings, out
        self.world = world or World()
        self._lessons, self._held_out, self._evaluate = lessons, held_out, evaluate
        if settings.rows % self.world.size:
            raise UsageError(f"{self.world.size} processes cannot share {settings.rows} rows of a step evenly")
        torch.manual_seed(settings.seed)  # pyright: ignore[reportUnknownMemberType]
        self._survey = self._surveyed(lessons)
        self._held = self._surveyed(held_out) if len(held_out) else None
        self._plan = Plan(self._survey, batch_tokens=settings.batch_tokens, rows=settings.rows, seed=settings.seed)
        self.steps = settings.steps or self._plan.steps(settings.epochs)
        self.step = self._skipped = 0
        self.learner = self._prepared(device, precision)
        self.learning = {name: value for name, value in self.learner.named_parameters() if value.requires_grad}
        self.optimiser = optimiser(self.learning, settings)
        self._average = Average(self.learning, settings.average) if settings.average else None
        if resume:
            self._go_on()
        elif has_state(out):
            raise UsageError(f"{out} holds a run already: give --resume to go on with it, or another folder")

    def train(self, watch: Callable[[Told], None] | None = None, *, until: int | None = None) -> Mapping[str, float]:
        """Learn to the end, or until so many steps are done, and the figures that stand there.

        `watch` is told of every step, in the first process. The last state is always written. Raises UsageError where
        several steps after one another come to no number; the state before them stays.
        """
        settings = self.settings
        log = Log(self.out, step=self.step) if self.world.is_first else None
        figures: Mapping[str, float] = {}
        end = self.steps if until is None else min(until, self.steps)
        for rows in self._ahead(end):
            with enough_memory(NO_ROOM):
                told = self.learn(rows)
            is_last = self.step == end
            if is_last or (settings.evaluate_every and self.step % settings.evaluate_every == 0):
                figures = self.evaluate()
            if log is not None:
                log.tell(self.step, told.figures)
                if figures and (is_last or self.step % settings.evaluate_every == 0):
                    log.tell(self.step, figures)
                if watch is not None:
                    watch(told)
            if is_last or self.step % settings.save_every == 0:
                self.save()
        if log is not None:
            log.close()
        return figures or self.evaluate()

    def evaluate(self) -> Mapping[str, float]:
        """The losses on what is held out, as `held_out_losses` has them, and the figures of the caller."""
        found = dict[str, float]()
        with self.averaged(), torch.no_grad(), enough_memory(NO_ROOM):
            self.learner.eval()
            if self._held is not None:
                most = self.settings.batch_tokens
                found |= held_out_losses(self.learner, self._held_out, self._held, self._read, most)
            if self._evaluate is not None:
                found |= self._evaluate(self)
            self.learner.train()
        return found

    def averaged(self) -> "Average.Shown | _Nothing":
        """A context in which the network has the mean of its weights, where one is kept."""
        return _Nothing() if self._average is None else self._average.shown()

    def save(self) -> None:
        """Write the state from which the run can go on.

        Raises UsageError, and leaves the last one, where a weight is no number any more.
        """

        def kept(tensor: Tensor) -> Tensor:
            return whole(tensor, is_kept=self.world.is_first)

        tensors: dict[str, Mapping[str, Tensor]] = {"weights": {n: kept(p) for n, p in self.learning.items()}}
        tensors["optimiser"] = {
            f"{name} {key}": kept(value)
            for name, parameter in self.learning.items()
            for key, value in self.optimiser.state.get(parameter, {}).items()
        }
        if self._average is not None:
            tensors["average"] = {name: kept(value) for name, value in self._average.kept.items()}
        tensors["random"] = {"cpu": torch.get_rng_state()}
        if self.learner.device.type == "cuda":
            tensors["random"] = {**tensors["random"], "cuda": torch.cuda.get_rng_state(self.learner.device)}
        if self.world.is_first:
            _require_finite(tensors["weights"], self.step)
            write_state(self.out, State(step=self.step, told=self._facts(), tensors=tensors))
        self.world.wait()

    def _prepared(self, device: torch.device | None, precision: torch.dtype | None) -> Learner:
        network, settings = self.checkpoint.network, self.settings
        if settings.lora is None:
            begin_stage(network, settings.stage)
        else:
            from .lora import add_lora

            add_lora(network, settings.lora, settings.stage)
        is_shared = self.world.size > 1
        learner = Learner(network, self.checkpoint.processor, looks_always=is_shared, precision=precision)
        if settings.forgets_between:
            forget_between(learner)
        share_out(learner, self.world, device or learner.device)
        return learner.train()

    def _read(self, lesson: Lesson) -> Example:
        return example_of(lesson, self.checkpoint)

    def _surveyed(self, lessons: Sequence[Lesson]) -> Survey:
        checkpoint = self.checkpoint
        reader = f"{checkpoint.name} {checkpoint.processor.look!r} {checkpoint.default_system!r}"
        most = self.settings.batch_tokens
        return kept_survey(lessons, self._read, most, out=self.out, reader=reader, world=self.world)

    def _ahead(self, end: int) -> Iterator[list[Batch]]:
        """The rows of this process for each step that is left, the next ones made while one is learned."""
        pool = ThreadPoolExecutor(READERS, "lessons")
        try:
            left = iter(range(self.step, end))
            coming = deque(pool.submit(self._rows, step, self._numbers(step)) for step in islice(left, READERS))
            while coming:
                rows = coming.popleft().result()
                coming.extend(pool.submit(self._rows, step, self._numbers(step)) for step in islice(left, 1))
                yield rows
        finally:
            pool.shutdown(cancel_futures=True)

    def rows(self, step: int) -> list[Batch]:
        """The rows of this process in one step."""
        return self._rows(step, self._numbers(step))

    def _numbers(self, step: int) -> list[list[int]]:
        return self._plan.of(step)[self.world.rank :: self.world.size]

    def _rows(self, step: int, numbers: Sequence[Sequence[int]]) -> list[Batch]:
        return [self._row([self._lesson(n) for n in row], step) for row in numbers]

    def _lesson(self, number: int) -> Example:
        """A lesson that is to be learned. Raises UsageError where it is not the one that was planned with."""
        example = self._read(self._lessons[number])
        if surveyed(example, self.settings.batch_tokens) != self._survey.lessons[number]:
            raise UsageError(
                f"the lesson {example.name} is no longer what it was when the run began: begin anew in another folder"
            )
        return example

    def _row(self, examples: Sequence[Example], step: int) -> Batch:
        if self.settings.select == 1:
            return pack(examples)
        kept: dict[str, NDArray[np.int64]] = {}
        for name, shown in pictures_of(examples).items():
            surface = (
                surfaces(self.checkpoint.processor.patches(shown.seen)) if isinstance(shown.seen, Picture) else None
            )
            rng = Random(f"{self.settings.seed} {step} {name}")
            share = self.settings.select
            kept[name] = torch.arange(shown.tokens).numpy() if surface is None else selected(surface, share, rng)
        return pack([thinned(example, kept) for example in examples])

    def learn(self, rows: Sequence[Batch]) -> Told:
        """One step on this process's rows, which counts those of all."""
        began = perf_counter()
        rate = self.settings.rate_at(self.step, self.steps)
        total = sum(self._survey.lessons[n].worth for numbers in self._plan.of(self.step) for n in numbers)
        device, loss = self.learner.device, 0.0
        for batch in rows:
            part = mean_loss(self.learner(batch), batch, total)
            torch.autograd.backward(part * self.world.size)  # FSDP takes the mean over the processes
            loss += float(part.detach())
        norm = clipped(self.learning.values(), self.settings.clip)
        loss = self.world.sum(loss, device)  # of all processes, which must skip the same steps
        is_skipped = not (math.isfinite(loss) and math.isfinite(norm))
        if is_skipped:
            self._count_skipped(loss, norm)
        else:
            self._move(rate)
        self.optimiser.zero_grad(set_to_none=True)
        self.step += 1
        return Told(
            step=self.step,
            steps=self.steps,
            loss=loss,
            rate=rate,
            norm=norm,
            tokens=round(self.world.sum(sum(batch.tokens for batch in rows), device)),
            seconds=perf_counter() - began,
            is_skipped=is_skipped,
        )

    def _move(self, rate: float) -> None:
        self._skipped = 0
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.optimiser.step()
        if self._average is not None:
            self._average.follow(self.step)

    def _count_skipped(self, loss: float, norm: float) -> None:
        self._skipped += 1
        if self._skipped > MAX_SKIPPED:
            kept = "the last state before them is kept" if has_state(self.out) else "no state was written before them"
            raise UsageError(
                f"the training came to nothing: the loss is {loss} and the norm of its gradients {norm} at step "
                f"{self.step + 1}, as at the {MAX_SKIPPED} before it, which were skipped; {kept}; give a lower --lr, "
                "and look for lessons that are no numbers"
            )

    def _facts(self) -> dict[str, dict[str, Any]]:
        """What has to be the same for a run to go on."""
        facts = {"checkpoint": self.checkpoint.name, "lessons": self._survey.digest, "steps": self.steps}
        return {"run": facts | {"settings": self.settings.told()}}

    def _go_on(self) -> None:
        state = last_state(self.out)
        if state is None:
            raise UsageError(f"{self.out} holds no state of a run to go on from; leave out --resume to begin")
        facts, found = self._facts()["run"], state.told.get("run")
        if facts != found:
            raise UsageError(f"{self.out} holds another run: its {_different(facts, found)}")
        with torch.no_grad():
            for name, parameter in self.learning.items():
                parameter.copy_(part_of(state.tensors["weights"][name], parameter))
        for name, parameter in self.learning.items():
            keys = [key for key in state.tensors["optimiser"] if key.rpartition(" ")[0] == name]
            kept = {key.rpartition(" ")[2]: state.tensors["optimiser"][key] for key in keys}
            if kept:
                self.optimiser.state[parameter] = {
                    key: value.to(parameter.device) if key == "step" else part_of(value, parameter)
                    for key, value in kept.items()
                }
        if self._average is not None:
            self._average.kept = {n: part_of(t, self.learning[n]) for n, t in state.tensors["average"].items()}
        torch.set_rng_state(state.tensors["random"]["cpu"])
        if "cuda" in state.tensors["random"] and self.learner.device.type == "cuda":
            torch.cuda.set_rng_state(state.tensors["random"]["cuda"], self.learner.device)
        self.step = state.step


class _Nothing:
    """A context that changes nothing."""

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def optimiser(learning: Mapping[str, nn.Parameter], settings: Settings) -> torch.optim.Optimizer:
    """AdamW, which makes only matrices smaller by themselves."""
    matrices = [value for value in learning.values() if value.dim() >= 2]
    others = [value for value in learning.values() if value.dim() < 2]
    groups = [{"params": matrices, "weight_decay": settings.weight_decay}, {"params": others, "weight_decay": 0.0}]
    filled = [group for group in groups if group["params"]]
    return torch.optim.AdamW(filled, lr=settings.rate, betas=(0.9, 0.95), fused=True)


def _require_finite(weights: Mapping[str, Tensor], step: int) -> None:
    lost = next((name for name, value in weights.items() if not bool(value.isfinite().all())), None)
    if lost is not None:
        raise UsageError(
            f"the training came to nothing: {lost} is no number any more at step {step}; the last state before it is "
            "kept; give a lower --lr"
        )


def _different(facts: dict[str, Any], found: object) -> str:
    if not isinstance(found, dict):
        return "state does not say what it is of"
    said = cast(dict[str, Any], found)
    ours, theirs = facts | facts["settings"], said | said.get("settings", {})
    names = [name for name in ours if name != "settings" and ours[name] != theirs.get(name)]
    return "; its ".join(f"{name} was {theirs.get(name)!r} and is now {ours[name]!r}" for name in names)
