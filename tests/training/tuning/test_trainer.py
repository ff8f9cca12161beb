"""Runs that learn, stop, are killed and go on as if nothing had been."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from clickwright.errors import UsageError
from clickwright.training.tuning.log import EVENTS, read_log
from clickwright.training.tuning.packing import Batch
from clickwright.training.tuning.plan import Plan
from clickwright.training.tuning.saved import STATES, last_state
from clickwright.training.tuning.settings import Settings
from clickwright.training.tuning.stages import Stage
from clickwright.training.tuning.survey import survey
from clickwright.training.tuning.trainer import Told, Trainer
from clickwright.training.tuning.tunable import open_tunable

from .conftest import lesson, lessons, picture
from .runs import SLOW_S, main, painted, settings

STEPS = 8
CURVE = ("step", "loss", "norm", "rate", "tokens")


def curve(out: Path) -> list[tuple[float, ...]]:
    return [tuple(row[name] for name in CURVE) for row in read_log(out) if "loss" in row]


def kill(out: Path, step: int, wait_s: float, *options: str) -> int:
    """Begin or go on, and kill it so long after it began to write the state of a step; the state that is left."""
    script = [sys.executable, str(Path(__file__).with_name("runs.py")), str(out), str(STEPS), "slow", *options]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(script, env=environment) as run:
        while run.poll() is None and not any((out / STATES).glob(f"{step:08d}*")):
            time.sleep(0.001)
        time.sleep(wait_s)
        run.send_signal(signal.SIGKILL)
    assert run.returncode == -signal.SIGKILL
    state = last_state(out)
    assert state is not None
    return state.step


@pytest.mark.slow
@pytest.mark.parametrize("kind", [(), ("lora",)], ids=["whole", "lora"])
def test_a_killed_run_goes_on_to_the_same_losses(tmp_path, kind):
    """At two moments that are drawn: while it writes a state, removes the one before, or learns on."""
    main(tmp_path / "whole", STEPS, *kind)
    expected = curve(tmp_path / "whole")
    assert len(expected) == STEPS
    killed, rng, resumed = tmp_path / "killed", random.SystemRandom(), ()
    for step in (4, 6):
        assert step - 2 <= kill(killed, step, rng.uniform(0, 1.5 * SLOW_S), *kind, *resumed) < STEPS
        resumed = ("resume",)
    main(killed, STEPS, "resume", *kind)
    assert curve(killed) == expected
    ends = [last_state(folder).tensors for folder in (tmp_path / "whole", killed)]
    for group in ends[0]:
        assert all(torch.equal(value, ends[1][group][name]) for name, value in ends[0][group].items()), group


def test_a_run_does_not_go_on_as_another(tmp_path):
    main(tmp_path, 2)
    mini = open_tunable("clickwright/mini", device="cpu")
    with pytest.raises(UsageError, match="holds a run already: give --resume"):
        Trainer(mini, painted(), settings(2), tmp_path)
    with pytest.raises(UsageError, match="another run: its steps was 2 and is now 5"):
        Trainer(mini, painted(), settings(5), tmp_path, resume=True)
    with pytest.raises(UsageError, match="another run: its lessons was"):
        Trainer(mini, painted()[1:], settings(2), tmp_path, resume=True)
    with pytest.raises(UsageError, match="holds no state of a run"):
        Trainer(mini, painted(), settings(2), tmp_path / "nothing", resume=True)


def test_each_stage_moves_its_own_weights_and_no_others(tmp_path, mini):
    before = {name: value.clone() for name, value in mini.network.state_dict().items()}
    for stage in Stage:
        for name, value in mini.network.state_dict().items():
            value.copy_(before[name])
        run = Trainer(mini, lessons(), Settings(stage=stage, steps=2, rate=1e-3), tmp_path / stage)
        run.train()
        moved = {name for name, value in mini.network.state_dict().items() if not torch.equal(value, before[name])}
        tower = {name for name in before if name.startswith("model.visual.")}
        expected = {Stage.TOWER: tower, Stage.ALL: set(before), Stage.INSTRUCTIONS: set(before) - tower}[stage]
        assert moved == expected


def test_steps_of_few_rows_are_those_of_many_and_layers_may_forget(tmp_path, mini):
    """Rows that are added up make the step of one long row, and what is computed twice is the same."""
    state = {name: value.clone() for name, value in mini.network.state_dict().items()}
    found = []
    for rows, tokens, forgets in ((1, 4096, False), (1, 4096, True), (6, 75, False)):
        for name, value in mini.network.state_dict().items():
            value.copy_(state[name])
        told = Settings(stage=Stage.ALL, steps=1, rows=rows, batch_tokens=tokens, forgets_between=forgets)
        run = Trainer(mini, lessons()[:3], told, tmp_path / f"{rows} {forgets}")
        assert len(run._plan.of(0)) == rows
        run.train()
        found.append((curve(run.out)[0][1], curve(run.out)[0][2]))
    assert found[1] == found[0]
    assert found[2] == pytest.approx(found[0], rel=1e-5)


def scalars(out: Path, name: str) -> list[tuple[int, float]]:
    """What TensorBoard reads of a figure."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    return [(event.step, event.value) for event in EventAccumulator(str(out / EVENTS)).Reload().Scalars(name)]


def test_it_learns_and_evaluates_what_is_held_out(tmp_path, mini):
    seen = []

    def hook(run: Trainer) -> dict[str, float]:
        seen.append(run.step)
        return {"seen": float(run.step)}

    told = Settings(steps=12, rate=1e-3, evaluate_every=5, average=0.5)
    run = Trainer(mini, lessons()[:3], told, tmp_path, held_out=lessons()[:1], evaluate=hook)
    before = run.evaluate()["held_out_loss"]
    figures = run.train()
    assert seen == [0, 5, 10, 12]
    assert figures["seen"] == 12
    assert figures["held_out_loss"] < before / 2
    rows = [row for row in read_log(tmp_path) if "held_out_loss" in row]
    assert [row["step"] for row in rows] == [5, 10, 12]
    assert scalars(tmp_path, "held_out_loss") == [(row["step"], pytest.approx(row["held_out_loss"])) for row in rows]


def test_every_lesson_is_learned_once_an_epoch_and_rows_are_full(mini):
    from clickwright.training.tuning.examples import example_of

    many = [lesson(f"{n} {k}", picture(n), f"Click {k}.", answer="Yes") for n in range(20) for k in range(4)]
    seen = survey(many, lambda one: example_of(one, mini), 140)
    plan = Plan(seen, batch_tokens=140, rows=1, seed=3)
    steps = plan.steps(1)
    rows = [row for step in range(steps) for row in plan.of(step)]
    assert sorted(number for row in rows for number in row) == list(range(80))
    alone = sum(one.tokens for one in seen.lessons)
    assert steps * 140 < alone * 0.75  # the four of a picture share it
    again = Plan(seen, batch_tokens=140, rows=1, seed=3)
    assert [again.of(step) for step in range(steps)] == [plan.of(step) for step in range(steps)]
    assert plan.of(steps) != plan.of(0)


def test_what_is_not_there_or_too_long_is_told_at_once(tmp_path, mini):
    with pytest.raises(UsageError, match="no lessons"):
        Trainer(mini, [], Settings(), tmp_path)
    with pytest.raises(UsageError, match=r"the lesson star has \d+ tokens and a row 20"):
        Trainer(mini, lessons(), Settings(batch_tokens=20), tmp_path)


@pytest.mark.parametrize("weight", [0.0, -1.0, float("nan")])
def test_a_lesson_without_weight_is_told(tmp_path, mini, weight):
    with pytest.raises(UsageError, match="the lesson light has the weight"):
        Trainer(mini, [lesson("light", "Go.", answer="Yes", weight=weight)], Settings(), tmp_path)


def test_its_core_needs_no_library_of_agents():
    code = "import sys; sys.modules.update(dict.fromkeys(('pydantic', 'playwright', 'langgraph', 'peft')))\n"
    code += "import clickwright.training.tuning.trainer"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_rate_rises_and_falls():
    told = Settings(rate=1.0, warmup=0.1, least=0.1)
    rates = [told.rate_at(step, 100) for step in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == rates[9] == pytest.approx(1.0)
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert 0.1 < rates[-1] < 0.11


class Spoiled(Trainer):
    """Whose steps of these numbers come to no loss, as one that overflowed."""

    spoiled: tuple[int, ...] = ()

    def learn(self, rows: Sequence[Batch]) -> Told:
        factor = float("nan") if self.step in self.spoiled else 1.0
        return super().learn([replace(batch, weights=batch.weights * factor) for batch in rows])


def test_a_step_that_comes_to_no_number_moves_nothing(tmp_path, mini):
    run = Spoiled(mini, lessons(), Settings(steps=4, rate=1e-3, average=0.5, save_every=1), tmp_path)
    run.spoiled = (1, 2)
    seen = []
    run.train(lambda told: seen.append((told.step, told.is_skipped)))
    assert seen == [(1, False), (2, True), (3, True), (4, False)]
    assert [(row.get("skipped"), "loss" in row) for row in read_log(tmp_path)][:4] == [
        (None, True),
        (1, False),
        (1, False),
        (None, True),
    ]
    assert all(bool(value.isfinite().all()) for value in last_state(tmp_path).tensors["average"].values())


def test_a_run_that_comes_to_nothing_ends_and_keeps_its_last_good_state(tmp_path, mini):
    run = Spoiled(mini, lessons(), Settings(steps=9, rate=1e-3, save_every=2), tmp_path)
    run.spoiled = tuple(range(3, 9))
    with pytest.raises(
        UsageError, match=r"came to nothing: the loss is nan .* at step 7, .* the last state before them"
    ):
        run.train()
    state = last_state(tmp_path)
    assert state.step == 6
    assert all(bool(value.isfinite().all()) for value in state.tensors["weights"].values())
    assert all(bool(value.isfinite().all()) for value in run.learning.values())


def test_a_state_of_weights_that_are_no_numbers_does_not_take_the_place_of_a_good_one(tmp_path, mini):
    run = Trainer(mini, lessons(), Settings(steps=3, rate=1e-3), tmp_path)
    run.train(until=1)
    with torch.no_grad():
        next(iter(run.learning.values())).fill_(float("inf"))
    run.step = 2
    with pytest.raises(UsageError, match="is no number any more at step 2; the last state before it is kept"):
        run.save()
    assert last_state(tmp_path).step == 1
