"""Runs as they are looked at and written in other forms, from the command line."""

import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import clickwright as package
import pytest
from clickwright.agent import Agent
from clickwright.environments import MemoryEnvironment
from clickwright.policies import ScriptedPolicy
from clickwright.tools import Finish

from .conftest import Said

MINI = Path(package.__file__).parent / "model" / "mini"
needs_mini = pytest.mark.skipif(not (MINI / "config.json").exists(), reason="clickwright/mini is not in this checkout")
PAGE = "data:text/html,<title>Here</title><button style='font-size: 40px'>Send</button>"


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two runs in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b"):
        policy = ScriptedPolicy([Finish(answer=f"done by {name}")])
        Agent("look", policy=policy, environment=MemoryEnvironment([]), run_dir=name).run()


def test_two_runs_beside_each_other(clickwright: Callable[..., Said]) -> None:
    said = clickwright("view", "a", "--beside", "b")
    assert (said.code, said.out.strip()) == (0, str(Path("a/beside.html")))
    assert "done by b" in Path("a/beside.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["view", "a", "--live", "--beside", "b"], "leave out --beside and --out"),
        (["view", "nowhere", "--live"], "holds no run"),
        (["view", "a", "--beside", "nowhere"], "holds no run"),
        (["view", "a", "--out", "no/such/page.html"], "cannot be written"),
        (["export", "a", "--to", "pdf"], "not as 'pdf'"),
        (["export", "a"], "gif, webp, mp4, jsonl, chat, playwright"),
        (["export", "a", "--to", "jsonl", "--profile", "mini"], "how a chat is written"),
    ],
)
def test_what_cannot_be_shown_is_told(clickwright: Callable[..., Said], arguments: list[str], says: str) -> None:
    said = clickwright(*arguments)
    assert said.code == 2
    assert says in said.complaint


@pytest.mark.parametrize(("form", "name"), [("jsonl", "run.jsonl"), ("chat", "chat.jsonl"), ("gif", "run.gif")])
def test_a_run_is_written_into_its_folder(clickwright: Callable[..., Said], form: str, name: str) -> None:
    said = clickwright("export", "a", "--to", form)
    assert (said.code, said.out.strip()) == (0, str(Path("a", name)))
    assert Path("a", name).exists()


@pytest.mark.slow
@needs_mini
def test_a_run_tells_where_it_is_followed_and_keeps_playwrights_trace(clickwright: Callable[..., Said]) -> None:
    options = ["--run-dir", "c", "--live", "--playwright-trace", "--max-steps", "1"]
    said = clickwright("run", "Click the button.", "--url", PAGE, *options)
    assert re.search(r"^live: http://127\.0\.0\.1:\d+/[\w-]{40,}/$", said.out, re.MULTILINE)
    assert sorted(path.name for path in Path("c").glob("*.[zh]*")) == ["report.html", "trace.zip"]


_COMMAND = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background inherits that it is ignored
from clickwright.cli import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent to a process as a signal")
def test_live_serves_until_ctrl_c() -> None:
    command = [sys.executable, "-c", _COMMAND, "view", "a", "--live"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = re.match(r"(http://127\.0\.0\.1:\d+/[\w-]{40,}/)  \(Ctrl-C ends it\)", process.stdout.readline())
        assert told
        with urllib.request.urlopen(told[1], timeout=30) as page:
            assert b"done by a" in page.read()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{told[1][:-1]}x/", timeout=30)
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=30)
    assert (process.returncode, complaint) == (0, "")
