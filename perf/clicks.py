"""Where clicks land, through the whole chain: a target is found in the picture, clicked, and the page tells the miss.

    python -m clickwright.perf.clicks [--clicks 12] [--scales 1 1.25 1.5 2 3]

Every click is decided on pixels alone. The page answers with the distance between the click and the middle of the
target, before it moves the target to the next place. A click that is off by more than one pixel of the screenshot, or
not heard at all, is a miss.
"""

import argparse
import asyncio
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from playwright.async_api import Frame
from rich.console import Console
from rich.table import Table

from ..environments.browser.environment import BrowserEnvironment
from ..environments.browser.launch import Chromium
from ..environments.browser.options import USUAL, BrowserOptions
from ..screen import Observation, Point, Screenshot, Size
from ..tools import Action, Click, Pinch, Scroll, Task

LIMIT_PX = 1.0
LOOKS = 20
"""How often a target is looked for where it was not: a frame of another process paints in its own time."""
VIEWPORT = Size(644, 364)
SCALES = (1.0, 1.25, 1.5, 2.0, 3.0)

# Places are multiples of 4, which are whole pixels at every scale: Chromium paints what lies between two pixels on one
# of them, but hears clicks where it really is. The target never leaves what is in sight. A miss is in CSS pixels as
# they are painted without a pinch: `grown` is what the frame around this page makes of each of its pixels.
_TARGET = """<!doctype html><meta charset=utf-8><title>%(title)s</title><style>
  html, body { margin: 0; background: #fff }
  #t { position: absolute; width: 16px; height: 16px; background: #f0f }
</style><div id=t></div><div style='width:3000px; height:3000px'></div><script>
  let seed = 7, grown = %(grown)s, misses = [];
  const random = () => (seed = (seed * 16807) %% 2147483647) / 2147483647;
  const move = () => {
    const v = visualViewport, room = %(room)s;
    t.style.left = 4 * Math.round((v.pageLeft + 20 + random() * (v.width / room - 60)) / 4) + "px";
    t.style.top = 4 * Math.round((v.pageTop + 20 + random() * (v.height / room - 60)) / 4) + "px";
  };
  addEventListener("pointerdown", (e) => {
    const b = t.getBoundingClientRect();
    misses.push([(e.clientX - (b.left + b.right) / 2) * grown, (e.clientY - (b.top + b.bottom) / 2) * grown]);
    move();
  });
  const ready = new Promise((done) => addEventListener("load", () => setTimeout(() => { %(begin)s; done() })));
</script>"""
_HOLDER = """<!doctype html><style>html, body { margin: 0; background: #fff }</style>
<iframe src='%(inner)s' style='position:absolute; left:40px; top:24px; width:480px; height:272px;
border:4px solid #000; padding:8px; %(style)s'></iframe><div style='width:2000px; height:2000px'></div>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A kind of page. `first` is done to it before it is clicked; `depth` counts the frames around the target."""

    name: str
    path: str = "/plain"
    first: tuple[Action, ...] = ()
    depth: int = 0
    options: BrowserOptions = USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """What came of the clicks of one setting. `worst_px` is in pixels of the screenshot; `hits` were within one."""

    clicks: int
    hits: int
    worst_px: float


_DOWN = Scroll(point=Point(60, 60), dx=88, dy=132)
_PINCH = Pinch(point=Point(100, 80), factor=2)
SETTINGS = (
    Setting(name="plain"),
    Setting(name="scrolled", first=(_DOWN,)),
    Setting(name="pinch zoom", first=(_PINCH,)),
    Setting(name="pinch zoom, scrolled", first=(_DOWN, _PINCH, _DOWN)),
    Setting(name="CSS zoom 1.25", path="/zoomed"),
    Setting(name="turned", path="/turned"),
    Setting(name="scrolled frame", path="/frame", depth=1),
    Setting(name="scrolled frame, other origin", path="/far", depth=1),
    Setting(name="frame in a frame, both scrolled", path="/nested", depth=2),
    Setting(name="other origin, pinch zoom", path="/near", first=(_PINCH,), depth=1),
    Setting(name="frame made smaller", path="/small", depth=1),
    Setting(name="phone", options=BrowserOptions(mobile=True)),
)


async def measure(site: "Site", chromium: Chromium, scale: float, setting: Setting, clicks: int) -> Landed:
    """Click so many targets on a fresh page of this kind."""
    environment = BrowserEnvironment(
        site.url(setting.path), chromium=chromium, viewport=VIEWPORT, device_scale=scale, options=setting.options
    )
    try:
        seen = await environment.reset(Task(goal="click"))
        for action in setting.first:
            seen = await environment.step(_scaled(action, scale))
        misses = await _click_targets(environment, seen, setting, clicks)
        zoom = float(await environment.window.active.evaluate("visualViewport.scale"))
    finally:
        await environment.close()
    distances = [max(abs(x), abs(y)) * scale * zoom for x, y in misses]
    hits = sum(distance <= LIMIT_PX for distance in distances)
    return Landed(clicks=clicks, hits=hits, worst_px=max(distances, default=float("inf")))


async def _click_targets(
    environment: BrowserEnvironment, seen: Observation, setting: Setting, clicks: int
) -> list[tuple[float, float]]:
    frame = await _frame_at(environment, setting.depth)
    before = middle_of(seen.screenshot)
    await frame.evaluate("ready.then(move)")
    seen = await environment.observe()
    for _ in range(clicks):
        seen = await _moved(environment, seen, before)
        middle = before = middle_of(seen.screenshot)
        if middle is None:
            break
        seen = await environment.step(Click(point=middle))
    return [(float(x), float(y)) for x, y in cast(list[list[float]], await frame.evaluate("misses"))]


async def _frame_at(environment: BrowserEnvironment, depth: int) -> Frame:
    for _ in range(LOOKS):
        if len(environment.window.active.page.frames) > depth:
            break
        await environment.observe()
    return environment.window.active.page.frames[depth]


async def _moved(environment: BrowserEnvironment, seen: Observation, before: Point | None) -> Observation:
    """The first look at which the target is elsewhere; the last one, where it stays where it was or is not seen."""
    for _ in range(LOOKS):
        now = middle_of(seen.screenshot)
        if now is not None and (before is None or now.distance(before) > LIMIT_PX):
            break
        seen = await environment.observe()
    return seen


def middle_of(screenshot: Screenshot) -> Point | None:
    """Of all that is magenta on white, each pixel counted for as much of it as it holds."""
    pixels = screenshot.pixels.astype(np.float64)
    held = np.clip(np.minimum(pixels[..., 0], pixels[..., 2]) - pixels[..., 1], 0, 255)
    total = float(held.sum())
    if total < 255:
        return None
    rows, columns = np.indices(held.shape)
    return Point(float((held * columns).sum()) / total + 0.5, float((held * rows).sum()) / total + 0.5)


def _scaled(action: Action, scale: float) -> Action:
    match action:
        case Scroll():
            point = action.point.scale(scale, scale)
            return Scroll(point=point, dx=action.dx * scale, dy=action.dy * scale)
        case Pinch():
            return Pinch(point=action.point.scale(scale, scale), factor=action.factor)
        case _:
            return action


class Site:
    """The pages of all settings, on loopback. `localhost` and 127.0.0.1 are two origins."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self._server: asyncio.Server | None = None
        self._port = 0

    async def __aenter__(self) -> "Site":
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self._port = int(self._server.sockets[0].getsockname()[1])
        here, far = self.url(""), f"http://localhost:{self._port}"
        scrolled = "scrollTo(212, 308)"
        turned = "document.body.style.cssText = 'transform-origin:0 0; transform:translate(120px) rotate(20deg)'"
        self.pages = {
            "/plain": _target(),
            "/zoomed": _target(begin="document.documentElement.style.zoom = 1.25", room=1.25),
            "/turned": _target(begin=turned, room=2),
            "/scrolled": _target(begin=scrolled),
            "/smaller": _target(begin=scrolled, grown=0.75),
            "/frame": _HOLDER % {"inner": f"{here}/scrolled", "style": ""},
            "/far": _HOLDER % {"inner": f"{far}/scrolled", "style": ""},
            "/half": _target(begin=scrolled, room=2),
            "/near": _HOLDER % {"inner": f"{far}/half", "style": ""},
            "/small": _HOLDER % {"inner": f"{far}/smaller", "style": "transform:scale(.75)"},
            "/nested": _HOLDER % {"inner": f"{far}/middle", "style": ""} + "<script>scrollTo(16, 12)</script>",
            "/middle": _HOLDER % {"inner": f"{here}/scrolled", "style": "width:300px; height:200px"}
            + "<script>scrollTo(12, 20)</script>",
        }
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._port}{path}"

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = (await reader.readline()).decode().split()  # nothing, where a browser only keeps a connection ready
        body = self.pages.get(asked[1] if len(asked) > 1 else "", "").encode()
        kind = "200 OK" if body else "404 Not Found"
        head = f"HTTP/1.1 {kind}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()


def _target(*, begin: str = "0", grown: float = 1, room: float = 1) -> str:
    return _TARGET % {"title": "target", "begin": begin, "grown": grown, "room": room}


async def show(scales: Sequence[float], clicks: int) -> bool:
    """Print the table; whether every click hit."""
    table = Table("page", *(f"{scale:g}" for scale in scales), title=f"hits of {clicks} clicks, worst in pixels")
    is_good = True
    async with Site() as site, Chromium() as chromium:
        for setting in SETTINGS:
            row = [await measure(site, chromium, scale, setting, clicks) for scale in scales]
            is_good = is_good and all(landed.hits == clicks for landed in row)
            table.add_row(setting.name, *(f"{landed.hits}, {landed.worst_px:.2f}" for landed in row))
    console = Console()
    console.print(table)
    console.print(f"{'every click' if is_good else 'NOT every click'} within {LIMIT_PX:g} px; {platform.machine()}")
    return is_good


def main() -> None:
    parser = argparse.ArgumentParser(description="Click targets that are found in the picture, and measure the miss.")
    parser.add_argument("--clicks", type=int, default=12)
    parser.add_argument("--scales", type=float, nargs="+", default=SCALES)
    given = parser.parse_args()
    raise SystemExit(0 if asyncio.run(show(given.scales, given.clicks)) else 1)


if __name__ == "__main__":
    main()
