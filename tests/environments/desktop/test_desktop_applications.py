"""Real applications, driven as a model would drive them: a calculator, a file manager, several windows at once."""

import sys
import typing
from pathlib import Path

import pytest
from clickwright.errors import ActionFailed, EnvironmentLost
from clickwright.screen import Box, Observation, Point
from clickwright.tools import Click, Press, Task, TypeText, Wait

if typing.TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Desk

    New = Callable[..., Desk]

TASK = Task(goal="try")


async def wait_for(desk: "Desk", what: "Callable[[Observation], bool]") -> Observation:
    """Look until it is so."""
    seen = await desk.environment.observe()
    for _ in range(100):
        if what(seen):
            return seen
        seen = await desk.environment.step(Wait(seconds=0.1))
    raise AssertionError(f"it did not come: {[window.title for window in seen.windows]}")


async def copied(desk: "Desk", expected: str) -> str | None:
    """What the application copies, once it does."""
    for _ in range(50):
        await desk.environment.step(Press(keys=("Control", "c")))
        if await desk.environment.desktop.clipboard() == expected:
            break
    return await desk.environment.desktop.clipboard()


@pytest.mark.slow
async def test_a_calculator_calculates(new_desk: "New") -> None:
    desk = new_desk(["galculator"])
    first = await desk.environment.reset(TASK)
    assert first.title == "galculator"
    assert [(window.app, window.active) for window in first.windows] == [("Galculator", True)]
    effects = {key: (await desk.environment.step(Press(keys=(key,)))).effect for key in "12*34"}
    assert {effects[digit] for digit in "1234"} == {"changed"}
    await desk.environment.step(Press(keys=("Enter",)))
    assert await copied(desk, "408") == "408"
    again = await desk.environment.reset(TASK)
    assert len(again.windows) == 1
    assert await copied(desk, "0") == "0"  # it was started anew


async def test_a_file_manager_renames_a_folder(
    new_desk: "New", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    shown = tmp_path / "shown"
    (shown / "old").mkdir(parents=True)
    (tmp_path / "home").mkdir()
    desk = new_desk(["pcmanfm", "--no-desktop", str(shown)])
    first = await desk.environment.reset(TASK)
    assert first.title == "shown"
    window = first.windows[0].box
    middle = Point(window.center.x, window.y2 - 60)
    await desk.environment.step(Click(point=middle))
    await desk.environment.step(Press(keys=("Control", "a")))
    await desk.environment.step(Press(keys=("F2",)))
    asked = await wait_for(desk, lambda seen: len(seen.windows) == 2)
    assert "Rename" in asked.title
    await desk.environment.step(Press(keys=("Control", "a")))
    assert (await desk.environment.step(TypeText(text="Übersicht 新\n"))).error is None
    await wait_for(desk, lambda seen: [path.name for path in shown.iterdir()] == ["Übersicht 新"])
    await wait_for(desk, lambda seen: len(seen.windows) == 1)
    folder = Point(window.x1 + 205, window.y1 + 100)
    await desk.environment.step(Click(point=folder, count=2))
    opened = await wait_for(desk, lambda seen: "Übersicht 新" in seen.title)
    assert opened.windows[0].active


async def test_windows_come_to_the_front_and_are_told_of(new_desk: "New", tmp_path: Path) -> None:
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text(name)
    desk = new_desk(["mousepad", str(tmp_path / "one.txt")])
    await desk.environment.reset(TASK)
    await desk.environment.step(Press(keys=("Control", "Shift", "n")))
    seen = await wait_for(desk, lambda seen: len(seen.windows) == 2)
    titles = [window.title for window in seen.windows]
    assert "one.txt" in titles[1]
    desktop = desk.environment.desktop
    await desktop.move("one.txt", Box(20, 60, 520, 360))
    await desktop.move("Untitled", Box(300, 200, 800, 500))
    await desktop.focus("one.txt")
    front = await wait_for(desk, lambda seen: "one.txt" in seen.windows[0].title)
    assert (front.windows[0].active, front.windows[0].box) == (True, Box(20, 60, 520, 360))
    both = Point(360, 280)
    assert "one.txt" in (await desk.environment.facts(Click(point=both))).name
    await desk.environment.step(Click(point=Point(650, 450)))
    back = await wait_for(desk, lambda seen: "Untitled" in seen.title)
    assert "Untitled" in (await desk.environment.facts(Click(point=both))).name
    await desktop.close_window("Untitled")
    closed = await wait_for(desk, lambda seen: len(seen.windows) == 1)
    assert back.windows[0].title != closed.windows[0].title


async def test_an_application_that_shows_nothing_is_told_with_its_last_words(new_desk: "New") -> None:
    silent = ["sh", "-c", "echo the licence has run out >&2; exit 3"]
    said = "sh ended with code 3 and showed no window: the licence has run out"
    with pytest.raises(EnvironmentLost, match=said):
        await new_desk(silent).environment.reset(TASK)
    desk = new_desk()
    await desk.environment.reset(TASK)
    with pytest.raises(ActionFailed, match=said):
        await desk.environment.launch(silent)
    seen = await desk.environment.launch(
        [sys.executable, str(Path(__file__).with_name("target.py")), "/dev/null", "Other"]
    )
    assert {window.title for window in seen.windows} == {"Target", "Other"}
    assert seen.events == ("a window opened: Other",)
    again = await desk.environment.reset(TASK)
    assert [window.title for window in again.windows] == ["Target"]
