"""Many episodes on one page of Chromium, each in a frame of its own: one picture shows the next step of each.

What takes time between two steps, frames and pictures of the screen above all, is waited for by all at once. The mouse
and the keyboard are real, and there is one of each: no tile but the last that was acted on is hovered over, or has the
focus, when its picture is taken. Episodes that do not end well here are played alone.
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Self, cast

import numpy as np
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, Page

from ...environments.miniwob.environment import SUCCESS_REWARD, VIEWPORT, MiniWobEpisode
from ...environments.miniwob.pages import PageServer
from ...environments.miniwob.scripts import BEGIN, PREPARE, SETTLE, STATE
from ...errors import EnvironmentLost
from ...tools import Action, Click, Hover, Press, Scroll, SelectOption, Task, TypeText, Wait
from ..pages.render import decode
from .tasks import SCALE

COLUMNS = 4
DEADLINE_S = 60.0
"""Longer than in a page alone: every tile may search first."""
_NOWHERE = (-1, -1)
"""Where the pointer is before an episode: it would hover over what comes to stand there."""
# A click into another frame takes the focus from this one. Who had it is asked for when something is typed, and a text
# field keeps the ring that it would have alone.
_REMEMBER = """() => {
  const style = document.createElement("style");
  style.textContent = "[data-clickwright-focus]:not(:focus) { outline: -webkit-focus-ring-color auto 1px }";
  document.head.append(style);
  window.clickwrightMark = (node) => {
    const field = (one) => one && one.matches("textarea, input:not([type=checkbox], [type=radio], [type=button])");
    if (field(window.clickwrightFocus)) window.clickwrightFocus.removeAttribute("data-clickwright-focus");
    window.clickwrightFocus = node;
    if (field(node)) node.setAttribute("data-clickwright-focus", "");
  };
  document.addEventListener("focusin", ({ target }) => clickwrightMark(target));
  document.addEventListener("mousedown", ({ target }) =>
    clickwrightMark(target === document.activeElement && target !== document.body ? target : null), true);
}"""
_BEGIN = f"(seed) => {{ clickwrightMark(null); return ({BEGIN})(seed); }}"
_FOCUS = """() => {
  window.focus();
  const node = window.clickwrightFocus;
  if (node && node.isConnected && node !== document.activeElement) node.focus();
}"""
_SETTLED = f"(seed) => {SETTLE}.then(() => ({STATE})(seed))"
_SELECT = """({ x, y, label }) => {
  const list = document.elementFromPoint(x, y).closest("select");
  list.selectedIndex = [...list.options].findIndex((one) => one.label === label);
  for (const type of ["input", "change"]) list.dispatchEvent(new Event(type, { bubbles: true }));
}"""

Send = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]
"""Asks DevTools something about the page."""


class Tile:
    """One episode in a frame. Places of its actions are pixels of its own picture, as in `MiniWobEnvironment`."""

    success_reward = SUCCESS_REWARD

    def __init__(self, frame: Frame, page: Page, send: Send, left: int, top: int, server: PageServer) -> None:
        self._frame, self._page, self._send, self._server = frame, page, send, server
        self.left, self.top = left, top
        self.task = ""
        """The task that it was last taken for."""
        self._loaded = ""
        self.episode = MiniWobEpisode(task="", seed=0, utterance="")

    async def begin(self, task: str, seed: int) -> None:
        """Begin an episode; its page is loaded where another task's was shown. Raises EnvironmentLost as `run` does."""
        if self._loaded != task:
            self._loaded = ""
            await self._guarded(self._frame.goto(self._server.url(task)))
            await self.run(PREPARE)
            await self.run(_REMEMBER)
            self._loaded = task
        await self._guarded(self._page.mouse.move(*_NOWHERE))
        told = await self.run(_BEGIN, seed)
        self.episode = MiniWobEpisode(task=task, seed=seed, utterance=str(told))

    async def reset(self, task: Task) -> None:
        """Begin the episode of the task anew: an oracle has tried things in it."""
        await self.begin(self.episode.task, self.episode.seed)

    async def run(self, script: str, argument: object = None, *, extra_s: float = 0.0) -> Any:
        """The value of a function of the frame. Raises EnvironmentLost where it has none."""
        return await self._guarded(self._frame.evaluate(script, argument), extra_s)

    async def act(self, action: Action) -> None:
        """Do one action with the mouse and the keyboard of the page.

        Raises EnvironmentLost for what a tile cannot do, and as `run` does.
        """
        match action:
            case Click(point=point, count=count, modifiers=()):
                await self._guarded(self._click(self._on_page(point.x, point.y), count))
            case Hover(point=point):
                await self._guarded(self._page.mouse.move(*self._on_page(point.x, point.y)))
            case Scroll(point=point, dy=dy):
                await self._guarded(self._page.mouse.move(*self._on_page(point.x, point.y)))
                await self._guarded(self._page.mouse.wheel(0, dy / SCALE))
            case TypeText(text=str(text)):
                await self.run(_FOCUS)
                await self._guarded(self._page.keyboard.type(text))
            case Press(keys=keys):
                await self.run(_FOCUS)
                await self._guarded(self._page.keyboard.press("+".join(keys)))
            case SelectOption(point=point, label=label):
                await self.run(_SELECT, {"x": point.x / SCALE, "y": point.y / SCALE, "label": label})
            case Wait():
                pass  # while the others go on
            case _:
                raise EnvironmentLost(f"a tile knows no {action.kind}")

    async def settle(self) -> None:
        """Let effects end, and bring the episode up to date. Raises EnvironmentLost as `run` does."""
        done, reward = await self.run(_SETTLED, self.episode.seed)
        success = bool(done) and float(reward) >= SUCCESS_REWARD
        self.episode = replace(self.episode, done=bool(done), reward=float(reward), success=success)

    async def _click(self, at: tuple[float, float], count: int) -> None:
        """All events of a click at once: each that is waited for alone takes a frame."""
        place = {"x": at[0], "y": at[1]}
        events: list[dict[str, Any]] = [{"type": "mouseMoved", **place}]
        for number in range(1, count + 1):
            button = {"button": "left", "clickCount": number, **place}
            events += {"type": "mousePressed", **button}, {"type": "mouseReleased", **button}
        await asyncio.gather(*(self._send("Input.dispatchMouseEvent", event) for event in events))

    def _on_page(self, x: float, y: float) -> tuple[float, float]:
        return self.left + x / SCALE, self.top + y / SCALE

    async def _guarded(self, work: Awaitable[Any], extra_s: float = 0.0) -> Any:
        try:
            return await _guarded(work, extra_s)
        except EnvironmentLost:
            self._loaded = ""
            raise


class Tiles:
    """A page of tiles, each as large as the page of an episode."""

    def __init__(self, send: Send, tiles: Sequence[Tile], server: PageServer) -> None:
        self._send, self._server = send, server
        self.all = tiles

    @classmethod
    async def open(cls, page: Page, count: int) -> Self:
        """So many tiles on a page whose viewport is `viewport_of` that many, at the scale `SCALE`."""
        server = PageServer()
        await page.goto(server.url("click-test"))  # what is of one origin is drawn by one process
        frames = "".join(
            f"<iframe style='position:absolute;border:0;left:{left}px;top:{top}px' width={VIEWPORT.width} "
            f"height={VIEWPORT.height}></iframe>"
            for left, top in map(_corner, range(count))
        )
        await page.set_content(f"<!doctype html><body style='margin:0'>{frames}")
        places = zip(page.main_frame.child_frames, map(_corner, range(count)), strict=True)
        session = await page.context.new_cdp_session(page)
        send = cast(Send, session.send)  # pyright: ignore[reportUnknownMemberType]
        return cls(send, [Tile(frame, page, send, left, top, server) for frame, (left, top) in places], server)

    async def pictures(self, tiles: Sequence[Tile]) -> list[np.ndarray]:
        """What these tiles show, by one picture. Dimensions: each (height, width, 3) uint8 RGB.

        Raises EnvironmentLost where the page gives none.
        """
        top = min(tile.top for tile in tiles)
        bottom = max(tile.top for tile in tiles) + VIEWPORT.height
        width = max(tile.left for tile in tiles) + VIEWPORT.width
        clip = {"x": 0, "y": top, "width": width, "height": bottom - top, "scale": SCALE}
        asked = {"format": "png", "optimizeForSpeed": True, "clip": clip}
        answer = await _guarded(self._send("Page.captureScreenshot", asked))
        pixels = decode(base64.b64decode(answer["data"]))
        high, wide = round(VIEWPORT.height * SCALE), round(VIEWPORT.width * SCALE)
        corners = ((round((tile.top - top) * SCALE), round(tile.left * SCALE)) for tile in tiles)
        return [np.ascontiguousarray(pixels[y : y + high, x : x + wide]) for y, x in corners]

    async def close(self) -> None:
        await asyncio.to_thread(self._server.close)


async def _guarded(work: Awaitable[Any], extra_s: float = 0.0) -> Any:
    """Its result. Raises EnvironmentLost where it fails or takes longer than the deadline."""
    try:
        async with asyncio.timeout(DEADLINE_S + extra_s):
            return await work
    except (TimeoutError, PlaywrightError) as error:
        raise EnvironmentLost(f"a tile failed: {error}") from None


def viewport_of(count: int) -> tuple[int, int]:
    """Width and height in CSS pixels of a page of so many tiles."""
    rows = -(-count // COLUMNS)
    return min(count, COLUMNS) * VIEWPORT.width, rows * VIEWPORT.height


def _corner(number: int) -> tuple[int, int]:
    return number % COLUMNS * VIEWPORT.width, number // COLUMNS * VIEWPORT.height
