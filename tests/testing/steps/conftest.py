"""Step files that are run in a real browser on pages of loopback."""

import threading
from collections.abc import Callable, Generator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from clickwright.testing import Eyes, Judged, ScriptedEyes
from clickwright.testing.plain import named_plainly
from clickwright.testing.report.told import TestTold
from clickwright.testing.sight import Sight
from clickwright.testing.steps.plan import ALL, Planned, plan
from clickwright.testing.steps.read import parse_file
from clickwright.testing.steps.run import Runs, run_all
from clickwright.testing.steps.run_test import Asked
from clickwright.testing.target import Found
from clickwright.testing.ways import Mode

PAGE = """<!doctype html><meta charset=utf-8><title>Shop</title>
<style>body { font: 16px sans-serif } p { margin: 12px 0 }</style>
<p><label>Email <input id=email oninput="said.textContent = this.value"></label>
<label>Password <input type=password id=password></label></p>
<p><label>Size <select><option>Small<option>Large</select></label></p>
<p><button onclick="said.textContent = 'welcome'">Log in</button> <button disabled>Sold out</button>
<a href=/cart>Cart</a> <button onclick="said.textContent = password.value">Reveal</button></p>
<p id=said></p>"""
CART = "<!doctype html><meta charset=utf-8><title>Cart</title><p><a href=/>Back to the shop</a></p>"


class Shop(ThreadingHTTPServer):
    """Two pages; `asked` are the paths that were asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class Visit(BaseHTTPRequestHandler):
    server: Shop

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        body = (CART if self.path.startswith("/cart") else PAGE).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def shop() -> Generator[Shop]:
    site = Shop()
    thread = threading.Thread(target=site.serve_forever)
    thread.start()
    yield site
    site.shutdown()
    thread.join()
    site.server_close()


class PageEyes(ScriptedEyes):
    """Find what the page names. What else is so is scripted; `faults` are raised, `seen` is what was shown."""

    def __init__(
        self,
        claims: Mapping[str, bool | Judged] | None = None,
        answers: Mapping[str, str] | None = None,
        faults: Mapping[str, Exception] | None = None,
    ) -> None:
        super().__init__(claims=claims, answers=answers)
        self._faults = faults or {}
        self.seen: list[Sight] = []

    def find(self, sight: Sight, words: str) -> Found:
        self.seen.append(sight)
        if words in self._faults:
            raise self._faults[words]
        box = named_plainly(sight, words)
        return super().find(sight, words) if box is None else Found(point=box.center, box=box, how="page")


class Followed:
    """Who is told of a run, and remembers."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def begun(self, planned: Planned) -> None:
        self.lines.append(f"{planned.name} begins")

    def ended(self, told: TestTold) -> None:
        self.lines.append(f"{told.name} {told.verdict}")


def planned_of(text: str, path: Path, given: dict[str, str] | None = None, **environment: str) -> tuple[Planned, ...]:
    return plan(parse_file(text.encode(), path), given or {}, ALL, environment)


Play = Callable[..., tuple[TestTold, ...]]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Run a step file with these eyes. The further names are environment variables."""

    def run(
        text: str,
        eyes: Eyes | None = None,
        *,
        workers: int = 1,
        stops: bool = False,
        takes_looks: bool = False,
        mode: Mode = "live",
        **environment: str,
    ) -> tuple[TestTold, ...]:
        runs = Runs(
            asked=Asked(deadline_s=0.5, results=tmp_path / "results", takes_looks=takes_looks, mode=mode),
            eyes=lambda: eyes or PageEyes(),
            workers=workers,
            stops=stops,
        )
        return run_all(planned_of(text, tmp_path / "shop.yaml", **environment), runs, Followed())

    return run
