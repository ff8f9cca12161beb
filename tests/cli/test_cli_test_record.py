"""A person is watched on a real display, until they end it with Ctrl-C."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from clickwright.environments import VirtualDisplay
from clickwright.exits import INTERRUPTED
from clickwright.screen import Size

from .conftest import Said

PAGE = """<!doctype html><body style="margin: 0"><button style="width: 100vw; height: 80vh" onclick="n.focus()">Begin
</button><input id=n aria-label=Name>"""
COMMAND = "from clickwright.cli import main; main()"
WITHIN_S = 60.0


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("Xvfb") is None or shutil.which("xdotool") is None, reason="needs Xvfb and xdotool")
def test_what_is_done_on_a_display_is_written_until_ctrl_c(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    out = tmp_path / "test_begin.py"
    with VirtualDisplay(Size(1400, 1000)) as display:
        environment = display.environment()
        arguments = ["test-record", (tmp_path / "page.html").as_uri(), str(out), "--viewport", "800x600"]
        recording = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            wait_for(lambda: out.exists())

            def hand(*told: str) -> None:
                subprocess.run(["xdotool", *told], env=environment, check=True, timeout=20)

            def begun() -> bool:
                hand("mousemove", "300", "400", "click", "1")
                return 'ui.tap("Begin")' in out.read_text("utf-8")

            wait_for(begun, every_s=1.0)
            hand("type", "--delay", "50", "Ada")
            wait_for(lambda: 'ui.fill("Name", "Ada")' in out.read_text("utf-8"))
            recording.send_signal(signal.SIGINT)
            said, complained = recording.communicate(timeout=WITHIN_S)
        finally:
            recording.kill()
    assert (recording.returncode, complained) == (INTERRUPTED, "")
    assert 'ui.fill("Name", "Ada")' in said
    assert said.splitlines()[-1].startswith(f"test: {out}")
    assert (tmp_path / "test_begin.ui" / "test_begin.yaml").exists()


def wait_for(is_so: Callable[[], bool], *, every_s: float = 0.1) -> None:
    until = time.monotonic() + WITHIN_S
    while not is_so():
        assert time.monotonic() < until
        time.sleep(every_s)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_what_cannot_be_recorded_or_replayed_is_told(
    clickwright: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    said = clickwright("test-record", "http://127.0.0.1:9/")
    assert (said.code, list(tmp_path.iterdir())) == (4, [])
    assert "no display" in said.complaint
    Path("test_x.py").touch()
    for arguments, says in (
        (["test-record", "http://127.0.0.1:9/", "test_x.py"], "is there already"),
        (["test-record", "http://127.0.0.1:9/", "x.txt"], "ends in .py"),
        (["replay", "nowhere"], "holds no run"),
        (["replay", "nowhere", "--model", "x"], "--heal"),
        (["export", "nowhere", "--to", "pytest"], "holds no run"),
        (["export", "nowhere", "test_y.py", "--profile", "mini"], "how a chat is written"),
    ):
        said = clickwright(*arguments)
        assert said.code == 2
        assert says in said.complaint
