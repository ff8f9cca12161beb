"""Runs the tasks of the demo: a real browser, any policy, the site as a process of its own."""

import time
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ..agent import Agent, Result, Step, read_run
from ..agent.record.begun import Begun
from ..agent.record.folder import locked
from ..agent.view import write_report
from ..environments import Environment
from ..errors import ClickwrightError, UsageError
from ..policies import Policy
from .process import SITE, SiteProcess
from .state import read_state
from .tasks import DemoTask, tasks_of

MAX_SEEDS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One task that was run to its end. `passed` is what the site says, whatever the model believes."""

    task: DemoTask
    passed: bool
    reason: str
    exit_code: int
    steps: int
    seconds: float
    report: Path


def read_seeds(text: str) -> tuple[int, ...]:
    """The seeds that `7`, `1-20` or `3,5,8-10` name, in order. Raises UsageError for anything else."""
    seeds: list[int] = []
    for part in text.split(","):
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        if not _is_seed(first) or (dash and not _is_seed(last)) or (dash and int(last) < int(first)):
            raise UsageError(f"seeds are written like 7, 1-20 or 3,5,8-10, not {text[:100]!r}")
        seeds.extend(range(int(first), min(int(last or first), int(first) + MAX_SEEDS) + 1))
    if len(seeds) > MAX_SEEDS:
        raise UsageError(f"at most {MAX_SEEDS} seeds are run at once, {text[:100]!r} names more")
    return tuple(dict.fromkeys(seeds))


async def play_all(
    seeds: Iterable[int],
    *,
    policy: Policy,
    environment: Environment,
    run_dir: Path,
    begun: Begun | None = None,
    on_task: Callable[[int, DemoTask], None] | None = None,
    on_step: Callable[[Step], None] | None = None,
) -> AsyncGenerator[Played]:
    """Every task of every seed, each in a folder of its own; what an earlier run has done there is not done again.

    Raises EnvironmentLost and ModelUnavailable when the browser or the model cannot go on. The environment stays
    open.
    """
    for seed in seeds:
        for task in tasks_of(seed):
            if on_task is not None:
                on_task(seed, task)
            folder = run_dir / f"seed-{seed}" / task.name
            yield await play(task, policy=policy, environment=environment, folder=folder, begun=begun, on_step=on_step)


async def play_one(
    task: DemoTask,
    *,
    policy: Policy,
    environment: Environment,
    folder: Path,
    on_step: Callable[[Step], None] | None = None,
) -> AsyncGenerator[Played]:
    """One task alone."""
    yield await play(task, policy=policy, environment=environment, folder=folder, on_step=on_step)


def task_in(folder: Path) -> DemoTask:
    """The task that the run in a folder is about. Raises UsageError where it is none of the demo."""
    seed, info = read_state(folder / SITE).seed, read_run(folder).info
    for task in tasks_of(seed):
        if info is not None and info.task.goal == task.goal:
            return task
    raise UsageError(f"{folder} holds no task of the demo")


async def play(
    task: DemoTask,
    *,
    policy: Policy,
    environment: Environment,
    folder: Path,
    begun: Begun | None = None,
    on_step: Callable[[Step], None] | None = None,
) -> Played:
    """One task, from its start or from where it was interrupted.

    Raises UsageError where another process runs in the folder, whose site would be in the way of a second one.
    """
    began = time.monotonic()
    with locked(folder):  # the agent takes the lock again, but only once the site has started
        pass
    with SiteProcess(folder, task.before) as site:
        agent = _agent(task, site.url, policy, environment, folder, begun)
        result = await agent.arun(on_step=on_step)
        passed = task.is_done(site.state)
    return Played(
        task=task,
        passed=passed,
        reason="" if passed else _reason(result),
        exit_code=0 if passed else result.exit_code or ClickwrightError.exit_code,
        steps=len(result.steps),
        seconds=time.monotonic() - began,
        report=write_report(folder),
    )


def _agent(
    task: DemoTask, url: str, policy: Policy, environment: Environment, folder: Path, begun: Begun | None
) -> Agent:
    if (folder / "run.json").exists():
        return Agent.resume(folder, policy=policy, environment=environment, keep_open=True)
    return Agent(
        task.task(url),
        policy=policy,
        environment=environment,
        run_dir=folder,
        keep_open=True,
        screen_tells=True,  # the pages of the demo show all that was done on them
        begun=begun,
    )


def _reason(result: Result) -> str:
    if result.status == "success":
        return "the steps were done, but the site does not hold what was asked for"
    return result.reason


def _is_seed(text: str) -> bool:
    return text.isdecimal() and len(text) <= 9
