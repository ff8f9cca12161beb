"""Workers in a cluster of Ray: the same rows as without it, and no finished episode lost, whatever is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from unittest.mock import AsyncMock

import clickwright
import psutil
import pytest
from clickwright.benchmarks.players import make_player
from clickwright.benchmarks.record import read_manifest, read_rows
from clickwright.benchmarks.row import Key, Row
from clickwright.benchmarks.runner.begin import Plan, run_bench
from clickwright.benchmarks.runner.machines import Machines
from clickwright.benchmarks.suite import Choice, Clocks
from clickwright.benchmarks.worker.link import NoPlace
from clickwright.benchmarks.worker.wire import Request
from clickwright.errors import UsageError
from clickwright.options.model import MINI, Chosen

ray = pytest.importorskip("ray", reason="Ray is an extra: pip install 'clickwright[ray]'")

from clickwright.benchmarks.worker import on_ray  # noqa: E402
from ray.cluster_utils import Cluster  # noqa: E402

COMMAND = [sys.executable, "-c", "from clickwright.cli import main; main()", "bench", "run"]
QUICK = {  # a node that is gone is noticed after 2 s and not after 15
    "RAY_health_check_initial_delay_ms": "500",
    "RAY_health_check_period_ms": "500",
    "RAY_health_check_timeout_ms": "500",
    "RAY_health_check_failure_threshold": "3",
}
ENVIRONMENT = {**os.environ, **QUICK, "PYTHONPATH": str(Path(clickwright.__file__).parent.parent)}
UNTIL_S = 90.0

# Ray leaves the pipes and files of the processes that it starts to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A machine with four processors, to which this process belongs. That it has two GPUs is only said."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**QUICK, "PYTHONPATH": ENVIRONMENT["PYTHONPATH"], "RAY_USAGE_STATS_ENABLED": "0"}.items():
            patch.setenv(name, value)
        made = Cluster(initialize_head=True, head_node_args={"num_cpus": 4, "num_gpus": 2, "include_dashboard": False})
        with on_ray.cluster(made.address, workers=4, cpus=1.0):
            yield made
        made.shutdown()


def plan(
    folder: Path,
    *tasks: str,
    player: str = "oracle",
    episodes: int = 3,
    workers: int = 2,
    act_s: float = 60.0,
    tries: int = 2,
    address: str | None = "auto",
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
        ray=None if address is None else Machines(address=address),
    )


def rows(folder: Path) -> dict[Key, Row]:
    """The rows without their times, which are never the same twice."""
    return {key: row.model_copy(update={"seconds": {}}) for key, row in read_rows(folder).by_key.items()}


def wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + UNTIL_S
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


def lines(folder: Path) -> int:
    results = folder / "results.jsonl"
    return results.read_bytes().count(b"\n") if results.exists() else 0


# First, before this process belongs to a cluster.
@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ray://127.0.0.1:1", "run the command on a machine of the cluster"),
        ("nowhere", "a cluster of Ray is at HOST:PORT, auto or local, not at 'nowhere'"),
        ("127.0.0.1:1", "there is no cluster of Ray at 127.0.0.1:1: "),
    ],
)
def test_a_cluster_that_is_not_there_is_told_in_one_sentence(address: str, words: str) -> None:
    with pytest.raises(UsageError, match=words), on_ray.cluster(address, workers=1, cpus=1.0):
        pass


@pytest.mark.slow
@pytest.mark.usefixtures("cluster")
async def test_an_actor_is_killed_whatever_its_end_is_like(monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[object] = []
    monkeypatch.setattr(on_ray._ray, "kill", killed.append)
    link = on_ray.RayLink(Request(do="open", suite="rehearsal", choice=Choice()), places=on_ray.Places(1.0))
    for fault in (NoPlace("Ray has ended"), ValueError("a fault")):
        monkeypatch.setattr(link, "_exchange", AsyncMock(side_effect=fault))
        monkeypatch.setattr(link, "_actor", fault)
        with nullcontext() if isinstance(fault, NoPlace) else pytest.raises(ValueError, match="a fault"):
            await link.close(1.0)
        assert killed[-1] is fault


def test_one_and_four_workers_and_ray_give_the_same_rows(tmp_path: Path) -> None:
    for name, workers, address in (("one", 1, None), ("four", 4, None), ("ray", 4, "auto")):
        run_bench(plan(tmp_path / name, player="random", episodes=8, workers=workers, address=address))
    assert rows(tmp_path / "one") == rows(tmp_path / "four") == rows(tmp_path / "ray")
    assert len(rows(tmp_path / "ray")) == 8
    assert read_manifest(tmp_path / "ray").ended_at is not None


@pytest.mark.slow
@pytest.mark.usefixtures("cluster")
def test_an_actor_that_dies_or_loses_its_screen_is_replaced_and_the_episode_made_again(tmp_path: Path) -> None:
    once = tmp_path / "once"
    once.mkdir()
    found = rows(run_bench(plan(tmp_path / "run", "press", "die", "lose", episodes=2, once=str(once))))
    assert len(found) == 6
    assert all(row.success and row.error is None for row in found.values())
    assert len(list(once.iterdir())) == 4


@pytest.mark.slow
@pytest.mark.usefixtures("cluster")
def test_an_actor_that_hangs_is_killed_and_told_apart_from_a_failure(tmp_path: Path) -> None:
    folder = run_bench(plan(tmp_path, "hang", "press", "die", episodes=1, act_s=4.0, tries=1, workers=1))
    hung, pressed, died = rows(folder).values()
    assert (hung.error, hung.score, hung.success) == ("worker", None, None)
    assert hung.reason == "the worker did not step within 4 s, and was killed"
    assert pressed.success is True
    assert died.error == "worker"
    assert "the worker ended: " in died.reason
    wait_for(lambda: not actors())


def actors() -> list[str]:
    return [name for process in psutil.process_iter(["cmdline"]) if "ray::Actor" in (name := str(process.info))]


@pytest.mark.slow
@pytest.mark.usefixtures("cluster")
def test_a_cluster_that_is_too_small_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the cluster has processors for 4 workers with 1 each, not for 5"):
        run_bench(plan(tmp_path / "five", episodes=9, workers=5))
    three = replace(plan(tmp_path / "three", player="model"), ray=Machines(models=3))
    with pytest.raises(UsageError, match="the cluster has 2 GPUs, one for a model each, and not 3"):
        run_bench(three)
    with pytest.raises(UsageError, match="the oracle player has no model"):
        run_bench(replace(plan(tmp_path / "none"), ray=Machines(models=1)))
    with pytest.raises(UsageError, match="a worker needs a part of a processor"):
        Machines(cpus=0)


@pytest.mark.nightly
@pytest.mark.usefixtures("cluster")
def test_a_model_in_two_actors_gives_the_same_rows_and_one_that_dies_is_loaded_again(tmp_path: Path) -> None:
    def played(name: str, machines: Machines | None) -> dict[Key, Row]:
        choice = Choice(episodes=4)
        player = make_player("model", Chosen(model=MINI, device="cpu"))
        made = Plan(suite="rehearsal", player=player, choice=choice, folder=tmp_path / name, workers=2, ray=machines)
        found = rows(run_bench(replace(made, max_steps=1)))
        # How sure it is depends in the fourth digit on what of the prompt its memory knew from the episode before.
        return {key: row.model_copy(update={"confidence": None}) for key, row in found.items()}

    def loaded() -> list[psutil.Process]:
        return [process for process in psutil.process_iter(["cmdline"]) if "ray::ModelActor" in str(process.info)]

    def end_one() -> None:
        wait_for(lambda: lines(tmp_path / "there") >= 1 and len(loaded()) == 2)
        loaded()[0].kill()

    ending = threading.Thread(target=end_one)
    ending.start()
    there = played("there", Machines(models=2))
    ending.join()
    assert there == played("here", None)
    assert read_manifest(tmp_path / "there").player == read_manifest(tmp_path / "here").player


@pytest.mark.nightly
def test_a_machine_that_goes_takes_no_finished_episode_with_it_and_the_others_do_the_rest(
    tmp_path: Path, cluster: Cluster
) -> None:
    second = cluster.add_node(num_cpus=2)
    folder = tmp_path / "run"

    def end_it() -> None:
        wait_for(lambda: lines(folder) >= 6)
        assert second.all_processes["raylet"]
        for each in second.all_processes["raylet"]:
            each.process.kill()

    ending = threading.Thread(target=end_it)
    ending.start()
    run_bench(plan(folder, "wait", episodes=30, workers=6, delay_ms="300"))
    ending.join()
    assert len(rows(folder)) == 30
    assert all(row.success and row.error is None for row in rows(folder).values())
    assert lines(folder) == 30
    assert sum(node["Alive"] for node in ray.nodes()) == 1
    cluster.remove_node(second, allow_graceful=False)


@contextmanager
def begun(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The command with a Ray of its own, when two episodes are done."""
    words = ["rehearsal", "--player", "oracle", "--task", "wait", "--episodes", "8", "--set", "delay_ms=400"]
    options = ["--workers", "2", "--ray", "local", "--run-dir", str(folder)]
    with subprocess.Popen(
        [*COMMAND, *words, *options],
        env={**ENVIRONMENT, "BENCH_TEST": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as command:
        wait_for(lambda: lines(folder) >= 2 or command.poll() is not None)
        assert command.poll() is None
        yield command
        command.kill()


def go_on(folder: Path, finished: dict[Key, Row], *words: str) -> None:
    """Resume, and end with the rows of a run that nothing happened to."""
    assert 2 <= len(finished) < 8
    again = [*COMMAND, "--resume", str(folder), *words]
    done = subprocess.run(again, env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    whole = run_bench(plan(folder.parent / "whole", "wait", episodes=8, address=None, delay_ms="1"))
    assert rows(folder) == rows(whole)
    assert finished.items() <= rows(folder).items()


def processes_of(folder: Path) -> list[psutil.Process]:
    """What runs for a benchmark, Ray's own processes too."""
    return [
        process
        for process in psutil.process_iter(["environ"])
        if (process.info["environ"] or {}).get("BENCH_TEST") == str(folder)
    ]


@pytest.mark.nightly
def test_a_command_killed_in_the_middle_leaves_nothing_running_and_goes_on_to_the_same_rows(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    with begun(folder) as command:
        command.send_signal(signal.SIGKILL)
        command.wait()
    finished = rows(folder)
    wait_for(lambda: not processes_of(folder))
    assert all(row.error is None for row in finished.values())
    go_on(folder, finished, "--ray", "local")


@pytest.mark.nightly
def test_where_ray_itself_ends_the_run_ends_with_one_sentence_and_goes_on_without_it(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    with begun(folder) as command:
        (raylet,) = [process for process in processes_of(folder) if process.name() == "raylet"]
        raylet.kill()
        _, said = command.communicate(timeout=UNTIL_S)
    assert command.returncode == 4
    assert "Ray has ended on this machine; what is finished is kept, and --resume goes on" in said.splitlines()[-1]
    assert all(row.error is None for row in rows(folder).values())
    go_on(folder, rows(folder))
