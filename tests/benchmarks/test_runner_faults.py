"""What must not be lost, doubled or scored when something goes wrong around an episode, and what is refused."""

import asyncio
import os
import signal
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import pytest
from clickwright.benchmarks.folder import BenchFolder
from clickwright.benchmarks.players import make_player
from clickwright.benchmarks.players.player import PolicyOf
from clickwright.benchmarks.record import read_manifest, read_rows
from clickwright.benchmarks.row import Key, Row
from clickwright.benchmarks.runner.begin import Plan, plan_again, run_anew, run_bench
from clickwright.benchmarks.runner.drive import Work
from clickwright.benchmarks.suite import Choice, Stage, Subject
from clickwright.benchmarks.worker.link import ProcessLink
from clickwright.benchmarks.worker.remote import RemoteStage
from clickwright.benchmarks.worker.wire import Answer, packed
from clickwright.errors import EnvironmentLost, UsageError
from clickwright.options.model import MINI, Chosen
from clickwright.policies import Decision, Turn
from clickwright.screen import Observation
from clickwright.tools import Finish, Task


def plan(folder: Path, *tasks: str, player: str = "oracle", **more: object) -> Plan:
    choice = Choice(tasks=tasks or ("press",), episodes=2)
    plan = Plan(suite="rehearsal", player=make_player(player, Chosen(model=MINI)), choice=choice, folder=folder)
    return plan if not more else type(plan)(**{name: getattr(plan, name) for name in plan.__slots__} | more)


class Killer:
    """A player who kills its worker while it thinks, the first time, and then calls the episode done."""

    name = "noop"
    has_model = False

    def __init__(self) -> None:
        self.kills = 0

    def at(self, stage: Stage) -> PolicyOf:
        assert isinstance(stage, RemoteStage)
        assert isinstance(stage.link, ProcessLink)
        return lambda key: _Kills(self, stage.link)  # pyright: ignore[reportArgumentType]

    def subject(self) -> Subject:
        raise UsageError("it answers no questions")


class _Kills:
    def __init__(self, killer: Killer, link: ProcessLink) -> None:
        self._killer, self._link = killer, link

    def reset(self, task: Task) -> None:
        pass

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        if not self._killer.kills and self._link.pid is not None:
            self._killer.kills += 1
            os.kill(self._link.pid, signal.SIGKILL)
            signal.sigtimedwait([], 0.5)  # until the loop knows
        return Decision(actions=(Finish(status="success"),), frame=observation.screenshot.frame)


def test_a_worker_that_dies_while_the_policy_thinks_takes_its_episode_with_it(tmp_path: Path) -> None:
    killer = Killer()
    folder = run_bench(Plan(suite="rehearsal", player=killer, choice=Choice(), folder=tmp_path, tries=1))
    (row,) = read_rows(folder).every
    assert killer.kills == 1
    assert (row.error, row.score) == ("worker", None)


def test_what_is_kept_stays_when_a_run_goes_on(tmp_path: Path) -> None:
    run_bench(plan(tmp_path, player="noop", keep="failed"))
    rows = read_rows(tmp_path).every
    assert all((tmp_path / row.trajectory / "run.json").exists() for row in rows)
    path = tmp_path / "results.jsonl"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])  # as if the second had not been made
    run_bench(plan_again(tmp_path))
    assert all((tmp_path / row.trajectory / "run.json").exists() for row in read_rows(tmp_path).every)
    assert read_manifest(tmp_path).keep == "failed"


@pytest.mark.slow
def test_a_proof_is_made_again_and_only_what_is_unfinished_goes_on(tmp_path: Path) -> None:
    run_anew(plan(tmp_path))
    first = read_manifest(tmp_path).began_at
    run_anew(plan(tmp_path))
    assert read_manifest(tmp_path).began_at > first
    run_anew(plan(tmp_path, "press", "wait"))
    assert {row.task for row in read_rows(tmp_path).every} == {"press", "wait"}
    (tmp_path / "run.json").write_text("{")
    run_anew(plan(tmp_path))
    assert len(read_rows(tmp_path).every) == 2


def test_a_folder_that_another_process_writes_is_not_emptied(tmp_path: Path) -> None:
    folder = BenchFolder(tmp_path)
    folder.append(Row(task="a", score=1))
    with folder.locked(), pytest.raises(UsageError, match="another process is running"):
        run_anew(plan(tmp_path))
    assert len(read_rows(tmp_path).every) == 1


def test_a_folder_is_emptied_but_for_its_lock(tmp_path: Path) -> None:
    folder = BenchFolder(tmp_path)
    (tmp_path / "trajectories" / "a").mkdir(parents=True)
    folder.append(Row(task="a", score=1))
    with folder.locked():
        folder.empty()
        assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def attempts(folder: Path, *keys: Key, broken: str) -> list[Row]:
    """What is attempted of these by one worker, where whatever a name begins with `broken` breaks."""
    rows: list[Row] = []

    async def attempt(key: Key) -> Row:
        error = "environment" if key.task.startswith(broken) else None
        return Row(task=key.task, seed=key.seed, error=error, score=None if error else 1)

    work = Work(folder=BenchFolder(folder), left=deque(keys), tell=rows.append)
    work.at_work = 1
    asyncio.run(work.all_by(attempt))
    return rows


def test_errors_of_one_task_do_not_end_the_others(tmp_path: Path) -> None:
    """As where the application of one task is not there."""
    assert len(attempts(tmp_path, *Choice(episodes=7).keys(("bad", "good")), broken="bad")) == 14
    assert len(attempts(tmp_path, *Choice(episodes=7).keys(("good", "bad")), broken="bad")) == 14
    assert len(attempts(tmp_path, *Choice().keys(f"bad {n}" for n in range(5)), broken="bad")) == 5
    with pytest.raises(EnvironmentLost, match="5 attempts in a row could not be made"):
        attempts(tmp_path, *Choice(episodes=3).keys(("bad 1", "bad 2")), broken="bad")
    with pytest.raises(EnvironmentLost, match="5 attempts in a row could not be made"):
        attempts(tmp_path, *Choice(episodes=6).keys(("bad",)), broken="bad")


def test_a_fault_of_a_stage_is_told_by_its_last_line(tmp_path: Path) -> None:
    run_bench(plan(tmp_path, "fault", tries=1))
    assert {(row.error, row.reason) for row in read_rows(tmp_path).every} == {
        ("worker", "the worker ended: ValueError: a fault in the stage itself")
    }


@pytest.mark.parametrize(
    ("suite", "more", "sentence"),
    [
        ("rehearsal", {"max_steps": 3}, "the oracle player has no limits"),
        ("rehearsal", {"choice": Choice(limit=3)}, "has episodes: choose them by tasks and seeds"),
        ("screenspot", {"keep": "all"}, "has samples: leave out the limits"),
        ("screenspot", {"choice": Choice(episodes=5)}, "which have no seeds: ask each more often by repeats"),
        ("screenspot", {"choice": Choice(seed=3)}, "which have no seeds"),
        ("rehearsal", {"workers": 0}, "1 to 256 workers"),
    ],
)
def test_what_would_do_nothing_is_refused(suite: str, more: dict[str, object], sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        Plan(suite=suite, player=make_player("oracle", Chosen(model=MINI)), **more)  # pyright: ignore[reportArgumentType]


def test_a_row_that_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    folder = BenchFolder(tmp_path)
    with pytest.raises(UsageError, match="the row of a seed 0 is none"):
        folder.append(Row(task="a").model_copy(update={"score": 1.5}))
    folder.append(Row(task="b").model_copy(update={"reason": "half \ud83d of a sign"}))
    assert read_rows(tmp_path).by_key.keys() == {Key(task="b")}


def test_half_a_character_of_a_page_does_not_break_the_line() -> None:
    answer = Answer(reason="half \ud83d of a sign")
    assert "half" in Answer.model_validate_json(packed(answer)[4:]).reason
