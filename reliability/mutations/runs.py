"""Each thing is recorded on the page as it is, and looked for on the page as it was changed."""

import json
import tempfile
import threading
import time
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.async_api import Page

from ...demo.site import Site
from ...demo.state import State
from ...environments import BrowserEnvironment, Chromium
from ...environments.browser.tabbed import VIEWPORT
from ...screen import Box, Point, Size
from ...testing.finding import find, place_of, target_at
from ...testing.sight import Sight
from ...testing.target import Found, Target
from ...testing.verdicts import NotFound
from ...tools import Task
from .cases import Case
from .script import MARK, PLACE, REACHES, WORDS
from .things import Thing, state_for

Got = Literal["same", "another", "nothing", "void"]
"""`same`: found, and a click there is one on the recorded thing. `void`: the change itself put the thing out of reach
where it was to stay, or did nothing, so that it proves nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """One change, and what was said of it. `note` is that of what was found, or the reason why nothing was.

    `ms` are those that the finding took of a processor, which others use too. `healed` is whether a heal found what
    was reworded, None where none was tried.
    """

    case: Case
    got: Got
    how: str = ""
    note: str = ""
    ms: float = 0.0
    healed: bool | None = None

    @property
    def is_false_pass(self) -> bool:
        """Something was taken for the thing that is not it."""
        return self.got == "another" or (self.got == "same" and self.case.kind.expected != "same")

    @property
    def is_false_failure(self) -> bool:
        return self.got == "nothing" and self.case.kind.expected == "same"


async def go_through(cases: Iterable[Case]) -> list[Gone]:
    """Every change of a plan, in one browser."""
    async with open_screens() as screens:
        return [await screens.go(case) for case in cases]


class Screens:
    """The demo site, and a page for each shape of the screen that a change asks for."""

    def __init__(self, site: Site, chromium: Chromium) -> None:
        self.site, self.chromium = site, chromium
        self._screens: dict[tuple[Size, float], BrowserEnvironment] = {}
        self._recorded: dict[tuple[str, int], Target] = {}

    async def go(self, case: Case) -> Gone:
        """Record, where that was not done yet, change the page, and look for the thing."""
        target = await self.target(case.thing, case.site)
        screen = await self.screen(case)
        page = await self.show(screen, case.thing, case.site)
        if not await self.change(page, case):
            return Gone(case=case, got="void", note="the change did nothing")
        sight = await look(screen)
        if case.kind.expected != "defect" and not await is_in_reach(page, sight.size, sight.scale):
            return Gone(case=case, got="void", note="the change put the thing out of reach")
        began = time.thread_time()
        try:
            found = (find if case.thing.use == "find" else place_of)(target, sight)
        except NotFound as none:
            return Gone(case=case, got="nothing", note=str(none), ms=1000 * (time.thread_time() - began))
        spent = 1000 * (time.thread_time() - began)
        got = "same" if await is_thing(page, found, sight.scale) else "another"
        return Gone(case=case, got=got, how=found.how, note=found.note, ms=spent)

    async def target(self, thing: Thing, seed: int) -> Target:
        """The thing as it is on the page that nobody changed."""
        key = thing.name, seed
        if key not in self._recorded:
            screen = await self.open(VIEWPORT, 1.0)
            page = await self.show(screen, thing, seed)
            box = Box(*await page.evaluate(PLACE))
            self._recorded[key] = target_at(await look(screen), box.center, box)
        return self._recorded[key]

    async def screen(self, case: Case) -> BrowserEnvironment:
        viewport = Size(*case.viewport) if case.viewport else VIEWPORT
        return await self.open(viewport, case.scale)

    async def open(self, viewport: Size, scale: float) -> BrowserEnvironment:
        """The screen of this shape, at an empty page the first time."""
        key = viewport, scale
        if key not in self._screens:
            screen = BrowserEnvironment(
                viewport=viewport, device_scale=scale, elements=True, labels=True, chromium=self.chromium, deadline_s=60
            )
            await screen.reset(Task(goal="look"))
            self._screens[key] = screen
        return self._screens[key]

    async def show(self, screen: BrowserEnvironment, thing: Thing, seed: int) -> Page:
        """The page with the thing on it, marked so that it is known again whatever becomes of it."""
        self.site.state = state_for(thing, seed)
        page = screen.window.active.page
        await page.mouse.move(0, 0)
        await page.goto(f"{self.site.url}{thing.page}")
        marked = await page.evaluate(MARK, f"{WORDS} {thing.node};")
        if not marked:
            raise ValueError(f"the demo site of seed {seed} has no {thing.name!r}")
        return page

    async def change(self, page: Page, case: Case) -> bool:
        """Whether the page took the change."""
        if not case.kind.script:
            return True
        dice = "".join(f"const {name} = {json.dumps(share)};" for name, share in zip("abcd", case.dice, strict=True))
        words = f"const thing = window.thing; {dice} {WORDS} {case.kind.script}"
        return await page.evaluate("(words) => new Function(words)() !== false", words)

    async def close(self) -> None:
        for screen in self._screens.values():
            await screen.close()


async def look(screen: BrowserEnvironment) -> Sight:
    seen = await screen.observe()
    return Sight(observation=seen, labels=seen.labels or ())


async def is_in_reach(page: Page, size: Size, scale: float) -> bool:
    """Whether the whole thing is in sight, and its middle takes clicks."""
    box = Box(*await page.evaluate(PLACE))
    screen = Box(0, 0, size.width / scale, size.height / scale)
    inside = screen.intersect(box)
    middle = [box.center.x, box.center.y]
    return inside is not None and inside.area > 0.95 * box.area and bool(await page.evaluate(REACHES, middle))


async def is_thing(page: Page, found: Found, scale: float) -> bool:
    point: Point = found.point.scale(1 / scale, 1 / scale)
    return bool(await page.evaluate(REACHES, [point.x, point.y]))


@asynccontextmanager
async def open_screens() -> AsyncGenerator[Screens]:
    with tempfile.TemporaryDirectory(prefix="clickwright-") as folder:
        site = Site(Path(folder) / "site.json", State(seed=0), 0)
        server = threading.Thread(target=site.serve_forever, daemon=True)
        server.start()
        try:
            async with Chromium() as chromium:
                screens = Screens(site, chromium)
                try:
                    yield screens
                finally:
                    await screens.close()
        finally:
            site.shutdown()
            site.server_close()
            server.join()
