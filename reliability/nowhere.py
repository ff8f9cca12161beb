"""Runs that get nowhere must end with a reason, soon; runs that only look so must be left to go on.

    python -m clickwright.reliability.nowhere

Each is a script in a small world in memory. What counts is how the run ends and after how many turns.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from ..agent import Agent, Checked, Patience, ScriptedChecker, ScriptedPlanner
from ..agent.checking.found import compare
from ..environments.memory.environment import MemoryEnvironment
from ..environments.memory.screen import MemoryItem, MemoryPage
from ..errors import BadModelOutput, ClickwrightError, ModelUnavailable
from ..policies import ScriptedPolicy
from ..screen import Box, Observation, Point, Screenshot, Size
from ..tools import Action, Ask, CallTool, Click, Finish, Limits, Press, Scroll, Task, TypeText, Wait
from .figure import Figure

SIZE = Size(320, 180)
MAX_TURNS = 12
"""After so many turns a run that gets nowhere has ended."""
TURNS = 60
"""That a script has, and the limit of the task."""
LEFT, RIGHT, FIELD = Box(10, 10, 90, 40), Box(200, 10, 280, 40), Box(10, 60, 200, 90)
WAIT = Wait(seconds=0.001)
LEFT_ONE, RIGHT_ONE, INTO = (Click(point=box.center) for box in (LEFT, RIGHT, FIELD))
ODD, DOWN = BadModelOutput("no action in it"), ModelUnavailable("the server is down", is_passing=True)
PAGES = (
    MemoryPage(
        items=(
            MemoryItem(name="On", box=LEFT, leads_to="second"),
            MemoryItem(name="Words", box=FIELD, role="textbox"),
        ),
    ),
    MemoryPage(
        name="second",
        background="#ddeeff",
        height=4000,
        items=(
            MemoryItem(name="Back", box=RIGHT, leads_to="start"),
            MemoryItem(name="Go on", box=LEFT, leads_to="third"),
            *(MemoryItem(name=f"Line {n}", box=Box(10, 100 * n, 150, 100 * n + 60), role="text") for n in range(1, 40)),
        ),
    ),
    MemoryPage(name="third", background="#ffeedd", items=(MemoryItem(name="Home", box=FIELD, leads_to="start"),)),
)


class Ticking(MemoryEnvironment):
    """Shows a clock, so that no screen is as the one before."""

    _ticks = 0

    async def step(self, action: Action) -> Observation:
        self._ticks += 1
        seen = await super().step(action)
        pixels = seen.screenshot.pixels.copy()
        pixels[-4:, : self._ticks] = 0
        return replace(seen, screenshot=Screenshot(pixels=pixels))


Entry = Action | Sequence[Action] | Exception


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A run by a script. `ends` is how it must end: `success`, the name of a stop, or that of an error."""

    what: str
    script: tuple[Entry, ...]
    ends: str = "stuck"
    checker: ScriptedChecker | None = None
    planner: ScriptedPlanner | None = None
    prepare: Callable[[MemoryEnvironment], None] = lambda _: None
    world: type[MemoryEnvironment] = MemoryEnvironment


def again(*entries: Entry) -> tuple[Entry, ...]:
    """The same by turns, for as long as a run may take."""
    return tuple(islice(cycle(entries), TURNS))


def beside(number: int) -> Click:
    """A click on nothing, elsewhere each time."""
    return Click(point=Point(300, 100 + number % 70))


def note(number: int) -> CallTool:
    return CallTool(name="remember", arguments={"name": f"price {number}", "value": number})


def refusing(times: int) -> Callable[[MemoryEnvironment], None]:
    return lambda world: world.refuse("the button is covered", times=times)


def nowhere() -> list[Scene]:
    """Runs that get nowhere."""
    plans = [("go there", "buy it"), ("look elsewhere", "buy it"), ("ask somebody",), ("one too many",)]
    return [
        Scene(what="the same click on nothing", script=again(beside(0))),
        Scene(what="clicks on nothing, elsewhere each time", script=tuple(map(beside, range(TURNS)))),
        Scene(what="to and fro between two pages", script=again(LEFT_ONE, RIGHT_ONE)),
        Scene(what="round in a circle of three pages", script=again(LEFT_ONE, LEFT_ONE, INTO)),
        Scene(what="to and fro with a wait between", script=again(LEFT_ONE, WAIT, RIGHT_ONE)),
        Scene(what="the same click on nothing beside a clock", script=again(beside(0)), world=Ticking),
        Scene(what="every click is refused", script=again(LEFT_ONE, RIGHT_ONE), prepare=refusing(TURNS)),
        Scene(what="typing where nothing takes text", script=again(TypeText(text="x"), TypeText(text="y"))),
        Scene(what="scrolling where the page ends", script=again(Scroll(point=Point(5, 5), dy=300))),
        Scene(what="keys that do nothing", script=again(Press(keys=("Escape",)), Press(keys=("F5",)))),
        Scene(what="done, says every turn that changed nothing", script=again((beside(0), Finish()))),
        Scene(what="answers that cannot be read", script=again(ODD), ends="bad_outputs"),
        Scene(what="every second answer cannot be read", script=again(ODD, LEFT_ONE, ODD, RIGHT_ONE), ends="stuck"),
        Scene(
            what="done, and nobody else sees it",
            script=again((LEFT_ONE, Finish()), (RIGHT_ONE, Finish())),
            ends="unconfirmed",
            checker=ScriptedChecker([Checked(verdict="not met")] * TURNS),
        ),
        Scene(what="new plans that help no more", script=again(beside(0)), planner=ScriptedPlanner(plans)),
        Scene(what="a question that nobody answers", script=again(Ask(question="Which?")), ends="unanswered"),
        Scene(what="a model server that stays away", script=(LEFT_ONE, *again(DOWN)), ends="ModelUnavailable"),
    ]


def somewhere() -> list[Scene]:
    """Runs that look as if they got nowhere, and do not."""
    done: tuple[Entry, ...] = ((INTO, Finish()),)
    seen = [entry for number in range(6) for entry in (LEFT_ONE, note(number), RIGHT_ONE, note(number + 100))]
    down = [Scroll(point=Point(5, 100), dy=100 + number) for number in range(12)]
    scenes = [
        Scene(what="the same key twelve times into a field", script=(INTO, *[TypeText(text="a")] * 12, Finish())),
        Scene(what="the same beside a clock", script=(INTO, *[TypeText(text="a")] * 12, Finish()), world=Ticking),
        Scene(what="waiting twelve times", script=(*[WAIT] * 12, *done)),
        Scene(what="two pages compared, something noted each time", script=(*seen, *done)),
        Scene(what="a page that does nothing twice", script=(*[LEFT_ONE] * 2, LEFT_ONE, Finish()), prepare=_sleepy),
        Scene(what="a click into the field that has the focus", script=(INTO, INTO, TypeText(text="a"), Finish())),
        Scene(what="refused three times", script=(*[LEFT_ONE] * 2, INTO, LEFT_ONE, Finish()), prepare=refusing(3)),
        Scene(what="down a long page", script=(LEFT_ONE, *down, Finish())),
        Scene(what="from field to field by the keyboard", script=(*[Press(keys=("Tab",))] * 4, Finish())),
        Scene(what="now and then an answer that cannot be read", script=(*(ODD, LEFT_ONE, ODD, RIGHT_ONE) * 2, *done)),
        Scene(
            what="done too early, twice",
            script=((LEFT_ONE, Finish()), (RIGHT_ONE, Finish()), (LEFT_ONE, Finish())),
            checker=ScriptedChecker(["not met", "unclear", "met"]),
        ),
        Scene(
            what="stuck until the plan is made anew",
            script=(*[beside(0)] * 3, *done),
            planner=ScriptedPlanner([("go there", "buy it"), ("buy it",)]),
        ),
        Scene(what="a model server that comes back", script=(LEFT_ONE, *[DOWN] * 5, RIGHT_ONE, *done)),
    ]
    return [replace(scene, ends="success") for scene in scenes]


def _sleepy(world: MemoryEnvironment) -> None:
    world.ignore(2)


async def _no_time(seconds: float) -> None:
    await asyncio.sleep(0)


def ended(scene: Scene, folder: Path) -> tuple[str, int, str]:
    """How a scene ends, after how many turns, and the reason in words."""
    world = scene.world(PAGES, size=SIZE)
    scene.prepare(world)
    agent = Agent(
        Task(goal="get there", limits=Limits(steps=TURNS)),
        policy=ScriptedPolicy(scene.script),
        environment=world,
        run_dir=folder,
        checker=scene.checker,
        planner=scene.planner,
        facts=True,
        patience=Patience(sleep=_no_time),
    )
    try:
        result = agent.run()
    except ClickwrightError as error:
        return type(error).__name__, len(agent.folder.read().steps), str(error)
    return result.stop or result.status, len(result.steps), result.reason


def go_through(scenes: Sequence[Scene]) -> list[tuple[str, int, str]]:
    with tempfile.TemporaryDirectory() as name:
        return [ended(scene, Path(name, str(number))) for number, scene in enumerate(scenes)]


def compared_ms(times: int) -> list[float]:
    """How long the pictures of one action take to be compared, at the size of the default viewport."""
    pixels = np.random.default_rng(0).integers(0, 255, (728, 1288, 3), dtype=np.uint8)
    changed = pixels.copy()
    changed[300:340, 600:700] ^= 7
    before, after = (Observation(screenshot=Screenshot(pixels=one)) for one in (pixels, changed))
    spent: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        compare(Click(point=Point(650, 320)), before, after)
        spent.append(1000 * (time.perf_counter() - began))
    return sorted(spent)


def figures(nightly: bool) -> list[Figure]:
    """How many get nowhere and end so, how many only look so and go on, and what the comparing costs."""
    lost, well = nowhere(), somewhere()
    lost_ended, well_ended = go_through(lost), go_through(well)
    turns = [turn for scene, (how, turn, _) in zip(lost, lost_ended, strict=True) if how == scene.ends]
    went = sum(how == "success" for how, _, _ in well_ended)
    longest = max(turns, default=0)
    spent = compared_ms(500 if nightly else 100)
    median, late = spent[len(spent) // 2], spent[len(spent) * 99 // 100]
    return [
        Figure(
            name="runs that get nowhere, ended with their reason",
            found=f"{len(turns)} of {len(lost)}, the last after {longest} turns",
            bar=f"all, in {MAX_TURNS} turns",
            holds=len(turns) == len(lost) and longest <= MAX_TURNS,
        ),
        Figure(
            name="runs that only look so, left to go on",
            found=f"{went} of {len(well)}",
            bar="all",
            holds=went == len(well),
        ),
        Figure(
            name="the pictures of an action compared",
            found=f"{median:.1f} ms, p99 {late:.1f} ms",
            bar="<= 3 ms",
            holds=median <= 3,
        ),
    ]


def main() -> int:
    table, holds = Table("scene", "must end", "ended", "turns", "because"), True
    for scenes in (nowhere(), somewhere()):
        for scene, (how, turns, why) in zip(scenes, go_through(scenes), strict=True):
            holds &= how == scene.ends
            table.add_row(scene.what, scene.ends, how if how == scene.ends else f"[red]{how}", str(turns), why)
        table.add_section()
    Console(width=180).print(table)
    return 0 if holds else 1


if __name__ == "__main__":
    raise SystemExit(main())
