"""Episodes that are played for training: the same steps and the same pictures, alone and in tiles of one page."""

import re
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest
from clickwright.errors import EnvironmentLost
from clickwright.training.concepts import WORD
from clickwright.training.episodes import play
from clickwright.training.episodes.play import Named, Step, tiled
from clickwright.training.episodes.tiles import Tile
from clickwright.training.packs import Pack, read_pack
from clickwright.training.prepare import episode_rows

TASKS = ("click-button", "enter-text", "click-collapsible")
SEEDS = range(100_000, 100_002)
SIZE = 448, 672


def packs_of(folder: Path, *options: str) -> Pack:
    """What the command writes, which tells how many steps it wrote and how quickly."""
    command = [sys.executable, "-m", "clickwright.training.episodes.play", "--out", str(folder), "--count", "2"]
    told = subprocess.run(
        [*command, "--tasks", *TASKS, *options], check=True, capture_output=True, text=True, timeout=200
    ).stdout
    (path,) = folder.glob("*.safetensors")
    pack = read_pack(path)
    assert re.search(rf"{len(pack)} steps, \d+\.\d a second", told)
    return pack


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Pack, Pack]:
    """The same episodes alone, and three at once."""
    folder = tmp_path_factory.mktemp("episodes")
    return packs_of(folder / "alone"), packs_of(folder / "tiles", "--tiles", "3")


def unlike(one: np.ndarray, other: np.ndarray) -> float:
    """The share of pixels that differ. Letters may lie half a pixel higher, between two pixels of a page."""
    return float((np.abs(one.astype(int) - other).max(axis=2) > 40).mean())


def black(pixels: np.ndarray) -> int:
    """How many pixels are black: a ring of focus is, and has over 2,000."""
    return int((pixels.max(axis=2) < 60).sum())


@pytest.mark.slow
def test_tiles_show_what_a_page_alone_shows(packs: tuple[Pack, Pack]) -> None:
    alone, tiles = packs
    assert {(row["task"], row["seed"]) for row in tiles.rows} == {(task, seed) for task in TASKS for seed in SEEDS}
    assert [row["does"] for row in tiles.rows] == [row["does"] for row in alone.rows]
    assert [row["goal"] for row in tiles.rows] == [row["goal"] for row in alone.rows]
    first = [n for n, row in enumerate(tiles.rows) if not row["did"]]
    assert len(first) == len(TASKS) * len(SEEDS)
    for n in first:
        assert tiles.rows[n] == alone.rows[n]
    for n in range(len(tiles)):
        assert unlike(tiles.picture(n), alone.picture(n)) < 0.05, tiles.rows[n]
        assert abs(black(tiles.picture(n)) - black(alone.picture(n))) < 1000, "a field keeps its ring"


@pytest.mark.slow
def test_what_is_labelled_is_seen_where_it_is_said_to_be(packs: tuple[Pack, Pack]) -> None:
    for pack in packs:
        for n, row in enumerate(pack.rows):
            pixels = pack.picture(n)
            assert pixels.shape == (*SIZE, 3)
            words = [thing[3:] for thing in row["things"] if thing[0] == WORD]
            assert words
            for x1, y1, x2, y2 in words:
                part = pixels[max(0, round(y1)) : round(y2), max(0, round(x1)) : round(x2)]
                assert np.ptp(part.astype(int)) > 60


@pytest.mark.slow
def test_what_is_done_is_done_to_the_target(packs: tuple[Pack, Pack]) -> None:
    for pack in packs:
        clicks = [row for row in pack.rows if row["does"]["kind"] == "click" and row["target"]]
        assert len(clicks) >= 4
        for row in clicks:
            x1, y1, x2, y2 = row["target"][2:]
            assert x1 <= row["does"]["x"] <= x2
            assert y1 <= row["does"]["y"] <= y2


@pytest.mark.slow
def test_things_that_are_asked_for_are_on_the_page_once(packs: tuple[Pack, Pack]) -> None:
    rows = episode_rows(Random(0), packs[1].rows)
    assert rows
    for _, row in rows:
        for text, _, _, box, rung, *_ in row["asked"]:
            if rung == "word":
                named = [
                    one for one in row["things"] if one[2] and re.search(rf"(?<!\w){re.escape(one[2])}(?!\w)", text)
                ]
                of = [one for one in named if one[3:7] == box]
                assert of, text
                kinds = [one for one in named if one[0] == of[0][0] and one[2] == of[0][2] and one[4] >= 100]
                assert len(kinds) == 1, text


async def steps_of(named: list[Named], count: int) -> dict[Named, list[Step]]:
    return {one: steps async for one, steps in tiled(named, count)}


@pytest.mark.slow
async def test_an_episode_that_fails_in_a_tile_is_played_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act(tile: Tile, action: object) -> None:
        raise EnvironmentLost("no tile can do anything")

    monkeypatch.setattr(Tile, "act", act)
    named = [("click-test", 100_000), ("click-test", 100_001)]
    found = await steps_of(named, 2)
    assert set(found) == set(named)
    assert all(len(steps) == 1 for steps in found.values())


@pytest.mark.slow
async def test_what_is_typed_reaches_its_field_though_others_were_clicked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A click into another tile takes the focus: without it back, nothing that is typed arrives."""

    async def alone(episodes: Sequence[Named]) -> AsyncIterator[tuple[Named, list[Step]]]:
        for one in episodes:
            yield one, []

    monkeypatch.setattr(play, "played", alone)
    named = [("enter-text", seed) for seed in range(100_000, 100_006)]
    found = await steps_of(named, 6)
    assert all([row["does"]["kind"] for _, row in steps] == ["click", "type", "click"] for steps in found.values())


@pytest.mark.slow
async def test_tasks_that_have_a_rule_are_played_and_what_no_answer_says_is_not_asked_for() -> None:
    named = [
        (task, seed) for task in ("click-scroll-list", "drag-box", "click-checkboxes") for seed in (100_000, 100_003)
    ]
    found = await steps_of(named, 3)
    assert all(found[one] for one in named)
    rows = [row for one in named for _, row in found[one]]
    assert {row["does"]["kind"] for row in rows} == {"click", "click with keys", "drag", "scroll"}
    asked = episode_rows(Random(0), rows)
    assert asked
    assert all(rows[index]["does"]["kind"] == "click" for index, _ in asked)
