"""A person who drags things and gives files is watched; a command that is interrupted keeps what it saw."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from clickwright.environments import find_browser
from clickwright.exits import INTERRUPTED, TERMINATED

from .watching import Watched

BOARD = """<!doctype html><title>Board</title><style>body { font: 16px sans-serif; margin: 20px }
div { width: 160px; height: 60px; margin-bottom: 60px; background: #dde }</style>
<div id=card role=button tabindex=0>Write tests</div><div id=done role=button tabindex=0>Done</div>
<p><label>Photo <input type=file multiple></label></p><p id=said>nothing</p>
<script>let held = false; const file = document.querySelector("input");
card.onmousedown = (event) => { held = true; event.preventDefault() };
onmouseup = (event) => { if (held && event.target === done) said.textContent = "dropped"; held = false };
file.onchange = () => { said.textContent = [...file.files].map((one) => one.name).join(" ") };</script>"""


@pytest.mark.slow
async def test_what_is_dragged_and_given_becomes_calls_that_replay(
    tmp_path: Path, replayed: Callable[[Path], str]
) -> None:
    (tmp_path / "board.html").write_text(BOARD)
    for name in ("one.png", "two.png"):
        (tmp_path / name).write_bytes(b"x")
    watched = Watched((tmp_path / "board.html").as_uri(), tmp_path / "test_board.py")
    await watched.ready.wait()
    page = watched.page
    await page.mouse.move(60, 50)
    await page.mouse.down()
    await page.mouse.move(80, 170, steps=5)
    await page.mouse.up()
    await watched.wrote('ui.drag("Write tests", "Done")')
    await page.get_by_label("Photo").set_input_files([tmp_path / "one.png", tmp_path / "two.png"])
    await watched.wrote('ui.upload("Photo", "one.png", "two.png")')
    await page.close()
    await watched.recording
    assert watched.lines == [
        'ui.drag("Write tests", "Done")',
        "# no browser tells where a file lies: give its whole path",
        'ui.upload("Photo", "one.png", "two.png")',
    ]
    source = watched.path.read_text("utf-8").replace(
        "    # no browser", "    ui.check(\"'dropped' is visible\")\n    #"
    )
    watched.path.write_text(source.replace("ui.check(\"'dropped' is visible\")", SAID), "utf-8")
    printed = replayed(watched.path)
    assert "1 passed" in printed, printed


SLID = """<!doctype html><title>Slid</title><style>body { margin: 0 } canvas, section, p, i { position: absolute;
margin: 0; left: 0; width: 300px; height: 60px; background: #dde } i { height: 60px; width: 6px; background: #446 }
button { position: absolute; left: 400px }</style>
<p style="top: 0"><input type=range aria-label=Volume style="width: 200px; margin: 20px"></p>
<section style="top: 100px"><canvas style="top: 0"></canvas></section>
<section style="top: 200px"><i id=bar style="left: 60px; cursor: col-resize"></i></section>
<section style="top: 300px"><section id=pad tabindex=0></section></section>
<section style="top: 400px" onmousedown="event.preventDefault()" tabindex=0>Card</section>
<script>onmousemove = (event) => { if (event.buttons && event.clientY > 200 && event.clientY < 260)
  bar.style.left = event.clientX - 3 + "px" };
for (const n of [0, 1, 2, 3, 4]) document.body.insertAdjacentHTML("beforeend",
  `<button style="top: ${20 + 100 * n}px">Then ${n}</button>`)</script>"""


@pytest.mark.slow
async def test_what_is_slid_drawn_or_let_go_over_nothing_is_no_drag_onto_a_thing(tmp_path: Path) -> None:
    (tmp_path / "slid.html").write_text(SLID)
    watched = Watched((tmp_path / "slid.html").as_uri(), tmp_path / "test_slid.py")
    await watched.ready.wait()
    mouse = watched.page.mouse
    for n, (start, end) in enumerate([(30, 150), (40, 160), (62, 160), (40, 160), (40, 700)]):
        await mouse.move(start, 30 + 100 * n)
        await mouse.down()
        await mouse.move(end, 30 + 100 * n, steps=3)
        await mouse.up()
        await watched.page.get_by_text(f"Then {n}").click()
    await watched.wrote('ui.tap("Then 4")')
    assert await watched.page.evaluate("bar.offsetLeft") > 100
    await watched.page.close()
    await watched.recording
    dragged = "# something was dragged here, which is not written: say it with page.mouse"
    assert watched.lines == [line for n in range(5) for line in (dragged, f'ui.tap("Then {n}")')]


SAID = 'assert page.inner_text("#said") == "dropped"'


@pytest.mark.slow
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, INTERRUPTED), (signal.SIGTERM, TERMINATED)])
def test_an_interrupted_recording_keeps_what_was_done_and_leaves_no_browser(
    sent: signal.Signals, code: int, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<!doctype html><title>Page</title><button onclick=\"document.title = 'done'\">Save</button>"
        "<input aria-label=Name>"
    )
    test = tmp_path / "test_page.py"
    command = [sys.executable, "-c", "from clickwright.cli import main; main()"]
    started = subprocess.Popen(
        [*command, "test-record", page.as_uri(), str(test), "--headless"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "CLICKWRIGHT_BROWSER": str(find_browser())},
    )
    try:
        for _ in range(600):
            children = psutil.Process(started.pid).children(recursive=True)
            if test.exists() and any("chrom" in child.name() for child in children):
                break
            time.sleep(0.05)
        os.kill(started.pid, sent) if sent == signal.SIGTERM else os.killpg(started.pid, sent)
        out, errors = started.communicate(timeout=20)
    finally:
        started.kill()
    print(out, errors)
    assert (started.returncode, errors) == (code, "")
    assert "def test_page(ui: Ui, page: Page) -> None:" in test.read_text("utf-8")
    assert (tmp_path / "test_page.ui" / "test_page.yaml").exists()
    assert f"test: {test}   recording:" in out
    _, alive = psutil.wait_procs(children, timeout=5)
    assert [child.name() for child in alive] == []
