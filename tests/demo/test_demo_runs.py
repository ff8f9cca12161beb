"""The demo from end to end in a real browser: what knows everything passes, what does nothing does not."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from clickwright.agent import Step, read_run
from clickwright.agent.record.folder import LOCK, locked
from clickwright.demo.oracle import Idle, Oracle
from clickwright.demo.runner import Played, play_all, read_seeds
from clickwright.demo.tasks import tasks_of
from clickwright.environments import BrowserEnvironment, MemoryEnvironment
from clickwright.errors import UsageError
from clickwright.policies import Policy, ScriptedPolicy, Turn
from clickwright.policies.blind import GREY, BlindPolicy
from clickwright.reliability.ends import CLICKWRIGHT, killed_demo
from clickwright.tools import Finish, Task
from hypothesis import given
from hypothesis import strategies as st

FEW = (2, 3)


async def played(policy: Policy, seeds: Iterable[int], folder: Path) -> list[Played]:
    environment = BrowserEnvironment()
    try:
        return [done async for done in play_all(seeds, policy=policy, environment=environment, run_dir=folder)]
    finally:
        await environment.close()


@pytest.fixture(scope="module")
def by_oracle(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Played]]:
    """Two seeds that the oracle has played, and where."""
    folder = tmp_path_factory.mktemp("oracle")
    return folder, asyncio.run(played(Oracle(), FEW, folder))


@pytest.mark.slow
def test_the_oracle_passes_every_task(by_oracle: tuple[Path, list[Played]]):
    done = by_oracle[1]
    assert [(one.passed, one.exit_code) for one in done] == [(True, 0)] * 6
    assert [one.steps for one in done if one.task.before.seed == 3] == [4, 4, 5]
    for one in done:
        assert "</html>" in one.report.read_text("utf-8")


@pytest.mark.nightly
async def test_the_oracle_passes_the_tasks_of_many_seeds(tmp_path: Path):
    """As `clickwright demo --player oracle --seed 1-20` does."""
    done = await played(Oracle(), range(1, 21), tmp_path)
    assert len(done) == 60
    assert [f"{one.task.name} {one.task.before.seed}: {one.reason}" for one in done if not one.passed] == []


async def test_a_folder_that_another_process_runs_in_is_told_of_before_a_site_is_started(tmp_path: Path):
    folder = tmp_path / "seed-2" / tasks_of(2)[0].name
    with locked(folder), pytest.raises(UsageError, match="another process is running in"):
        await played(Oracle(), [2], tmp_path)
    assert {path.name for path in folder.iterdir()} == {LOCK}


@pytest.mark.slow
async def test_doing_nothing_passes_no_task(tmp_path: Path):
    done = await played(Idle(), [1], tmp_path)
    assert [one.passed for one in done] == [False, False, False]
    assert all(one.exit_code != 0 and one.reason for one in done)


@pytest.mark.slow
async def test_a_demo_that_is_run_again_in_its_folder_does_nothing_twice(by_oracle: tuple[Path, list[Played]]):
    folder, first = by_oracle
    steps: list[Step] = []
    environment = BrowserEnvironment()
    again = play_all(FEW, policy=Oracle(), environment=environment, run_dir=folder, on_step=steps.append)
    assert [one.passed async for one in again] == [True] * len(first)
    await environment.close()
    assert steps == []


@pytest.mark.nightly
def test_a_killed_demo_goes_on_by_the_command_that_began_it(tmp_path: Path):
    command = [*CLICKWRIGHT, "demo", "--player", "oracle", "--run-dir", str(tmp_path)]
    process = subprocess.Popen(
        [*command, "--seed", "5"], stdout=subprocess.PIPE, text=True, cwd=tmp_path, start_new_session=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("  2  "):
            break
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    ended = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "passed 3 of 3" in ended.stdout
    assert "  1  " not in ended.stdout.split("passed")[0]


@pytest.mark.slow
def test_a_killed_run_of_the_demo_is_resumed_by_its_folder(tmp_path: Path):
    """In a real browser, with SIGKILL as soon as its first step is on disk; the whole demo is among the figures."""
    ended = killed_demo(tmp_path, resume="seed-5/shop")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "passed 1 of 1" in ended.stdout
    run = read_run(tmp_path / "seed-5" / "shop")
    assert [step.number for step in run.steps] == list(range(1, len(run.steps) + 1))


async def test_the_blind_control_sees_only_grey():
    seen = ScriptedPolicy([Finish(), Finish()])
    blind = BlindPolicy(seen)
    blind.reset(Task(goal="look"))
    environment = MemoryEnvironment([])
    observation = await environment.reset(Task(goal="look"))
    decision = blind.act(observation, [Turn(observation=observation)])
    assert decision.frame == observation.screenshot.frame
    (shown,) = seen.seen
    assert shown.screenshot.size == observation.screenshot.size
    assert (np.unique(shown.screenshot.pixels) == [GREY]).all()


@pytest.mark.parametrize(
    ("text", "seeds"), [("7", (7,)), ("1-3", (1, 2, 3)), ("3,5,8-10", (3, 5, 8, 9, 10)), (" 4 , 4-5 ", (4, 5))]
)
def test_seeds_are_read(text: str, seeds: tuple[int, ...]):
    assert read_seeds(text) == seeds


@given(st.text(max_size=30))
def test_any_other_text_is_no_seeds(text: str):
    try:
        seeds = read_seeds(text)
    except UsageError:
        return
    assert seeds
    assert all(str(seed).isdecimal() for seed in seeds)
