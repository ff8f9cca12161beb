"""The same changes under a whole test: recorded with scripted eyes, replayed by `AsyncUi`, clicks and all."""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from playwright.async_api import Page

from ...environments.browser.tabbed import VIEWPORT
from ...screen import Box
from ...testing import AsyncUi, NotFound, ScriptedEyes, Told, open_ui
from ...testing.verdicts import CheckFailed
from .cases import Case
from .runs import Gone, Screens, is_in_reach, look, open_screens
from .script import PLACE, REACHES
from .things import Thing

LISTEN = r"""() => {
  window.reached = null;
  addEventListener("click", (event) => {
    event.preventDefault(); event.stopImmediatePropagation();
    const thing = window.thing, hit = event.target;
    window.reached = thing.contains(hit) || [...(thing.labels || [])].some((label) => label.contains(hit));
  }, true);
}"""
"""Notes whether a click was one on the thing, and keeps it from doing anything."""


async def play_through(cases: Iterable[Case]) -> list[Gone]:
    """Every change of a plan under a replay, in one browser."""
    with tempfile.TemporaryDirectory(prefix="clickwright-") as folder:
        async with open_screens() as screens:
            played = Played(screens, Path(folder))
            return [await played.go(case) for case in cases]


class Played:
    """Tests of one step each, recorded once for each thing of each site."""

    def __init__(self, screens: Screens, folder: Path) -> None:
        self.screens, self.folder = screens, folder

    async def go(self, case: Case) -> Gone:
        """Record, where that was not done yet, change the page, and replay the step."""
        recording = await self.recorded(case.thing, case.site)
        screen = await self.screens.screen(case)
        page = await self.screens.show(screen, case.thing, case.site)
        await page.evaluate(LISTEN)
        if not await self.screens.change(page, case):
            return Gone(case=case, got="void", note="the change did nothing")
        sight = await look(screen)
        if case.kind.expected != "defect" and not await is_in_reach(page, sight.size, sight.scale):
            return Gone(case=case, got="void", note="the change put the thing out of reach")
        ui = open_ui(page, ScriptedEyes(), mode="replay", recording=recording, deadline_s=0)
        try:
            is_same = await _step(ui, page, case.thing)
        except (NotFound, CheckFailed) as none:
            healed = await self.heals(case, page, recording) if case.kind.expected == "reworded" else None
            return Gone(case=case, got="nothing", note=str(none), healed=healed)
        finally:
            await ui.stage.end()
        return Gone(case=case, got="same" if is_same else "another", how=ui.done[-1].how or "", note=ui.done[-1].note)

    async def heals(self, case: Case, page: Page, recording: Path) -> bool:
        """Whether the step is done in the mode heal, by eyes that know where the thing is now, with a patch for it."""
        scale = float(await page.evaluate("devicePixelRatio"))
        box = Box(*await page.evaluate(PLACE)).scale(scale, scale)
        text = str(await page.evaluate("() => window.thing.textContent.trim()"))
        eyes = ScriptedEyes({case.thing.name: box}, answers={case.thing.name: Told(text=text, box=box)})
        patches = self.folder / "patches"
        ui = open_ui(page, eyes, mode="heal", recording=recording, patches=patches, deadline_s=0)
        try:
            is_same = await _step(ui, page, case.thing)
            return is_same and ui.done[-1].healed and ui.keep() is not None
        except (NotFound, CheckFailed):
            return False
        finally:
            await ui.stage.end()

    async def recorded(self, thing: Thing, seed: int) -> Path:
        """The recording of a test with this step."""
        path = self.folder / f"{seed}-{thing.name.replace(' ', '-')}.yaml"
        if path.exists():
            return path
        screen = await self.screens.open(VIEWPORT, 1.0)
        page = await self.screens.show(screen, thing, seed)
        await page.evaluate(LISTEN)
        box = Box(*await page.evaluate(PLACE))
        text = str(await page.evaluate("() => window.thing.textContent.trim()"))
        eyes = ScriptedEyes({thing.name: box}, answers={thing.name: Told(text=text, box=box)})
        ui = open_ui(page, eyes, mode="record", recording=path, test=thing.name)
        if not await _step(ui, page, thing):
            raise ValueError(f"the step {thing.name!r} does nothing on the site of seed {seed}")
        ui.keep()
        await ui.stage.end()
        return path


async def _step(ui: AsyncUi, page: Page, thing: Thing) -> bool:
    """Do the step; whether it was done to the thing."""
    if thing.use == "place":
        read = await ui.get(thing.name)
        return read == str(await page.evaluate("() => window.thing.textContent.trim()"))
    if "select" in thing.traits:
        box = await ui.locate(thing.name)
        scale = float(await page.evaluate("devicePixelRatio"))
        middle = box.center.scale(1 / scale, 1 / scale)
        return bool(await page.evaluate(REACHES, [middle.x, middle.y]))
    await ui.tap(thing.name)
    return bool(await page.evaluate("() => window.reached"))
