"""What is asked for on a page that another wrote: what one description fits alone, by what it takes to find it."""

import asyncio
from pathlib import Path
from random import Random

import pytest
from clickwright.benchmarks.suite import Choice
from clickwright.benchmarks.suites import open_suite
from clickwright.benchmarks.suites.clickwright20.spots import Spots, spots
from clickwright.benchmarks.suites.samples import SampleSuite
from clickwright.environments import BrowserEnvironment
from clickwright.screen import Observation, Size
from clickwright.tools import Task

PAGE = """data:text/html,<body style="margin:8px; font:16px sans-serif">
<button>Save</button> <button>Tidy <b>the</b> shelves</button> <button aria-label="Bin">x</button>
<button>Twice</button> <a href="%23">Twice</a> <input type=text>
<input type=checkbox> <input type=checkbox>
<a href="%23" style="position:absolute; left:380px; top:50px; white-space:nowrap">Half out of sight</a>"""


@pytest.fixture(scope="module")
def screen() -> Observation:
    async def seen() -> Observation:
        environment = BrowserEnvironment(viewport=Size(448, 224), elements=True, labels=True)
        try:
            return await environment.reset(Task(goal="look", start_url=PAGE))
        finally:
            await environment.close()

    return asyncio.run(seen())


def test_only_what_is_meant_without_doubt_is_asked_for(screen: Observation):
    assert {spot.words: spot.of for spot in spots(screen)} == {
        "the Save button": "closed words",
        "the Tidy the shelves button": "open words",
        "the Bin button": "icons",
        "the text box": "no reading",
    }


def test_what_is_written_is_read_back_and_asked_for_once(screen: Observation, tmp_path: Path):
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "screen_007.png").write_bytes(b"of an earlier one")
    made = Spots(tmp_path)
    for application in ("one", "one", "other"):
        made.add(application, screen, Random(0))
    made.write()
    assert sorted(path.name for path in (tmp_path / "images").iterdir()) == ["screen_000.png", "screen_001.png"]
    suite = open_suite("screenspot", Choice(data=tmp_path))
    assert isinstance(suite, SampleSuite)
    keys = suite.keys()
    rows = [suite.attempt(key, suite.sample(key.task).knower()) for key in keys]
    assert len(rows) == 8
    assert all(row.success for row in rows)
    assert {row.groups["type"] for row in rows} == {"closed words", "open words", "icons", "no reading"}
    assert {row.groups["source"] for row in rows} == {"one", "other"}
