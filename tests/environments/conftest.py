"""Pages on loopback, and one real browser for all tests that do not kill it."""

import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import pytest_asyncio
from clickwright.environments import BrowserEnvironment, Chromium
from clickwright.screen import Box, Observation, Point
from clickwright.tools import Task

LOG = "<script>window.log = []; const note = (...words) => log.push(words.join(' '));</script>"


class Site(ThreadingHTTPServer):
    """Serves what a test puts into `pages`.

    /slow answers when the site is closed, /file sends a download, /endless one without end.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self.pages: dict[str, str] = {}
        self.redirects: dict[str, str] = {}
        self.closing = threading.Event()
        self.file_name = "report.csv"

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_port}{path}"

    def put(self, html: str, path: str = "/") -> str:
        """The URL of a page with this body, at the very corner of the viewport."""
        style = "<style>html, body { margin: 0 } body { font: 16px sans-serif }</style>"
        self.pages[path] = f"<!doctype html><meta charset=utf-8><title>Page {path}</title>{style}{LOG}{html}"
        return self.url(path)


class Visit(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        if self.path == "/slow":
            self.server.closing.wait(30)
            return
        if self.path == "/file":
            name = self.server.file_name
            self.answer(b"a,b\n", **{"Content-Disposition": f'attachment; filename="{name}"'})
            return
        if self.path == "/endless":
            self.send_endlessly()
            return
        path = self.path.partition("?")[0]
        if path in self.server.redirects or path.rpartition("/")[0] in self.server.redirects:
            to = self.server.redirects.get(path) or self.server.redirects[path.rpartition("/")[0]]
            self.answer(b"", status=302, Location=to)
            return
        page = self.server.pages.get(path)
        self.answer((page or "none").encode(), status=200 if page else 404)

    def answer(self, body: bytes, *, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "text/html; charset=utf-8"} | headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_endlessly(self) -> None:
        """A file whose server never stops: 1 MB a second."""
        self.send_response(200)
        self.send_header("Content-Disposition", 'attachment; filename="endless"')
        self.end_headers()
        with suppress(OSError):  # the browser has had enough
            while not self.server.closing.wait(0.1):
                self.wfile.write(b"x" * 100_000)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Generator[Site]:
    server = Site()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.closing.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncGenerator[Chromium]:
    async with Chromium() as browser:
        yield browser


class Opened:
    """An environment on a page, with what a test reads out of the page."""

    def __init__(self, environment: BrowserEnvironment, first: Observation) -> None:
        self.environment = environment
        self.first = first
        self.step = environment.step
        self.observe = environment.observe

    async def js(self, expression: str) -> Any:
        return await self.environment.window.active.page.evaluate(expression)

    async def log(self) -> list[str]:
        return list(await self.js("log"))

    async def box(self, selector: str) -> Box:
        """Where an element stands, in CSS pixels; the same as screenshot pixels at device scale 1."""
        found = await self.environment.window.active.page.query_selector(selector)
        assert found is not None
        place = await found.bounding_box()
        assert place is not None
        return Box(place["x"], place["y"], place["x"] + place["width"], place["y"] + place["height"])

    async def center(self, selector: str) -> Point:
        return (await self.box(selector)).center


Open = Callable[..., Awaitable[Opened]]


@pytest_asyncio.fixture(loop_scope="session")
async def show(chromium: Chromium, site: Site) -> AsyncGenerator[Open]:
    """Opens a page with this body in the shared browser."""
    environments: list[BrowserEnvironment] = []

    async def open_page(html: str = "", **options: Any) -> Opened:
        environment = BrowserEnvironment(chromium=chromium, **options)
        environments.append(environment)
        first = await environment.reset(Task(goal="try it", start_url=site.put(html)))
        return Opened(environment, first)

    yield open_page
    for environment in environments:
        await environment.close()
