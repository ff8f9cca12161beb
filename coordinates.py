"""The coordinate check: known targets on a page, found in the screenshot, clicked, and read back from the page."""

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue

import numpy as np

from .environments import BrowserEnvironment
from .errors import EnvironmentLost
from .screen import Box, Point, Screenshot, Size
from .tools import Click, Task

REPLY_S = 10.0
_POLL_S = 0.05
SIDE_CSS_PX = 12
"""Even, as are the places, so that the edges fall on whole pixels at a device scale of 1.5."""
COLOUR = (255, 0, 255)
NEAR = 24
"""How far a channel of a target's pixel may be from its colour."""
_SHARES = ((0, 0), (1, 0), (0, 1), (1, 1), (0.5, 0.5), (0.25, 0.7), (0.8, 0.3))


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A viewport in CSS pixels and the device pixels of each."""

    viewport: Size
    device_scale: float
    count: int = len(_SHARES)

    def __str__(self) -> str:
        return f"{self.viewport.width} x {self.viewport.height} at scale {self.device_scale:g}"

    @property
    def screen(self) -> Size:
        """The size of its screenshots."""
        return Size(round(self.viewport.width * self.device_scale), round(self.viewport.height * self.device_scale))

    @property
    def targets(self) -> tuple[Point, ...]:
        """Top left corners in CSS pixels: the corners of the page, its middle, between; and again, up to `count`."""
        right, bottom = self.viewport.width - SIDE_CSS_PX, self.viewport.height - SIDE_CSS_PX
        shares = (_SHARES[n % len(_SHARES)] for n in range(self.count))
        return tuple(Point(2 * int(right * x / 2), 2 * int(bottom * y / 2)) for x, y in shares)


VIEWS = (
    View(viewport=Size(1288, 728), device_scale=1.0),
    View(viewport=Size(1280, 720), device_scale=1.5),
    View(viewport=Size(1024, 768), device_scale=2.0),
    View(viewport=Size(412, 914), device_scale=2.0),
)

_PAGE = """<!doctype html><title>Targets</title><style>html, body { margin: 0; height: 100%; overflow: hidden;
background: #fff; } div { position: absolute; width: SIDEpx; height: SIDEpx; background: rgb(255, 0, 255); }</style>
<div></div><script>
const places = PLACES, target = document.querySelector("div");
const show = () => {
  const [x, y] = places.shift() ?? [-99, -99];
  target.style.left = `${x}px`;
  target.style.top = `${y}px`;
};
addEventListener("pointerdown", (event) => {
  fetch("/clicked", { method: "POST", body: event.clientX + " " + event.clientY });
  show();
});
show();
</script>"""


async def measure(view: View) -> tuple[float, int]:
    """The largest distance between a target's centre and the click that the page saw, in screenshot pixels.

    Also the number of targets. Raises EnvironmentLost when a target is not seen or a click never arrives.
    """
    arrived = await clicked(view, lambda target: target.center)
    half = SIDE_CSS_PX / 2
    centers = [Point(corner.x + half, corner.y + half).scale(*[view.device_scale] * 2) for corner in view.targets]
    return max(point.distance(center) for point, center in zip(arrived, centers, strict=True)), len(centers)


async def clicked(view: View, aim: Callable[[Box], Point]) -> list[Point]:
    """Where the clicks arrived at the page, one a target, in screenshot pixels.

    `aim` says where to click, from the box in which the target is found on the screenshot. Raises as `measure` does.
    """
    environment = BrowserEnvironment(viewport=view.viewport, device_scale=view.device_scale)
    arrived: list[Point] = []
    try:
        with _served(view) as (url, clicks):
            seen = await environment.reset(Task(goal="click each target", start_url=url))
            for _ in view.targets:
                seen = await environment.step(Click(point=aim(_find(seen.screenshot))))
                arrived.append(_reply(clicks).scale(view.device_scale, view.device_scale))
    finally:
        await environment.close()
    return arrived


def _find(screenshot: Screenshot) -> Box:
    """The box of the pixels that have the target's colour."""
    away = np.abs(screenshot.pixels.astype(np.int16) - np.array(COLOUR, np.int16)).max(axis=2)
    rows, columns = np.nonzero(away <= NEAR)
    if not rows.size:
        raise EnvironmentLost("a target that the page shows is not on its screenshot")
    return Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)


def _reply(clicks: "Queue[Point]") -> Point:
    try:
        return clicks.get(timeout=REPLY_S)
    except Empty:
        raise EnvironmentLost("a click did not arrive at the page") from None


@contextmanager
def _served(view: View) -> Generator[tuple[str, "Queue[Point]"]]:
    """The page of the targets on loopback, and the clicks that it reports in CSS pixels."""
    server = _Targets(view)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": _POLL_S}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", server.clicks
    finally:
        server.shutdown()
        server.server_close()


class _Targets(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, view: View) -> None:
        super().__init__(("127.0.0.1", 0), _Visit)
        self.clicks: Queue[Point] = Queue()
        places = json.dumps([(at.x, at.y) for at in view.targets])
        self.page = _PAGE.replace("SIDE", str(SIDE_CSS_PX)).replace("PLACES", places)


class _Visit(BaseHTTPRequestHandler):
    timeout = 30

    def do_GET(self) -> None:
        if self.path == "/":
            self._answer(200, self._targets.page)
        else:
            self._answer(404, "")

    def do_POST(self) -> None:
        said = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), 100)).decode("ascii", "replace")
        x, _, y = said.partition(" ")
        self._targets.clicks.put(Point(float(x), float(y)))
        self._answer(200, "")

    @property
    def _targets(self) -> _Targets:
        if not isinstance(self.server, _Targets):
            raise TypeError("a visit belongs to the targets")
        return self.server

    def _answer(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
