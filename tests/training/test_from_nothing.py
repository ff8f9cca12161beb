"""The whole way of clickwright/mini: pages and episodes, packs, a training, a checkpoint that acts."""

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from clickwright.agent import read_run

CLICKWRIGHT = [sys.executable, "-c", "from clickwright.cli import main; main()"]
PAGE = "<body style='margin: 0'><button style='font-size: 30px'>Save</button>"


@contextmanager
def served(folder: Path) -> Generator[str]:
    """The URL of a folder with the page in it."""
    (folder / "page.html").write_text(PAGE)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_checkpoint_that_was_trained_from_nothing_acts_in_a_browser(tmp_path: Path):
    def training(part: str, *options: object) -> None:
        command = [sys.executable, "-W", "error", "-m", f"clickwright.training.{part}", *map(str, options)]
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=400)

    pages, held, played, data, out = (tmp_path / name for name in ("pages", "held", "played", "data", "out"))
    training("pages.render", "--out", pages, "--count", 4)
    training("pages.render", "--out", held, "--count", 2, "--seed", 9_000_000)
    training("episodes.play", "--out", played, "--count", 1, "--tasks", "click-test", "click-button")
    training("prepare", "--pages", pages, "--episodes", played, "--held-pages", held, "--out", data)
    training("mini", "--data", data, "--out", out, "--steps", 4, "--size", "small", "--workers", 0, "--past-gates")
    with served(tmp_path) as url:
        command = [*CLICKWRIGHT, "run", "Press Save.", "--url", f"{url}/page.html", "--run-dir", str(tmp_path / "run")]
        options = ["--model", str(out / "checkpoint"), "--max-steps", "1"]
        acted = subprocess.run([*command, *options], capture_output=True, text=True, timeout=200)
    found = read_run(tmp_path / "run")
    assert len(found.steps) == 1, acted.stdout + acted.stderr
    assert found.steps[0].actions
