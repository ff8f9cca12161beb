"""Runs on a desktop, over several tabs and on screens that are gone are done again, or told."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from clickwright.agent import Agent, Permissions
from clickwright.agent.record.folder import RunFolder
from clickwright.environments import BrowserEnvironment
from clickwright.options.begun import Choices
from clickwright.options.desktop import ChosenDesktop
from clickwright.options.model import Chosen
from clickwright.policies import ScriptedPolicy
from clickwright.screen import Point
from clickwright.testing.codegen import replay_run, write_test
from clickwright.tools import Click, CloseTab, Finish, Navigate, NewTab, SwitchTab, Task, TypeText, Upload

WINDOW = Path(__file__).with_name("window.py")
COMMAND = "from clickwright.cli import main; main()"


def replay(*arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    """The command, as it ends."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, "-c", COMMAND, "replay", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=environment | {"COLUMNS": "160"} | variables,
    )


@pytest.fixture
def desktop_run(tmp_path: Path) -> Callable[[ChosenDesktop], RunFolder]:
    """Clicks on both fields of a window, as `clickwright run --virtual-display` would begin it."""

    def run(kept: ChosenDesktop) -> RunFolder:
        (tmp_path / "place").write_text("200 100")
        opened = ChosenDesktop(virtual_display="800x600", app=kept.app)
        agent = Agent(
            "Click both.",
            policy=ScriptedPolicy([Click(point=Point(280, 272)), Click(point=Point(260, 172)), Finish()]),
            environment=opened.environment(),
            run_dir=tmp_path / "run",
            begun=Choices(on=kept, chosen=Chosen(model="scripted")).begun(),
        )
        assert agent.run().status == "success"
        return agent.folder

    return run


@pytest.mark.slow
def test_a_run_on_a_virtual_display_is_done_again(
    desktop_run: Callable[[ChosenDesktop], RunFolder], tmp_path: Path
) -> None:
    log, place = tmp_path / "log", tmp_path / "place"
    app = shlex.join([sys.executable, str(WINDOW), str(log), str(place)])
    folder = desktop_run(ChosenDesktop(virtual_display="800x600", app=app))
    assert log.read_text().split() == ["lower", "upper"]
    place.write_text("350 220")
    done = replay(folder.path, "--seconds", "5")
    print(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert "passed: 2 actions" in done.stdout
    assert "found by pixels" in done.stdout
    assert log.read_text().split() == ["lower", "upper"] * 2, "the things are found where they have moved to"


def test_a_screen_that_is_not_there_ends_the_replay_with_4(
    desktop_run: Callable[[ChosenDesktop], RunFolder], tmp_path: Path
) -> None:
    app = shlex.join([sys.executable, str(WINDOW), str(tmp_path / "log"), str(tmp_path / "place")])
    folder = desktop_run(ChosenDesktop(desktop=True, app=app))
    done = replay(folder.path)
    print(done.stdout, done.stderr)
    assert done.returncode == 4
    assert done.stderr.startswith("clickwright: ")
    assert done.stderr.count("\n") == 1
    assert "display" in done.stderr


@pytest.mark.slow
def test_a_browser_that_cannot_be_started_ends_the_replay_with_4(shop: Path, tmp_path: Path) -> None:
    folder = browsed(shop, tmp_path, [[Click(point=Point(450, 25)), Finish()]])
    done = replay(folder.path, CLICKWRIGHT_BROWSER="/bin/false")
    print(done.stdout, done.stderr)
    assert done.returncode == 4
    assert done.stderr.startswith("clickwright: ")
    assert done.stderr.count("\n") == 1


def browsed(page: Path, folder: Path, script: list[object]) -> RunFolder:
    agent = Agent(
        Task(goal="Try.", start_url=page.as_uri()),
        policy=ScriptedPolicy(script),  # pyright: ignore[reportArgumentType]
        environment=BrowserEnvironment(),
        run_dir=folder / "run",
        permissions=Permissions(origins=("file:",), ask=frozenset()),
    )
    assert agent.run().status == "success"
    return agent.folder


async def test_files_that_a_run_gave_are_given_again(tmp_path: Path) -> None:
    page, photo = tmp_path / "page.html", tmp_path / "cat.png"
    photo.write_bytes(b"x")
    page.write_text(
        "<!doctype html><title>Page</title><p><label>Photo <input type=file "
        'onchange="document.title = this.files[0].name"></label></p>'
    )
    folder = browsed(page, tmp_path, [Upload(point=Point(100, 25), paths=(str(photo),)), Finish()])
    source = write_test(folder.path, tmp_path / "test_photo.py").read_text("utf-8")
    assert f', "{photo}")' in source
    assert "    ui.upload(" in source
    done = await replay_run(folder, BrowserEnvironment(elements=True), deadline_s=3)
    assert [one.call.does for one in done] == ["upload"]
    assert done[-1].after is not None
    assert done[-1].after.observation.title == "cat.png"


@pytest.mark.slow
async def test_a_run_over_several_tabs_is_done_again(tmp_path: Path) -> None:
    first, second = tmp_path / "first.html", tmp_path / "second.html"
    first.write_text(
        "<!doctype html><title>First</title><p><a href=second.html target=_blank>Open the second</a></p>"
        "<p><button onclick=\"this.textContent = 'ticked'\">Tick</button></p>"
    )
    second.write_text(
        "<!doctype html><title>Second</title><p style='height: 60px'></p>"
        "<label>Name <input oninput='document.title = this.value'></label>"
    )
    script = [
        Click(point=Point(60, 25)),
        [Click(point=Point(120, 100)), TypeText(text="Ada")],
        SwitchTab(index=0),
        Click(point=Point(30, 62)),
        NewTab(),
        Navigate(url=second.as_uri()),
        CloseTab(),
        SwitchTab(index=1),
        Finish(),
    ]
    folder = browsed(first, tmp_path, script)
    tabs = folder.read().steps[-1].left
    assert tabs is not None
    assert [tab.title for tab in tabs.tabs] == ["First", "Ada"]
    source = write_test(folder.path, tmp_path / "test_tabs.py").read_text("utf-8")
    assert 'ui.switch_tab("First")' in source
    assert 'ui.switch_tab("Ada")' in source
    second.write_text(second.read_text().replace("60px", "120px"))
    done = await replay_run(folder, BrowserEnvironment(elements=True), deadline_s=3)
    print([(str(one.call), one.how, one.note) for one in done])
    last = done[-1].after
    assert last is not None
    assert [tab.title for tab in last.observation.tabs] == ["First", "Ada"]
    assert last.observation.title == "Ada"
