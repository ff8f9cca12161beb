"""The two sites of these tests: the demo shop that comes with Clickwright, and TodoMVC as npm ships it."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from clickwright.benchmarks.suites.clickwright20.install import install_apps
from clickwright.demo.process import SiteProcess
from clickwright.demo.state import State

SEED = 7
TODOS = "todomvc-0.1.1/examples/vanillajs/index.html"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[str]:
    """The address of a shop that nobody has been to yet."""
    with SiteProcess(tmp_path, State(seed=SEED)) as site:
        yield site.url


@pytest.fixture(scope="session")
def todos() -> Iterator[str]:
    """The address of TodoMVC; its files are fetched once, and checked by their hashes."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=install_apps())) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{TODOS}"
        server.shutdown()


class _Files(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests say what happens."""
