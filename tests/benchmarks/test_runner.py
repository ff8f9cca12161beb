"""The runner: the same rows however many workers there are, and no finished episode lost, whatever is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import clickwright
import psutil
import pytest
from clickwright.benchmarks.players import make_player
from clickwright.benchmarks.record import read_manifest, read_rows
from clickwright.benchmarks.row import Key, Row
from clickwright.benchmarks.runner.begin import Plan, plan_again, run_bench
from clickwright.benchmarks.suite import Choice, Clocks
from clickwright.cli import main
from clickwright.errors import EnvironmentLost, UsageError
from clickwright.options.model import MINI, Chosen

COMMAND = [sys.executable, "-c", "from clickwright.cli import main; main()", "bench"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(clickwright.__file__).parent.parent)}


def plan(
    folder: Path,
    *tasks: str,
    player: str = "oracle",
    episodes: int = 3,
    workers: int = 1,
    act_s: float = 60.0,
    tries: int = 2,
    retry_errors: bool = False,
    **settings: str,
) -> Plan:
    return Plan(
        suite="rehearsal",
        player=make_player(player, Chosen(model=MINI)),
        choice=Choice(tasks=tasks, episodes=episodes, settings=settings),
        folder=folder,
        workers=workers,
        clocks=Clocks(act_s=act_s),
        tries=tries,
        retry_errors=retry_errors,
    )


def rows(folder: Path) -> dict[Key, Row]:
    """The rows without their times, which are never the same twice."""
    return {key: row.model_copy(update={"seconds": {}}) for key, row in read_rows(folder).by_key.items()}


@pytest.mark.slow
@pytest.mark.parametrize(("player", "solved"), [("oracle", {True}), ("noop", {False}), ("random", {True, False})])
def test_one_and_three_workers_give_the_same_rows(tmp_path: Path, player: str, solved: set[bool]) -> None:
    run_bench(plan(tmp_path / "one", player=player, episodes=6))
    run_bench(plan(tmp_path / "three", player=player, episodes=6, workers=3))
    assert rows(tmp_path / "one") == rows(tmp_path / "three")
    assert {row.success for row in rows(tmp_path / "one").values()} <= solved
    assert read_manifest(tmp_path / "three").ended_at is not None


@pytest.mark.slow
def test_a_worker_that_dies_or_loses_its_screen_is_replaced_and_the_episode_made_again(tmp_path: Path) -> None:
    once = tmp_path / "once"
    once.mkdir()
    folder = run_bench(plan(tmp_path / "run", "press", "die", "lose", workers=2, once=str(once)))
    found = rows(folder)
    assert len(found) == 9
    assert all(row.success and row.error is None for row in found.values())
    assert len(list(once.iterdir())) == 6


@pytest.mark.slow
def test_an_episode_that_hangs_is_killed_and_told_apart_from_a_failure(tmp_path: Path) -> None:
    folder = run_bench(plan(tmp_path, "hang", "press", episodes=1, act_s=4.0, tries=1))
    hung, pressed = rows(folder).values()
    assert (hung.error, hung.score, hung.success) == ("worker", None, None)
    assert "did not step within 4 s" in hung.reason
    assert pressed.success is True


def test_errors_are_tried_again_when_that_is_asked_for_and_only_they(tmp_path: Path) -> None:
    once = tmp_path / "once"
    once.mkdir()
    folder = tmp_path / "run"
    run_bench(plan(folder, "press", "die", episodes=2, tries=1, once=str(once)))
    before = rows(folder)
    assert [row.error for row in before.values()] == [None, None, "worker", "worker"]
    run_bench(plan(folder, "press", "die", episodes=2, tries=1, once=str(once)))
    assert rows(folder) == before
    run_bench(plan_again(folder, retry_errors=True))
    assert all(row.success for row in rows(folder).values())
    assert read_rows(folder).lines == 6


@pytest.mark.slow
def test_a_run_that_only_breaks_is_ended_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentLost, match="5 attempts in a row could not be made, the last: the worker ended"):
        run_bench(plan(tmp_path, "die", episodes=9, tries=1))
    assert len(rows(tmp_path)) == 5


def test_the_folder_of_another_run_is_left_alone(tmp_path: Path) -> None:
    run_bench(plan(tmp_path, episodes=1))
    with pytest.raises(UsageError, match="holds a run with another choice"):
        run_bench(plan(tmp_path, episodes=2))
    with pytest.raises(UsageError, match="holds a run with another player"):
        run_bench(plan(tmp_path, player="noop", episodes=1))


def _descendants(folder: Path) -> list[int]:
    """Workers that still run for a benchmark."""
    return [
        process.pid
        for process in psutil.process_iter(["cmdline", "environ"])
        if "clickwright.benchmarks.worker" in (process.info["cmdline"] or ())
        and (process.info["environ"] or {}).get("BENCH_TEST") == str(folder)
    ]


@pytest.mark.slow
def test_a_run_killed_in_the_middle_goes_on_to_the_same_rows(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    options = ["--player", "oracle", "--task", "wait", "--episodes", "8", "--set", "delay_ms=200", "--workers", "2"]
    killed = subprocess.Popen(
        [*COMMAND, "run", "rehearsal", *options, "--run-dir", str(folder)],
        env={**ENVIRONMENT, "BENCH_TEST": str(folder)},
        stdout=subprocess.DEVNULL,
    )
    results = folder / "results.jsonl"
    until = time.monotonic() + 60
    while not (results.exists() and results.read_bytes().count(b"\n") >= 2):
        assert time.monotonic() < until
        assert killed.poll() is None
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    finished = rows(folder)
    assert 2 <= len(finished) < 8
    again = subprocess.run([*COMMAND, "run", "--resume", str(folder)], env=ENVIRONMENT, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    whole = run_bench(plan(tmp_path / "whole", "wait", episodes=8, delay_ms="1"))
    assert rows(folder) == rows(whole)
    assert finished.items() <= rows(folder).items()
    until = time.monotonic() + 20
    while _descendants(folder) and time.monotonic() < until:
        time.sleep(0.1)
    assert _descendants(folder) == []


def test_a_wrong_line_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def said(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["clickwright", "bench", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 2
        return capfd.readouterr().err.strip().splitlines()[-1]

    assert "there is no suite 'miniwop'; did you mean miniwob or" in said("run", "miniwop")
    assert "the rehearsal has no task 'pres'" in said("run", "rehearsal", "--task", "pres", "--player", "noop")
    assert "holds no benchmark run" in said("run", "--resume", str(tmp_path))
    assert "leave out --seed" in said("run", "--resume", str(tmp_path), "--seed", "3")
    assert "--set wants NAME=VALUE" in said("run", "rehearsal", "--set", "delay")


def test_a_row_is_one_line_of_json_that_says_everything(tmp_path: Path) -> None:
    folder = run_bench(plan(tmp_path, episodes=1))
    (line,) = (folder / "results.jsonl").read_text("utf-8").splitlines()
    told = json.loads(line)
    assert (told["task"], told["ended"], told["steps"]) == ("press", "over", 1)
    assert {"total", "setup", "decide", "act", "score"} <= told["seconds"].keys()
