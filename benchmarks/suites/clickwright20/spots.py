"""Things on the pages of the applications as a data set of ScreenSpot's form: pages that others wrote, to point at.

    python -m clickwright.benchmarks.suites.clickwright20.spots --out DIR
    clickwright bench run screenspot --data DIR --model MODEL

An oracle goes through each task in the browser. Of every screen that it comes to, up to six of the things are taken
that the page itself says are there and that one description fits alone, each once at its place in an application. The
type is `no reading` where the kind of control is enough; `closed words` for words that clickwright/mini was taught and
`open words` for others, where they are written on the thing; `icons` where the name that the page gives is not.
"""

import argparse
import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from PIL import Image
from rich.console import Console
from rich.progress import track

from ....environments.environment import TellsMore
from ....screen import Box, Element, Observation
from ....training.concepts import WORDS
from ....training.pages.spots import DATA
from ...row import Key
from .install import install_apps
from .stage import AppStage
from .tasks import TASKS
from .web import WebTask

KINDS = {
    "button": "button",
    "link": "link",
    "tab": "tab",
    "checkbox": "check box",
    "radio": "radio button",
    "switch": "switch",
    "combobox": "drop-down list",
    "textbox": "text box",
    "searchbox": "text box",
}
"""What the mini calls each role."""
NAMED = ("button", "link", "tab")
MOST_A_SCREEN = 6
LONGEST = 24
LEAST_PX = 8
"""Of a side of a thing that is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A thing, what it is asked for as, and the type of the question."""

    words: str
    of: str
    element: Element

    @property
    def key(self) -> tuple[str, int, int]:
        """By what it is the same on another screen of the application."""
        return self.words, round(self.element.box.center.x), round(self.element.box.center.y)


def spots(screen: Observation) -> Iterator[Spot]:
    """Everything on a screen that is seen whole and that one description fits alone."""
    size = screen.screenshot.size
    shown = [(KINDS[one.role], " ".join(one.name.split()), one) for one in screen.elements or () if one.role in KINDS]
    kinds, names = Counter(kind for kind, _, _ in shown), Counter(name.lower() for _, name, _ in shown)
    for kind, name, one in shown:
        box = one.box  # of what is in sight: a thing that reaches the edge may go on behind it
        is_whole = box.x1 > 0 and box.y1 > 0 and box.x2 < size.width and box.y2 < size.height
        if not is_whole or min(box.width, box.height) < LEAST_PX:
            continue
        if kind not in NAMED and kinds[kind] == 1:
            yield Spot(words=f"the {kind}", of="no reading", element=one)
        elif kind in NAMED and 0 < len(name) <= LONGEST and name.isascii() and names[name.lower()] == 1:
            yield Spot(words=f"the {name} {kind}", of=_type(name, box, screen), element=one)


def _type(name: str, box: Box, screen: Observation) -> str:
    """What it takes to find a thing by this name."""
    written = {" ".join(label.text.split()) for label in screen.labels or () if box.contains(label.box.center)}
    return "icons" if name not in written else "closed words" if name in WORDS else "open words"


async def screens(stage: AppStage, key: Key) -> AsyncIterator[Observation]:
    """Where a task begins, and what each move of its oracle leads to."""
    task = await stage.begin(key)
    environment = stage.environment
    if isinstance(environment, TellsMore):
        environment.tells |= {"elements": True, "labels": True}
    yield await environment.reset(task)
    while (move := await stage.oracle()) is not None:
        yield await environment.step(move)


async def write_spots(out: Path, apps: Path, *, seed: int = 0) -> tuple[int, int]:
    """Write pictures and rows; how many there are of each."""
    (out / "images").mkdir(parents=True, exist_ok=True)
    stage, rows, asked, pictures = AppStage(apps), list[dict[str, object]](), set[tuple[str, tuple[str, int, int]]](), 0
    tasks = [staged.task for staged in TASKS.values() if isinstance(staged.task, WebTask)]
    try:
        for task in track(tasks, "applications"):
            random = Random(f"{task.name} {seed}")
            async for screen in screens(stage, Key(task=task.name, seed=seed)):
                found = [spot for spot in spots(screen) if (task.application, spot.key) not in asked]
                chosen = random.sample(found, min(MOST_A_SCREEN, len(found)))
                if not chosen:
                    continue
                name, pictures = f"screen_{pictures:03}.png", pictures + 1
                Image.fromarray(screen.screenshot.pixels).save(out / "images" / name)
                asked |= {(task.application, spot.key) for spot in chosen}
                rows += [_row(name, task.application, spot) for spot in chosen]
    finally:
        await stage.close()
    (out / DATA).write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
    return pictures, len(rows)


def _row(name: str, application: str, spot: Spot) -> dict[str, object]:
    box = spot.element.box
    return {
        "img_filename": name,
        "bbox": [round(side, 2) for side in (box.x1, box.y1, box.width, box.height)],
        "instruction": spot.words,
        "data_type": spot.of,
        "data_source": application,
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write things on the pages of clickwright-20 in ScreenSpot's form.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--apps", type=Path, help="where the applications are, if not in the user's cache")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    pictures, rows = asyncio.run(write_spots(given.out, install_apps(given.apps), seed=given.seed))
    Console().print(f"{rows} things on {pictures} screens in {given.out}")


if __name__ == "__main__":
    main()
