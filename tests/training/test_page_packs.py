"""Packs of rendered pages that are there before: those that lack a page are drawn anew."""

from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from clickwright.training.packs import read_packs
from clickwright.training.pages import render
from clickwright.training.pages.rendered import ShownPage


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The seeds of pages that were drawn, without a browser."""
    seeds = list[int]()

    async def close() -> None:
        pass

    async def launch(**_: object) -> SimpleNamespace:
        return SimpleNamespace(close=close)

    @asynccontextmanager
    async def playwright():
        yield SimpleNamespace(chromium=SimpleNamespace(launch=launch))

    async def shown(pages: object, made: object, seed: int, scale: float) -> ShownPage:
        seeds.append(seed)
        return ShownPage(pixels=np.zeros((28, 28, 3), np.uint8), elements=[], seed=seed)

    monkeypatch.setattr(render, "async_playwright", playwright)
    monkeypatch.setattr(render.Pages, "shown", shown)
    monkeypatch.setattr(render, "PAGES_A_PACK", 4)
    return seeds


async def rendered(out: Path, count: int) -> int:
    return await render.render(out, range(count), render.PAGE_PX, None, "")


async def test_a_pack_of_fewer_pages_is_drawn_anew(tmp_path: Path, drawn: list[int]) -> None:
    assert await rendered(tmp_path, 2) == 2
    assert await rendered(tmp_path, 6) == 6
    assert drawn == [0, 1, *range(6)]
    assert sorted(row["seed"] for pack in read_packs(tmp_path) for row in pack.rows) == list(range(6))


async def test_a_pack_of_the_same_pages_is_left(tmp_path: Path, drawn: list[int]) -> None:
    assert await rendered(tmp_path, 6) == 6
    assert await rendered(tmp_path, 6) == 0
    assert await rendered(tmp_path, 3) == 0  # nothing that is there is lost
    assert drawn == list(range(6))
