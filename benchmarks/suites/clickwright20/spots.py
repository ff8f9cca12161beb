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

from ....environments.browser.elements import MAX_ELEMENTS
from ....environments.environment import TellsMore
from ....errors import EnvironmentLost
from ....screen import Box, Element, Observation
from ....training.concepts import EPISODE_WORDS, WORDS
from ....training.pages.spots import DATA, spot_row
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
TAUGHT = frozenset((*WORDS, *EPISODE_WORDS))
MOST_A_SCREEN = 6
LONGEST = 24
LEAST_PX = 8
"""Of a side of a thing that is asked for."""
SCREENS = "screen_*.png"


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
    """Everything on a screen that one description fits alone and that does not reach its edge.

    Nothing on one with more than the page is asked to tell of: what is not told might be called the same.
    """
    size, elements = screen.screenshot.size, screen.elements or ()
    if len(elements) >= MAX_ELEMENTS:
        return
    kinds, names = Counter(KINDS.get(one.role) for one in elements), Counter(_name(one).lower() for one in elements)
    for one in elements:
        kind, name, box = KINDS.get(one.role), _name(one), one.box
        is_inside = box.x1 > 0 and box.y1 > 0 and box.x2 < size.width and box.y2 < size.height
        if kind is None or not is_inside or min(box.width, box.height) < LEAST_PX:
            continue
        if kind not in NAMED and kinds[kind] == 1:
            yield Spot(words=f"the {kind}", of="no reading", element=one)
        elif kind in NAMED and 0 < len(name) <= LONGEST and name.isascii() and names[name.lower()] == 1:
            yield Spot(words=f"the {name} {kind}", of=_type(name, box, screen), element=one)


def _name(element: Element) -> str:
    return " ".join(element.name.split())


def _type(name: str, box: Box, screen: Observation) -> str:
    """What it takes to find a thing by this name."""
    inside = [label.text for label in screen.labels or () if box.contains(label.box.center)]
    if " ".join(" ".join(inside).split()) != name:
        return "icons"
    return "closed words" if name in TAUGHT else "open words"


async def screens(stage: AppStage, key: Key) -> AsyncIterator[Observation]:
    """Where a task begins, and what each move of its oracle leads to. Raises EnvironmentLost as the stage does."""
    task = await stage.begin(key)
    environment = stage.environment
    if not isinstance(environment, TellsMore):
        raise EnvironmentLost(f"{key.task} is played where nothing tells what is on the screen")
    environment.tells |= {"elements": True, "labels": True}
    yield await environment.reset(task)
    while (move := await stage.oracle()) is not None:
        yield await environment.step(move)


class Spots:
    """A data set that grows screen by screen; `write` ends it. What was in its folder of an earlier one is removed."""

    def __init__(self, out: Path) -> None:
        self.rows: list[dict[str, object]] = []
        self.pictures = 0
        self._out = out
        self._asked: set[tuple[str, tuple[str, int, int]]] = set()
        (out / "images").mkdir(parents=True, exist_ok=True)
        for old in (out / "images").glob(SCREENS):
            old.unlink()

    def add(self, application: str, screen: Observation, random: Random) -> None:
        """Keep a screen with some of the things on it, where there are any that were not asked for yet."""
        found = [spot for spot in spots(screen) if (application, spot.key) not in self._asked]
        chosen = random.sample(found, min(MOST_A_SCREEN, len(found)))
        if not chosen:
            return
        name = SCREENS.replace("*", f"{self.pictures:03}")
        self.pictures += 1
        Image.fromarray(screen.screenshot.pixels).save(self._out / "images" / name)
        self._asked |= {(application, spot.key) for spot in chosen}
        for spot in chosen:
            box = spot.element.box
            self.rows.append(spot_row(name, (box.x1, box.y1, box.x2, box.y2), spot.words, spot.of, application))

    def write(self) -> None:
        (self._out / DATA).write_text(json.dumps(self.rows, indent=1) + "\n", "utf-8")


async def collect(made: Spots, apps: Path, *, seed: int = 0) -> None:
    """Go through every task in the browser."""
    stage = AppStage(apps)
    tasks = [staged.task for staged in TASKS.values() if isinstance(staged.task, WebTask)]
    try:
        for task in track(tasks, "applications"):
            random = Random(f"{task.name} {seed}")
            async for screen in screens(stage, Key(task=task.name, seed=seed)):
                made.add(task.application, screen, random)
    finally:
        await stage.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write things on the pages of clickwright-20 in ScreenSpot's form.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--apps", type=Path, help="where the applications are, if not in the user's cache")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    apps, made = install_apps(given.apps), Spots(given.out)
    asyncio.run(collect(made, apps, seed=given.seed))
    made.write()
    Console().print(f"{len(made.rows)} things on {made.pictures} screens in {given.out}")


if __name__ == "__main__":
    main()
