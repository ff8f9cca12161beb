"""What is kept of episodes that were played: none is played twice or missed, and one that is lost ends no other."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from clickwright.errors import EnvironmentLost
from clickwright.training.episodes import play, tiles
from clickwright.training.episodes.play import Named, Step
from clickwright.training.episodes.tiles import Tiles
from clickwright.training.packs import encode, read_packs

PIXELS = encode(np.zeros((4, 4, 3), np.uint8))


def steps_of(named: Named) -> list[Step]:
    """Two steps; none of every third seed, which the oracle cannot play."""
    task, seed = named
    return [] if seed % 3 == 0 else [(PIXELS, {"task": task, "seed": seed, "did": n}) for n in range(2)]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Named]:
    """Which episodes were played, without a browser."""
    found = list[Named]()

    async def played(episodes: Sequence[Named]) -> AsyncIterator[tuple[Named, list[Step]]]:
        for one in episodes:
            found.append(one)
            yield one, steps_of(one)

    monkeypatch.setattr(play, "played", played)
    monkeypatch.setattr(play, "find_browser", lambda: None)
    return found


async def test_more_seeds_and_other_tasks_are_added_and_nothing_is_played_twice(
    tmp_path: Path, asked: list[Named]
) -> None:
    assert await play.play(tmp_path, ["a"], 0, 5) == 6
    assert await play.play(tmp_path, ["a"], 0, 20) == 20
    assert await play.play(tmp_path, ["a", "b"], 0, 20) == 26
    assert await play.play(tmp_path, ["b"], 0, 12) == 0
    wanted = {(task, seed) for task in "ab" for seed in range(20)}
    assert sorted(asked) == sorted(wanted)
    rows = [row for pack in read_packs(tmp_path) for row in pack.rows]
    found = [(row["task"], row["seed"], row["did"]) for row in rows]
    assert sorted(found) == sorted((*one, n) for one in wanted if steps_of(one) for n in range(2))
    assert all(pack.encoded(n) == PIXELS for pack in read_packs(tmp_path) for n in range(len(pack)))


async def test_a_pack_without_its_list_has_only_what_it_shows(tmp_path: Path, asked: list[Named]) -> None:
    await play.play(tmp_path, ["a"], 0, 5)
    (tmp_path / "episodes-0.json").unlink()
    asked.clear()
    assert await play.play(tmp_path, ["a"], 0, 5) == 0
    assert asked == [("a", 0), ("a", 3)]


async def test_an_episode_whose_page_is_lost_ends_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    async def episode(environment: object, task: str, seed: int) -> list[Step]:
        if seed == 1:
            raise EnvironmentLost("the page is gone")
        return steps_of((task, seed))

    monkeypatch.setattr(play, "episode", episode)
    found = {named: steps async for named, steps in play.played([("click-test", seed) for seed in (1, 2)])}
    assert found == {("click-test", 1): [], ("click-test", 2): steps_of(("click-test", 2))}


async def test_a_picture_that_never_comes_is_a_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    async def send(method: str, asked: object) -> dict[str, object]:
        await asyncio.sleep(60)
        return {}

    monkeypatch.setattr(tiles, "DEADLINE_S", 0.01)
    shown = [SimpleNamespace(is_lost=False, tile=SimpleNamespace(left=0, top=0)) for _ in range(2)]
    page = Tiles(send, [], SimpleNamespace())  # pyright: ignore
    with pytest.raises(EnvironmentLost):
        await page.pictures([one.tile for one in shown])  # pyright: ignore
    await play._keep(page, shown)  # pyright: ignore
    assert all(one.is_lost for one in shown)
