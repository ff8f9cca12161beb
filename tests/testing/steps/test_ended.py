"""A run of step files that a person ends keeps what is over, and says where."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from clickwright.environments import find_browser
from clickwright.exits import INTERRUPTED

TESTS = """
start: {page}
tests:
- name: over
  steps: [{{check: "'Shop' is visible"}}]
- name: long
  steps:
  - check: "'Shop' is visible"
  - wait_for: {{claim: "'Never' is visible", seconds: 600}}
"""


@pytest.mark.slow
def test_ctrl_c_keeps_what_was_over(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<!doctype html><title>Shop</title><p>Shop</p>")
    (tmp_path / "shop.yaml").write_text(TESTS.format(page=(tmp_path / "page.html").as_uri()))
    started = subprocess.Popen(
        [sys.executable, "-c", "from clickwright.cli import main; main()", "test", "shop.yaml", "--model", "page"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "CLICKWRIGHT_BROWSER": str(find_browser())},
    )
    try:
        told = tmp_path / "ui-results" / "tests"
        until = time.monotonic() + 60
        while not list(told.glob("*over*.json")) and started.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        os.kill(started.pid, signal.SIGINT)
        out, errors = started.communicate(timeout=30)
    finally:
        started.kill()
    print(out, errors)
    assert started.returncode == INTERRUPTED
    assert "clickwright: interrupted; what was over by then is in ui-results\n" in errors
    (over,) = told.glob("*over*.json")
    kept = json.loads(over.read_text("utf-8"))
    assert (kept["verdict"], kept["model"]) == ("passed", "page")
    assert (tmp_path / "ui-results" / "index.html").exists()
