"""Plays episodes with their oracles and keeps what was seen and done in packs, for those that ended well.

    python -m clickwright.training.episodes.play --out DIR --count 300 --seed 100000

It goes on where it was stopped: a pack that is there is not made again.
"""

import argparse
import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from rich.progress import Progress

from ...environments.miniwob.environment import MiniWobEnvironment
from ...environments.miniwob.groups import SEARCHABLE, TAUGHT
from ...environments.miniwob.solve import MAX_ACTIONS, Oracle
from ...tools import Action, Click, Drag, Hover, Press, Scroll, SelectOption, TypeText, Wait, points_of
from ..packs import Row, encode, write_pack
from .tasks import FIRST_SEED, SCALE

SEEDS_A_PACK = 10
"""Episodes of each task in one pack."""

Step = tuple[bytes, Row]


async def episode(environment: MiniWobEnvironment, task: str, seed: int) -> list[Step]:
    """What was seen and done, step by step; nothing where the oracle found no way."""
    environment.name = task
    asked = await environment.task(seed)
    await environment.reset(asked)
    oracle, steps, done = Oracle(environment, search_s=1.5), list[Step](), list[Row]()
    while not environment.episode.done and len(done) < MAX_ACTIONS:
        action = await oracle.next(SCALE)
        if action is None:
            break
        seen = await environment.browser.glance()
        told = await _things(environment, action)
        said = _said(action)
        if said is not None:
            row = {"task": task, "seed": seed, "goal": asked.goal, "did": list(done), "does": said, **told}
            steps.append((encode(seen.screenshot.pixels), row))
            done.append(said)
        await environment.step(action)
    return steps if environment.episode.success else []


async def _things(environment: MiniWobEnvironment, action: Action) -> Row:
    places = points_of(action)
    at = [places[0].x / SCALE, places[0].y / SCALE] if places else None
    found: dict[str, Any] = await environment.run(_script(), at)
    return {"things": [_scaled(row, 3) for row in found["rows"]], "target": _scaled(found["target"], 2)}


def _scaled(row: list[Any] | None, texts: int) -> list[Any] | None:
    """A row of the script with its box in pixels of the picture."""
    return None if row is None else [*row[:texts], *(round(SCALE * side, 1) for side in row[texts:])]


def _said(action: Action) -> Row | None:
    """What is done as a row; None for waiting, which no picture asks for."""
    match action:
        case Click(point=point, count=count):
            return {"kind": "click", "x": point.x, "y": point.y, "count": count}
        case TypeText(text=str(text)):
            return {"kind": "type", "text": text}
        case SelectOption(point=point, label=label):
            return {"kind": "select", "x": point.x, "y": point.y, "text": label}
        case Scroll(point=point, dy=dy):
            return {"kind": "scroll", "x": point.x, "y": point.y, "dy": dy}
        case Hover(point=point):
            return {"kind": "hover", "x": point.x, "y": point.y}
        case Press(keys=keys):
            return {"kind": "press", "keys": list(keys)}
        case Drag():
            return {"kind": "drag"}
        case Wait():
            return None
        case _:
            raise AssertionError(f"an oracle did {action.kind}")


@cache
def _script() -> str:
    return (Path(__file__).parent / "things.js").read_text("utf-8").strip()


async def played(tasks: Sequence[str], seeds: Sequence[int]) -> AsyncIterator[list[Step]]:
    """Every episode, one task after the other, seed by seed, on one page."""
    environment = MiniWobEnvironment(device_scale=SCALE)
    try:
        for task in tasks:
            for seed in seeds:
                steps = await episode(environment, task, seed)
                if not steps:
                    await environment.close()  # whatever went wrong is over with the next browser
                yield steps
    finally:
        await environment.close()


async def play(out: Path, tasks: Sequence[str], first: int, count: int) -> None:
    """Packs of `SEEDS_A_PACK` episodes of each task, until there are `count` of each."""
    with Progress() as progress:
        bar = progress.add_task("episodes", total=count * len(tasks))
        for start in range(first, first + count, SEEDS_A_PACK):
            path = out / f"episodes-{start}.safetensors"
            seeds = range(start, min(start + SEEDS_A_PACK, first + count))
            if path.exists():
                progress.advance(bar, len(tasks) * len(seeds))
                continue
            steps = list[Step]()
            async for one in played(tasks, seeds):
                steps += one
                progress.advance(bar)
            write_pack(path, (picture for picture, _ in steps), (row for _, row in steps))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Play MiniWoB++ with oracles, and keep what was seen.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=100, help="episodes of each task")
    parser.add_argument("--seed", type=int, default=FIRST_SEED, help="the first episode's seed")
    parser.add_argument("--all", action="store_true", help="the tasks that are kept back too, for measuring")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    asyncio.run(play(given.out, SEARCHABLE if given.all else TAUGHT, given.seed, given.count))


if __name__ == "__main__":
    main()
