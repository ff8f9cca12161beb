"""The demo as it is watched in a terminal."""

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from rich.console import Console
from rich.text import Text

from ..agent.front import cancelled_by_sigterm
from ..agent.record.begun import Begun
from ..environments import Environment
from ..errors import ClickwrightError, UsageError
from ..policies import Policy
from ..terminal import print_step, print_verdict
from .runner import Played, play_all, play_one, read_seeds, task_in
from .tasks import DemoTask

DEMO = "demo.json"
NEW_SEEDS = 10_000


class Demo(BaseModel):
    """What demo.json holds, so that an interrupted demo goes on with the same seeds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seeds: tuple[int, ...]
    begun: Begun | None = None
    """None for a demo of an older version."""


def new_folder() -> Path:
    """Where a new demo is kept."""
    return Path("runs") / datetime.now(UTC).strftime("demo-%Y%m%d-%H%M%S")


def choose_seeds(folder: Path, asked: str) -> tuple[int, ...]:
    """The seeds that are asked for, else those of an earlier demo in this folder, else a new one.

    Raises UsageError for seeds that cannot be read, and for a folder whose demo had others.
    """
    seeds = read_seeds(asked) if asked else ()
    if (folder / DEMO).exists():
        known = read_demo(folder).seeds
        if seeds and seeds != known:
            raise UsageError(f"{folder} holds a demo with other seeds; leave them out, or choose another folder")
        return known
    return seeds or (random.randrange(NEW_SEEDS),)


def read_demo(folder: Path) -> Demo:
    """The demo in a folder. Raises UsageError where it cannot be read."""
    path = folder / DEMO
    try:
        return Demo.model_validate_json(path.read_bytes())
    except ValidationError:
        raise UsageError(f"{path} is not that of a demo") from None


def show(
    console: Console,
    seeds: tuple[int, ...],
    *,
    policy: Policy,
    environment: Environment,
    folder: Path,
    begun: Begun | None = None,
) -> int:
    """Run the tasks of these seeds, or what an interrupted demo in the folder has left of them; the exit code.

    0 when every task passed; for a single seed that of the first task that did not, 1 for several.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DEMO).write_text(Demo(seeds=seeds, begun=begun).model_dump_json(), encoding="utf-8")
    is_one = len(seeds) == 1
    plays = play_all(
        seeds,
        policy=policy,
        environment=environment,
        run_dir=folder,
        begun=begun,
        on_task=lambda seed, task: _announce(console, seed, task, is_one=is_one),
        on_step=(lambda step: print_step(console, step)) if is_one else None,
    )
    return asyncio.run(_show(console, plays, environment, is_one=is_one))


def show_one(console: Console, *, policy: Policy, environment: Environment, folder: Path) -> int:
    """Go on with the run of one task of a demo; the exit code."""
    task = task_in(folder)
    _announce(console, task.before.seed, task, is_one=True)
    plays = play_one(
        task,
        policy=policy,
        environment=environment,
        folder=folder,
        on_step=lambda step: print_step(console, step),
    )
    return asyncio.run(_show(console, plays, environment, is_one=True))


async def _show(console: Console, plays: AsyncGenerator[Played], environment: Environment, *, is_one: bool) -> int:
    done: list[Played] = []
    try:
        with cancelled_by_sigterm():
            async with aclosing(plays) as all_played:
                async for played in all_played:
                    done.append(played)
                    _conclude(console, played, is_one=is_one)
    finally:
        await environment.close()
    return _sum_up(console, done, is_one=is_one)


def _announce(console: Console, seed: int, task: DemoTask, *, is_one: bool) -> None:
    if is_one:
        console.print(Text.assemble((f"\n{task.goal}", "bold"), (f"   {task.name}, seed {seed}", "dim")))


def _conclude(console: Console, played: Played, *, is_one: bool) -> None:
    word = "passed" if played.passed else "failed"
    if is_one:
        print_verdict(console, word, played.reason, is_good=played.passed)
        console.print(f"{played.steps} steps, {played.seconds:.1f} s, report: {played.report}", style="dim")
        return
    console.print(
        Text.assemble(
            f"seed {played.task.before.seed:>4}  {played.task.name:<9}",
            (word, "green" if played.passed else "red"),
            (f"  {played.steps} steps, {played.seconds:.1f} s", "dim"),
            "" if played.passed else f"  {played.reason}  {played.report}",
        )
    )


def _sum_up(console: Console, done: list[Played], *, is_one: bool) -> int:
    passed = sum(played.passed for played in done)
    everything = passed == len(done)
    console.print()
    print_verdict(console, f"passed {passed} of {len(done)}", "", is_good=everything)
    if everything:
        return 0
    return next(played.exit_code for played in done if not played.passed) if is_one else ClickwrightError.exit_code
