"""The demo as it is watched in a terminal."""

import asyncio
import random
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from rich.console import Console
from rich.text import Text

from ..environments import Environment
from ..errors import ClickwrightError, UsageError
from ..policies import Policy
from ..terminal import print_step, print_verdict
from .runner import Played, play_all, read_seeds
from .tasks import DemoTask

NEW_SEEDS = 10_000


class Demo(BaseModel):
    """What demo.json holds, so that an interrupted demo goes on with the same seeds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seeds: tuple[int, ...]


def new_folder() -> Path:
    """Where a new demo is kept."""
    return Path("runs") / datetime.now(UTC).strftime("demo-%Y%m%d-%H%M%S")


def choose_seeds(folder: Path, asked: str) -> tuple[int, ...]:
    """The seeds that are asked for, else those of an earlier demo in this folder, else a new one.

    Raises UsageError for seeds that cannot be read, and for a folder whose demo had others.
    """
    path = folder / "demo.json"
    seeds = read_seeds(asked) if asked else ()
    if path.exists():
        try:
            known = Demo.model_validate_json(path.read_bytes()).seeds
        except ValidationError:
            raise UsageError(f"{path} is not that of a demo") from None
        if seeds and seeds != known:
            raise UsageError(f"{folder} holds a demo with other seeds; leave them out, or choose another folder")
        return known
    return seeds or (random.randrange(NEW_SEEDS),)


def show(console: Console, seeds: tuple[int, ...], *, policy: Policy, environment: Environment, folder: Path) -> int:
    """Run the tasks of these seeds, or what an interrupted demo in the folder has left of them; the exit code.

    0 when every task passed; for a single seed that of the first task that did not, 1 for several.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "demo.json").write_text(Demo(seeds=seeds).model_dump_json(), encoding="utf-8")
    return asyncio.run(_show(console, seeds, policy, environment, folder))


async def _show(
    console: Console, seeds: tuple[int, ...], policy: Policy, environment: Environment, folder: Path
) -> int:
    is_one = len(seeds) == 1
    done: list[Played] = []
    try:
        async for played in play_all(
            seeds,
            policy=policy,
            environment=environment,
            run_dir=folder,
            on_task=lambda seed, task: _announce(console, seed, task, is_one=is_one),
            on_step=(lambda step: print_step(console, step)) if is_one else None,
        ):
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
