"""When displays die or hang and people step in: told in time, nothing left running, and a reset starts afresh."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
import typing
from collections.abc import Callable
from pathlib import Path

import pytest
from clickwright.environments import DesktopEnvironment, VirtualDisplay
from clickwright.environments.desktop.machine import require_display
from clickwright.errors import Denied, EnvironmentLost
from clickwright.screen import Point, Size
from clickwright.tools import Action, Click, Finish, Press, Task, TypeText, Wait

if typing.TYPE_CHECKING:
    from conftest import Desk

    New = Callable[..., Desk]

TASK = Task(goal="try")
HERE = Click(point=Point(360, 280))


def processes() -> dict[int, tuple[int, str]]:
    """Every process that runs, with its parent and its name."""
    found: dict[int, tuple[int, str]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            before, _, after = (folder / "stat").read_text().rpartition(")")
        except (FileNotFoundError, ProcessLookupError):
            continue
        state, parent, *_ = after.split()
        if state != "Z":
            found[int(folder.name)] = (int(parent), before.partition("(")[2])
    return found


def descendants(pid: int) -> dict[int, str]:
    known = processes()
    found = {pid}
    while more := {child for child, (parent, _) in known.items() if parent in found} - found:
        found |= more
    return {one: known[one][1] for one in found - {pid}}


def running_for(environment: DesktopEnvironment) -> set[int]:
    """All that runs for it. Browsers that other tests keep start processes of their own when they like."""
    return {pid for own in environment.processes for pid in (own, *descendants(own))}


def children() -> set[int]:
    return {pid for pid, (parent, _) in processes().items() if parent == os.getpid()}


async def ended(pids: set[int], seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while pids & processes().keys():
        if time.monotonic() > until:
            return False
        await asyncio.sleep(0.05)
    return True


def xvfb_of(environment: DesktopEnvironment) -> int:
    display = environment.virtual_display
    assert display is not None
    return next(pid for pid, name in descendants(display.pids[0]).items() if name == "Xvfb")


async def act_on(environment: DesktopEnvironment, action: Action = HERE) -> None:
    """Act until something happens."""
    for _ in range(100):
        await environment.step(action)


async def test_a_killed_display_is_noticed_and_started_again(new_desk: "New") -> None:
    environment = new_desk(deadline_s=5.0).environment
    before = children()
    await environment.reset(TASK)
    started = running_for(environment)
    assert len(started) >= 7  # display, window manager, application, each with who looks after it, and the input
    os.kill(xvfb_of(environment), signal.SIGKILL)
    began = time.monotonic()
    with pytest.raises(EnvironmentLost, match=r"^the display "):
        await act_on(environment)
    assert time.monotonic() - began < 5.0 + 2.0
    for lost in (environment.observe, lambda: environment.step(Finish()), lambda: environment.facts(HERE)):
        with pytest.raises(EnvironmentLost):
            await lost()
    again = await environment.reset(TASK)
    assert (again.error, [window.title for window in again.windows]) == (None, ["Target"])
    assert await ended(started)
    again_started = running_for(environment)
    await environment.close()
    assert await ended(again_started)
    assert children() <= before


@pytest.mark.slow
async def test_a_display_that_hangs_is_noticed_within_the_deadline(new_desk: "New") -> None:
    environment = new_desk(deadline_s=2.0).environment
    await environment.reset(TASK)
    started = running_for(environment)
    os.kill(xvfb_of(environment), signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(EnvironmentLost, match=r"^the desktop did not answer within [\d.]+ s$"):
        await environment.step(HERE)
    assert time.monotonic() - began < 3.0 + 2.0
    began = time.monotonic()
    with pytest.raises(EnvironmentLost, match="did not answer"):
        await environment.observe()
    await environment.close()
    assert time.monotonic() - began < 15.0
    assert await ended(started)


async def test_a_killed_input_process_is_noticed_and_started_again(new_desk: "New") -> None:
    environment = new_desk().environment
    await environment.reset(TASK)
    os.kill(environment.processes[0], signal.SIGKILL)
    with pytest.raises(EnvironmentLost, match=r"^the input process "):
        await environment.step(HERE)
    assert (await environment.reset(TASK)).error is None


def test_nothing_outlives_an_agent_that_is_killed(tmp_path: Path) -> None:
    target = Path(__file__).with_name("target.py")
    script = f"""
import asyncio
from clickwright.environments import DesktopEnvironment
from clickwright.screen import Size
from clickwright.tools import Task

async def main():
    environment = DesktopEnvironment([{sys.executable!r}, {str(target)!r}, {str(tmp_path / "log")!r}],
                                     virtual_display=Size(640, 480))
    await environment.reset(Task(goal="try"))
    print("ready", flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""
    agent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert agent.stdout is not None
    assert agent.stdout.readline() == b"ready\n"
    started = set(descendants(agent.pid))
    assert len(started) >= 7
    agent.kill()
    agent.wait()
    agent.stdout.close()
    assert asyncio.run(ended(started))


async def test_a_person_stops_a_run_from_the_corner() -> None:
    """On a display that people see; a virtual one stands for it here."""
    with VirtualDisplay(Size(1000, 700)) as display:
        environment = DesktopEnvironment(display=display.name)
        try:
            await environment.reset(TASK)
            assert (await environment.step(Click(point=Point(0, 0)))).error is None
            assert (await environment.step(HERE)).error is None  # it was not a person who went there
            move = await asyncio.create_subprocess_exec("xdotool", "mousemove", "0", "0", env=display.environment())
            assert await move.wait() == 0
            for act in (HERE, Press(keys=("a",)), TypeText(text="a")):
                with pytest.raises(Denied, match="a person moved the pointer into the top left corner of the screen"):
                    await environment.step(act)
            assert (await environment.observe()).error is None
        finally:
            await environment.close()
        assert display.is_running  # it is somebody else's


async def test_no_corner_stops_a_run_that_nobody_sees(new_desk: "New") -> None:
    desk = new_desk()
    await desk.environment.reset(TASK)
    for corner in (Point(0, 0), Point(999, 699)):
        assert (await desk.environment.step(Click(point=corner))).error is None
    assert (await desk.environment.step(HERE)).error is None


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({}, r"^there is no display: DISPLAY is not set. Take a virtual one \(--virtual-display 1920x1080"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "^this session runs on Wayland, .* XWayland .* portals"),
        ({"XDG_SESSION_TYPE": "wayland"}, "^this session runs on Wayland"),
        ({"DISPLAY": ":977"}, "^the display cannot be "),
    ],
)
async def test_no_display_is_one_sentence(monkeypatch: pytest.MonkeyPatch, known: dict[str, str], reason: str) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in known.items():
        monkeypatch.setenv(name, value)
    environment = DesktopEnvironment()
    with pytest.raises(EnvironmentLost, match=reason) as caught:
        await environment.reset(TASK)
    assert "\n" not in str(caught.value)
    await environment.close()


def test_a_display_that_is_named_is_taken_on_wayland_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    with pytest.raises(EnvironmentLost):
        require_display("")
    assert require_display(":7") is None


async def test_no_xvfb_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    environment = DesktopEnvironment(virtual_display=Size(640, 480))
    with pytest.raises(EnvironmentLost, match="there is no Xvfb for a virtual display: apt install xvfb openbox"):
        await environment.reset(TASK)
    await environment.close()


async def test_without_a_window_manager_windows_work_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, new_desk: "New"
) -> None:
    for name in ("Xvfb", "xkbcomp"):
        program = shutil.which(name)
        assert program is not None
        (tmp_path / name).symlink_to(program)
    monkeypatch.setenv("PATH", str(tmp_path))
    desk = new_desk()
    first = await desk.environment.reset(TASK)
    assert [(window.title, window.box.x1, window.box.y1) for window in first.windows] == [("Target", 300, 200)]
    assert (await desk.step(HERE)).error is None
    assert len(desk.arrived("button")) == 1
    desktop = desk.environment.desktop
    await desktop.focus("Target")
    assert (await desk.environment.observe()).title == "Target"
    await desktop.close_window("Target")
    assert (await desk.environment.step(Wait(seconds=5))).windows == ()


@pytest.mark.slow
async def test_the_window_that_is_the_screen_may_close(new_desk: "New") -> None:
    environment = new_desk(window="Target").environment
    await environment.reset(TASK)
    await environment.desktop.close_window("Target")
    with pytest.raises(EnvironmentLost, match="there is no window 'Target'; there are none"):
        await act_on(environment, Finish())
    assert (await environment.reset(TASK)).title == "Target"


async def test_close_before_any_reset_is_harmless_and_starts_nothing() -> None:
    before = children()
    environment = DesktopEnvironment(virtual_display=Size(640, 480))
    await environment.close()
    assert children() <= before
    with pytest.raises(EnvironmentLost, match="reset the environment first"):
        await environment.observe()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be somebody else")
def test_nobody_else_can_use_a_virtual_display() -> None:
    command = ("xdotool", "getmouselocation")
    with VirtualDisplay(Size(64, 64)) as display:
        known = display.environment()
        own = subprocess.run(command, env=known, capture_output=True, text=True, check=True)
        other = subprocess.run(
            command, env=known, capture_output=True, text=True, user=65534, group=65534, extra_groups=[], check=False
        )
    assert own.stdout.startswith("x:32 y:32")
    assert "Authorization required" in other.stderr
    display.stop()
