"""Plays episodes with their oracles and keeps what was seen and done in packs, for those that ended well.

    python -m clickwright.training.episodes.play --out DIR --count 300 --seed 100000 --tiles 12

It goes on where it was stopped: an episode that was played into the folder before is not played again, other seeds and
tasks are added to what is there. Beside each pack stands a list of the episodes that did not end well. Without tiles
every episode is played alone in a page of its own, as one that is measured is.
"""

import argparse
import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from playwright.async_api import async_playwright
from rich.progress import Progress

from ...environments import find_browser
from ...environments.miniwob.environment import MiniWobEnvironment
from ...environments.miniwob.groups import SEARCHABLE, TAUGHT
from ...environments.miniwob.solve import MAX_ACTIONS, Oracle, Played, rule_names
from ...errors import EnvironmentLost
from ...exits import in_one_sentence
from ...tools import Action, Click, Drag, Hover, Press, Scroll, SelectOption, TypeText, Wait, points_of
from ..packs import Row, encode, read_pack, write_pack
from .tasks import FIRST_SEED, SCALE
from .tiles import Tile, Tiles, viewport_of

PLAYED = tuple(sorted({*SEARCHABLE, *rule_names()}))
"""The tasks that an oracle can play."""
SEEDS_A_PACK = 10
"""Episodes of each task in one pack."""
LOST = ".json"
"""Of the file beside a pack with task and seed of each episode that did not end well, so that no picture shows it."""
SEARCH_S = 1.5
PATIENCE_S = 0.1
"""How long a picture waits for tiles in which something moves."""

Step = tuple[bytes, Row]
Named = tuple[str, int]
"""Task and seed of an episode."""


async def episode(environment: MiniWobEnvironment, task: str, seed: int) -> list[Step]:
    """What was seen and done, step by step; nothing where the oracle found no way."""
    environment.name = task
    asked = await environment.task(seed)
    await environment.reset(asked)
    oracle, steps, done = Oracle(environment, search_s=SEARCH_S), list[Step](), list[Row]()
    while not environment.episode.done and len(done) < MAX_ACTIONS:
        action = await oracle.next(SCALE)
        if action is None:
            break
        seen = await environment.browser.glance()
        row = await _told(environment, action, done)
        if row is not None:
            steps.append((encode(seen.screenshot.pixels), row))
            done.append(row["does"])
        await environment.step(action)
    return steps if environment.episode.success else []


async def _told(page: Played, action: Action, done: Sequence[Row]) -> Row | None:
    """The row of a step that is about to be taken; None for one that no picture asks for."""
    said = _said(action)
    if said is None:
        return None
    places, begun = points_of(action), page.episode
    at = [places[0].x / SCALE, places[0].y / SCALE] if places else None
    found: dict[str, Any] = json.loads(await page.run(_script(), at))
    told = {"things": [_scaled(row, 3) for row in found["rows"]], "target": _scaled(found["target"], 2)}
    return {"task": begun.task, "seed": begun.seed, "goal": begun.utterance, "did": list(done), "does": said, **told}


def _scaled(row: list[Any] | None, texts: int) -> list[Any] | None:
    """A row of the script with its box in pixels of the picture."""
    return None if row is None else [*row[:texts], *(round(SCALE * side, 1) for side in row[texts:])]


def _said(action: Action) -> Row | None:
    """What is done as a row; None for waiting, which no picture asks for."""
    match action:
        case Click(point=point, count=count, modifiers=()):
            return {"kind": "click", "x": point.x, "y": point.y, "count": count}
        case Click():
            return {"kind": "click with keys"}
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
    """Its value as JSON: Playwright's own way with so many numbers takes longer than finding them."""
    return f"(at) => JSON.stringify(({(Path(__file__).parent / 'things.js').read_text('utf-8').strip()})(at))"


async def played(episodes: Sequence[Named]) -> AsyncIterator[tuple[Named, list[Step]]]:
    """Every episode with its steps, one after the other, on one page; one in which the page is lost has none."""
    environment = MiniWobEnvironment(device_scale=SCALE)
    try:
        for task, seed in episodes:
            steps = list[Step]()
            with suppress(EnvironmentLost):
                steps = await episode(environment, task, seed)
            if not steps:
                await environment.close()  # whatever went wrong is over with the next browser
            yield (task, seed), steps
    finally:
        await environment.close()


class _Playing:
    """An episode that is under way in a tile. `resting` is over when it stands still."""

    def __init__(self, tile: Tile, task: str, seed: int) -> None:
        self.tile, self.named = tile, (task, seed)
        self.next: Action | None = None
        self.row: Row | None = None
        self._oracle = Oracle(tile, search_s=SEARCH_S)
        self._steps = list[tuple[asyncio.Task[bytes], Row]]()
        self.is_lost = False
        self.resting = asyncio.create_task(self._unless_lost(tile.begin(task, seed)))

    async def ask(self) -> None:
        """What comes next, with all that is to be known of it; nothing where the episode is over."""
        self.next = self.row = None
        if not self.is_lost and not self.tile.episode.done and len(self._steps) < MAX_ACTIONS:
            await self._unless_lost(self._ask())

    async def _ask(self) -> None:
        action = await self._oracle.next(SCALE)
        self.row = None if action is None else await _told(self.tile, action, [row["does"] for _, row in self._steps])
        self.next = action

    def keep(self, pixels: np.ndarray) -> None:
        """Keep what is seen before the next action. It is packed beside everything else."""
        if self.row is not None:
            self._steps.append((asyncio.create_task(asyncio.to_thread(encode, pixels)), self.row))

    async def act(self) -> None:
        if self.next is not None:
            await self._unless_lost(self.tile.act(self.next))

    def rest(self) -> None:
        """Let what was done have its effect, while others go on."""
        self.resting = asyncio.create_task(self._rest())

    async def _rest(self) -> None:
        if isinstance(self.next, Wait):
            await asyncio.sleep(self.next.seconds)
        await self._unless_lost(self.tile.settle())

    async def _unless_lost(self, work: Awaitable[None]) -> None:
        try:
            await work
        except EnvironmentLost:
            self.is_lost = True

    async def seen(self) -> list[Step]:
        """The steps where the episode ended well, else none."""
        pictures = await asyncio.gather(*(picture for picture, _ in self._steps))
        steps = list(zip(pictures, (row for _, row in self._steps), strict=True))
        return steps if self.tile.episode.success and not self.is_lost else []


async def tiled(episodes: Sequence[Named], count: int) -> AsyncIterator[tuple[Named, list[Step]]]:
    """Like `played`, `count` at once, in the order of their ends; what did not end well in a tile is played alone."""
    failed = list[Named]()
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=str(find_browser()), args=["--disable-gpu"])
        width, height = viewport_of(count)
        page = await chromium.new_page(viewport={"width": width, "height": height}, device_scale_factor=SCALE)
        tiles = await Tiles.open(page, count)
        waiting, free, playing = list(episodes), list(tiles.all), list[_Playing]()
        while waiting or playing:
            while waiting and free:
                tile = free.pop()
                playing.append(_Playing(tile, *_taken(waiting, tile, tiles.all)))
            for one in await _step(tiles, await _still(playing)):
                playing.remove(one)
                free.append(one.tile)
                if steps := await one.seen():
                    yield one.named, steps
                else:
                    failed.append(one.named)
        await tiles.close()
        await chromium.close()
    async for found in played(failed):
        yield found


def _taken(waiting: list[Named], tile: Tile, tiles: Sequence[Tile]) -> Named:
    """The next episode for a tile: of the task whose page it shows, else of one whose page no tile shows."""
    shown = {one.task for one in tiles}
    own = (named for named in waiting if named[0] == tile.task)
    others = (named for named in waiting if named[0] not in shown)
    found = next(own, None) or next(others, waiting[0])
    waiting.remove(found)
    tile.task = found[0]
    return found


async def _still(playing: Sequence[_Playing]) -> list[_Playing]:
    """Those that stand still, at least one. Others are not waited for long: they come into the next picture."""
    await asyncio.wait([one.resting for one in playing], timeout=PATIENCE_S)
    await asyncio.wait([one.resting for one in playing], return_when=asyncio.FIRST_COMPLETED)
    return [one for one in playing if one.resting.done()]


async def _step(tiles: Tiles, playing: Sequence[_Playing]) -> list[_Playing]:
    """One step of each; those that are over."""
    await asyncio.gather(*(one.ask() for one in playing))
    going = [one for one in playing if one.next is not None]
    shown = [one for one in going if one.row is not None]
    if shown:
        await _keep(tiles, shown)
    clicks = [one for one in going if isinstance(one.next, Click)]
    await asyncio.gather(*(one.act() for one in clicks))
    for one in going:
        if one not in clicks:
            await one.act()
    for one in going:
        one.rest()
    return [one for one in playing if one not in going]


async def _keep(tiles: Tiles, shown: Sequence[_Playing]) -> None:
    """Keep what each sees. Where there is no picture, all of them are lost: a step would be missing."""
    try:
        pictures = await tiles.pictures([one.tile for one in shown])
    except EnvironmentLost:
        for one in shown:
            one.is_lost = True
        return
    for one, pixels in zip(shown, pictures, strict=True):
        one.keep(pixels)


async def play(out: Path, tasks: Sequence[str], first: int, count: int, tiles: int = 1) -> int:
    """Packs of `SEEDS_A_PACK` episodes of each task, until there are `count` of each; how many steps were added.

    Raises EnvironmentLost where there is no browser.
    """
    find_browser()  # each episode alone would only be lost without one
    added = 0
    with Progress() as progress:
        bar = progress.add_task("episodes", total=count * len(tasks))
        for start in range(first, first + count, SEEDS_A_PACK):
            path = out / f"episodes-{start}.safetensors"
            wanted = [(task, seed) for task in tasks for seed in range(start, min(start + SEEDS_A_PACK, first + count))]
            before = played_before(path)
            missing, found = [one for one in wanted if one not in before], dict[Named, list[Step]]()
            progress.advance(bar, len(wanted) - len(missing))
            if not missing:
                continue
            async for one, steps in tiled(missing, tiles) if tiles > 1 else played(missing):
                found[one] = steps
                progress.advance(bar)
            added += add(path, {one: found[one] for one in missing})
    return added


def played_before(path: Path) -> set[Named]:
    """The episodes of a pack, and those that did not end well when it was made."""
    rows = read_pack(path).rows if path.exists() else ()
    return {(row["task"], row["seed"]) for row in rows} | set(_lost(path))


def add(path: Path, episodes: Mapping[Named, list[Step]]) -> int:
    """Add the steps of episodes to a pack, and those without any to the list beside it; how many steps these are."""
    begun = path.with_suffix(".part")
    begun.write_text(json.dumps([*_lost(path), *(one for one, steps in episodes.items() if not steps)]), "utf-8")
    begun.replace(path.with_suffix(LOST))
    old = read_pack(path) if path.exists() else None
    kept = [(old.encoded(index), row) for index, row in enumerate(old.rows)] if old else []
    new = list(chain.from_iterable(episodes.values()))
    if new:
        write_pack(path, (picture for picture, _ in kept + new), (row for _, row in kept + new))
    return len(new)


def _lost(path: Path) -> list[Named]:
    beside = path.with_suffix(LOST)
    return [(task, seed) for task, seed in json.loads(beside.read_text("utf-8"))] if beside.exists() else []


@in_one_sentence()
def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Play MiniWoB++ with oracles, and keep what was seen.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=100, help="episodes of each task")
    parser.add_argument("--seed", type=int, default=FIRST_SEED, help="the first episode's seed")
    parser.add_argument("--all", action="store_true", help="the tasks that are kept back too, for measuring")
    parser.add_argument("--tasks", nargs="+", choices=PLAYED, help="these alone, of all that an oracle can play")
    parser.add_argument("--tiles", type=int, default=1, help="how many are played on one page at once")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    tasks, began = given.tasks or (SEARCHABLE if given.all else TAUGHT), time.time()
    added = asyncio.run(play(given.out, tasks, given.seed, given.count, given.tiles))
    print(f"{added} steps, {added / (time.time() - began):.1f} a second")


if __name__ == "__main__":
    main()
