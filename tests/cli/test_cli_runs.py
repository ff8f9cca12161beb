"""Commands on real pages and pictures, with clickwright/mini and a real browser."""

import io
from collections.abc import Callable
from pathlib import Path

import clickwright as package
import pytest
from clickwright.agent import Agent, read_run
from clickwright.environments import MemoryEnvironment
from clickwright.policies import ScriptedPolicy
from clickwright.tools import Finish, Limits
from PIL import Image, ImageDraw

from .conftest import Said

MINI = Path(package.__file__).parent / "model" / "mini"
needs_mini = pytest.mark.skipif(not (MINI / "config.json").exists(), reason="clickwright/mini is not in this checkout")

# Far from the middle, where a model that sees nothing would click.
STYLE = "margin: 80px 840px; padding: 20px 40px; background: green; color: white; border: 0; border-radius: 8px"
PAGE = f"data:text/html,<button style='{STYLE}' onclick='this.textContent=`Sent`'>Send</button>"


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Commands write into a folder of their own."""
    monkeypatch.chdir(tmp_path)


def screen(width: int = 560, height: int = 336) -> bytes:
    """A picture with a green button on white."""
    image = Image.new("RGB", (width, height), "#f6f6f4")
    ImageDraw.Draw(image).rounded_rectangle((340, 40, 480, 90), 8, fill="#16a34a")
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@pytest.mark.slow
@needs_mini
def test_run_does_a_task_and_writes_its_report(clickwright: Callable[..., Said]):
    said = clickwright("run", "Click the green button.", "--url", PAGE, "--run-dir", "run")
    assert (said.code, said.err) == (0, "")
    assert "click (" in said.out
    assert "passed" in said.out
    assert "</html>" in Path("run/report.html").read_text("utf-8")


@needs_mini
def test_limits_come_from_the_file_of_the_permissions_and_the_command_line_wins(clickwright: Callable[..., Said]):
    Path("rules.toml").write_text('origins = ["data:"]\n[limits]\nsteps = 1\nseconds = 90\nrepeats = 2\n')
    options = ("--url", "data:text/html,<h1>Nothing</h1>", "--permissions", "rules.toml", "--max-steps", "2")
    clickwright("run", "Click the green button.", *options, "--run-dir", "run")
    info = read_run("run").info
    assert info is not None
    assert info.task.limits == Limits(steps=2, seconds=90, repeats=2)


@needs_mini
def test_what_a_page_gives_is_kept_in_the_folder_of_the_run(clickwright: Callable[..., Said]):
    save = "const a = document.createElement(`a`); a.download = `pears.txt`; a.href = `data:text/plain,four`; a.click()"
    said = clickwright(
        "run", "Click the green button.", "--url", PAGE.replace("this.textContent=`Sent`", save), "--run-dir", "run"
    )
    assert said.code == 0
    assert Path("run/downloads/pears.txt").read_text() == "four"


@needs_mini
def test_an_unreachable_page_ends_with_the_environments_code(clickwright: Callable[..., Said]):
    said = clickwright("run", "Click the green button.", "--url", "http://127.0.0.1:1/", "--run-dir", "run")
    assert said.code == 4
    assert "127.0.0.1:1" in said.complaint


@needs_mini
def test_ground_prints_a_box_and_marks_a_copy(clickwright: Callable[..., Said]):
    Path("screen.png").write_bytes(screen())
    said = clickwright("ground", "screen.png", "the green button")
    assert (said.code, said.err) == (0, "")
    assert all(word in said.out for word in ("box:", "click:", "confidence:", "picture:"))
    with Image.open("screen-ground.png") as marked, Image.open("screen.png") as before:
        assert marked.size == before.size
        assert marked.tobytes() != before.tobytes()


@needs_mini
@pytest.mark.parametrize(("width", "height"), [(1, 3000), (3000, 1)])
def test_a_picture_too_long_for_the_model(clickwright: Callable[..., Said], width: int, height: int):
    Path("long.png").write_bytes(screen(width, height))
    said = clickwright("ground", "long.png", "the green button")
    assert said.code == 2
    assert "200" in said.complaint


@needs_mini
def test_ground_that_cannot_write_says_so(clickwright: Callable[..., Said]):
    Path("screen.png").write_bytes(screen())
    said = clickwright("ground", "screen.png", "the green button", "--out", "no/such/folder.png")
    assert (said.code, "cannot be written" in said.complaint) == (2, True)


def test_a_damaged_checkpoint_is_the_models_fault(clickwright: Callable[..., Said]):
    Path("screen.png").write_bytes(screen())
    Path("broken").mkdir()
    Path("broken/config.json").write_text("{", "utf-8")
    said = clickwright("ground", "screen.png", "the button", "--model", "broken", "--profile", "mini")
    assert said.code == 3
    assert "broken" in said.complaint


def test_view_writes_one_page(clickwright: Callable[..., Said]):
    agent = Agent(
        "look", policy=ScriptedPolicy([Finish(answer="done")]), environment=MemoryEnvironment([]), run_dir="r"
    )
    assert agent.run().status == "success"
    said = clickwright("view", "r", "--out", "page.html")
    assert (said.code, said.out.strip()) == (0, "page.html")
    assert "</html>" in Path("page.html").read_text("utf-8")


@pytest.mark.slow
@needs_mini
def test_the_doctor_clicks_every_target(clickwright: Callable[..., Said]):
    said = clickwright("doctor")
    assert (said.code, said.err) == (0, "")
    assert said.out.count("7 targets hit") == 4
    assert "as the profile mini reads them" in said.out
    assert "bad " not in said.out
