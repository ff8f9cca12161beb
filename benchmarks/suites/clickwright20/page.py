"""The page of an episode: where its things are, what it holds, and how an oracle gets to what is further down."""

import json
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, cast

from ....environments import BrowserEnvironment
from ....environments.browser.deadline import within
from ....errors import EnvironmentLost, UsageError
from ....screen import Box, Point
from ....tools import Action, Scroll
from .moves import Aim, Move, Thing, Until, click
from .room import Room

FOUND_S = 20.0
"""How long an oracle looks for a thing, slow pages included."""
_MAX_SCROLLS = 12

# Looks until the page has loaded, and the thing is there, stands still and is not covered. Tells its box and that of
# what scrolls it, both in CSS pixels; nothing where it did not come.
_FIND = """(async (selector, text, number, across, down, patience) => {
  const said = (e) => (e.innerText || e.value || e.getAttribute("aria-label") || "").replace(/\\s+/g, " ").trim();
  const shows = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().width > 0;
  const find = () => document.readyState !== "complete" ? undefined : [...document.querySelectorAll(selector)]
    .filter((e) => shows(e) && (!text || said(e) === text))[number];
  const box = (e) => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; };
  const rest = (ms) => new Promise((go) => setTimeout(() => requestAnimationFrame(go), ms));
  const covered = (e) => {
    const [x1, y1, x2, y2] = box(e), top = document.elementFromPoint(x1 + across * (x2 - x1), y1 + down * (y2 - y1));
    return top && top !== e && !e.contains(top) && !top.contains(e);
  };
  const around = (e) => {
    for (let up = e.parentElement; up && up !== document.body; up = up.parentElement)
      if (up.scrollHeight > up.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(up).overflowY)) return box(up);
    return [0, 0, innerWidth, innerHeight];
  };
  for (const end = Date.now() + patience * 1000; Date.now() < end; await rest(30)) {
    const e = find();
    if (!e) continue;
    const before = box(e);
    await rest(60);
    if (!e.isConnected || String(before) !== String(box(e)) || covered(e)) continue;
    return [before, around(e), innerWidth, innerHeight];
  }
  return null;
})"""


class Page:
    """The active page of an environment, and the room that serves it."""

    def __init__(self, environment: BrowserEnvironment, room: Room, interruption: str = "") -> None:
        """`interruption` is the selector of what is clicked away whenever it is in the way."""
        self.environment = environment
        self.room = room
        self._interruption = interruption

    async def read(self, expression: str) -> Any:
        """The value of a script, or of its promise. Raises EnvironmentLost where the page is gone."""
        window = self.environment.window
        return await within(FOUND_S + self.environment.deadline_s, window, window.active.evaluate(expression))

    async def storage(self) -> dict[str, str]:
        """The local storage of the episode's origin, whatever page is shown."""
        with tempfile.TemporaryDirectory(prefix="clickwright-") as folder:
            file = Path(folder) / "state.json"
            await self.environment.save_storage_state(file)
            state = json.loads(file.read_text("utf-8"))
        origins = [origin for origin in state["origins"] if origin["origin"] == self.room.origin]
        return {entry["name"]: entry["value"] for origin in origins for entry in origin["localStorage"]}

    async def follow(self, moves: Sequence[Move]) -> AsyncIterator[Action]:
        """The actions that the moves come to, one by one, each when the one before has been done."""
        for move in moves:
            if await self._is_interrupted():
                async for action in self._reach(click(self._interruption)):
                    yield action
            match move:
                case Aim():
                    async for action in self._reach(move):
                        yield action
                case Until():
                    raise UsageError("a page is waited for by an Aim without an act")
                case _:
                    yield move

    async def _is_interrupted(self) -> bool:
        script = f"!!document.querySelector({json.dumps(self._interruption)})"
        return bool(self._interruption) and bool(await self.read(script))

    async def _reach(self, aim: Aim) -> AsyncIterator[Action]:
        for _ in range(_MAX_SCROLLS):
            found = [await self._place(thing) for thing in aim.things]
            scroll = next((place.scroll for place in found if place.scroll is not None), None)
            if scroll is None:
                if aim.act is not None:
                    yield aim.act([place.point for place in found])
                return
            yield scroll
        raise EnvironmentLost(f"{aim.things[0].selector!r} cannot be scrolled into sight")

    async def _place(self, thing: Thing) -> "_Place":
        arguments = ", ".join(
            map(json.dumps, (thing.selector, thing.text, thing.number, thing.across, thing.down, FOUND_S))
        )
        answer = await self.read(f"{_FIND}({arguments})")
        if answer is None:
            what = thing.selector + (f" {thing.text!r}" if thing.text else "")
            raise EnvironmentLost(f"the page shows no {what} within {FOUND_S:g} s")
        box, around, width, height = cast(tuple[list[float], list[float], float, float], answer)
        view = await self.environment.window.active.view()
        place = thing.place_in(Box(*box), scale=1.0)
        sight = Box(max(0, around[0]), max(0, around[1]), min(width, around[2]), min(height, around[3]))
        if not sight.contains(place):
            down, right = place.y - sight.center.y, 0.0 if sight.x1 <= place.x < sight.x2 else place.x - sight.center.x
            at, scale = view.to_screen(Box.around(sight.center)).center, view.pixels_per_css
            return _Place(at, Scroll(point=at, dx=right * scale, dy=down * scale))
        return _Place(view.to_screen(Box.around(place)).center)


class _Place:
    """Where a thing is in the screenshot, or what brings it there."""

    def __init__(self, point: Point, scroll: Scroll | None = None) -> None:
        self.point = point
        self.scroll = scroll
