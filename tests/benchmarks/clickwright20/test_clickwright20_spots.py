"""What is asked for on a page that another wrote: what one description fits alone, by what it takes to find it."""

import asyncio

from clickwright.benchmarks.suites.clickwright20.spots import spots
from clickwright.environments import BrowserEnvironment
from clickwright.screen import Observation, Size
from clickwright.tools import Task

PAGE = """data:text/html,<body style="margin:8px; font:16px sans-serif">
<button>Save</button> <button>Tidy the shelves</button> <button aria-label="Bin">x</button>
<button>Twice</button> <button>Twice</button> <input type=text>
<input type=checkbox> <input type=checkbox>
<a href="%23" style="position:absolute; left:380px; top:50px; white-space:nowrap">Half out of sight</a>"""


async def seen() -> Observation:
    environment = BrowserEnvironment(viewport=Size(448, 224), elements=True, labels=True)
    try:
        return await environment.reset(Task(goal="look", start_url=PAGE))
    finally:
        await environment.close()


def test_only_what_is_meant_without_doubt_is_asked_for():
    found = {spot.words: spot.of for spot in spots(asyncio.run(seen()))}
    assert found == {
        "the Save button": "closed words",
        "the Tidy the shelves button": "open words",
        "the Bin button": "icons",
        "the text box": "no reading",
    }
