"""Each action of the union arrives at a real window, which writes down what it was sent."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import typing
from pathlib import Path

import pytest
from clickwright.environments.desktop.actions import PIXELS_PER_NOTCH
from clickwright.errors import EnvironmentLost
from clickwright.screen import Box, Point
from clickwright.tools import (
    Ask,
    Back,
    CallTool,
    Click,
    CloseTab,
    Drag,
    Finish,
    Forward,
    Hover,
    LongPress,
    Navigate,
    NewTab,
    Pinch,
    Press,
    Reload,
    Scroll,
    SelectOption,
    SwitchTab,
    TypeText,
    Upload,
    Wait,
)
from Xlib import X

if typing.TYPE_CHECKING:
    from conftest import Desk

HERE = Point(360, 280)
WHEEL = {4: "up", 5: "down", 6: "left", 7: "right"}


HELD = """
from Xlib import X
from Xlib.display import Display
display = Display()
keys = sum(byte.bit_count() for byte in display.query_keymap())
buttons = display.screen().root.query_pointer().mask & (X.Button1Mask | X.Button2Mask | X.Button3Mask)
print(keys + buttons.bit_count())
"""


def held(desk: "Desk") -> int:
    """How many keys and buttons are down on the display, by another process."""
    known = desk.environment.virtual_display.environment()
    done = subprocess.run([sys.executable, "-c", HELD], env=known, capture_output=True, text=True, check=True)
    return int(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(("button", "number"), [("left", 1), ("middle", 2), ("right", 3)])
@pytest.mark.parametrize("count", [1, 2, 3])
async def test_clicks(desk: "Desk", button: str, number: int, count: int) -> None:
    after = await desk.step(Click(point=HERE, button=button, count=count))
    assert (after.error, after.effect) == (None, "nothing")
    seen = desk.arrived("button", "button_up")
    assert [(event["is"], event["detail"]) for event in seen] == [("button", number), ("button_up", number)] * count
    assert {(event["x"], event["y"]) for event in seen} == {(360, 280)}
    assert seen[-1]["ms"] - seen[0]["ms"] < 400


async def test_modifiers_are_held_and_released(desk: "Desk") -> None:
    await desk.step(Click(point=HERE, modifiers=("Control", "Shift", "Alt")))
    press = desk.arrived("button")[0]
    assert press["state"] & 0xFF == X.ControlMask | X.ShiftMask | X.Mod1Mask
    assert held(desk) == 0
    await desk.step(Click(point=HERE, modifiers=("ControlOrMeta",)))
    assert desk.arrived("button")[0]["state"] & 0xFF == X.ControlMask
    assert held(desk) == 0


async def test_a_long_press_lasts(desk: "Desk") -> None:
    await desk.step(LongPress(point=HERE, duration_s=0.5))
    down, up = desk.arrived("button", "button_up")
    assert 450 <= up["ms"] - down["ms"] < 5000


async def test_hover_moves_and_presses_nothing(desk: "Desk") -> None:
    await desk.step(Hover(point=Point(20, 650)))
    await desk.step(Hover(point=HERE))
    assert (desk.arrived("move")[-1]["x"], desk.arrived("move")[-1]["y"]) == (360, 280)
    assert desk.arrived("button") == []


async def test_a_drag_follows_its_path(desk: "Desk") -> None:
    path = (Point(320, 260), Point(500, 260), Point(500, 400))
    await desk.step(Drag(path=path, duration_s=0.4, modifiers=("Shift",)))
    seen = desk.arrived()
    down, up = (next(event for event in seen if event["is"] == kind) for kind in ("button", "button_up"))
    places = [(event["x"], event["y"]) for event in seen if event["is"] == "move" and event["ms"] > down["ms"]]
    assert ((down["x"], down["y"]), (up["x"], up["y"])) == ((320, 260), (500, 400))
    assert (500, 260) in places
    assert len(places) > 8
    assert all(y == 260 or x == 500 for x, y in places)
    assert 350 <= up["ms"] - down["ms"] < 5000
    assert down["state"] & X.ShiftMask
    assert held(desk) == 0


@pytest.mark.parametrize(
    ("dx", "dy", "turned"),
    [
        (0, 3 * PIXELS_PER_NOTCH, ["down"] * 3),
        (0, -PIXELS_PER_NOTCH, ["up"]),
        (2 * PIXELS_PER_NOTCH, 0, ["right"] * 2),
        (-1, 1, ["down", "left"]),
        (0, 0, []),
    ],
)
async def test_the_wheel_turns_in_both_axes(desk: "Desk", dx: float, dy: float, turned: list[str]) -> None:
    assert (await desk.step(Scroll(point=HERE, dx=dx, dy=dy))).error is None
    assert [WHEEL[event["detail"]] for event in desk.arrived("button")] == turned


async def test_keys_are_held_while_the_wheel_turns(desk: "Desk") -> None:
    assert (await desk.step(Scroll(point=HERE, dy=-1, modifiers=("Control",)))).error is None
    happened = [(event["is"], event["detail"]) for event in desk.arrived("key", "button", "key_up")]
    assert [what for what, _ in happened] == ["key", "button", "key_up"]
    assert happened[0][1] == happened[2][1] == 37  # Control's code on a PC keyboard


async def test_keys_are_pressed_in_order_and_released_in_reverse(desk: "Desk") -> None:
    await desk.step(Click(point=HERE))
    await desk.step(Press(keys=("Control", "Shift", "F5")))
    seen = [(event["is"], event["detail"]) for event in desk.arrived("key", "key_up")]
    down, up = [code for kind, code in seen if kind == "key"], [code for kind, code in seen if kind == "key_up"]
    assert len(down) == 3
    assert up == down[::-1]
    await desk.step(Press(keys=("Control", "S")))
    assert [event["state"] & X.ShiftMask for event in desk.arrived("key")] == [0, 0]
    await desk.step(Press(keys=("Control", "+")))
    assert len(desk.arrived("key")) == 3  # with Shift, where the keyboard has the sign
    assert held(desk) == 0


async def test_keys_that_do_not_exist_are_named(desk: "Desk") -> None:
    for keys, reason in [
        (("F24",), "this keyboard has no key 'F24'"),
        (("Control", "ж"), "this keyboard has no key 'ж'"),
        (("GoBack",), "a desktop has no key GoBack: use the keys and buttons of the application instead"),
    ]:
        after = await desk.step(Press(keys=keys))
        assert after.error == reason
        assert desk.arrived("key") == []


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        (Navigate(url="https://example.org"), "a desktop has no navigate"),
        (Back(), "a desktop has no back"),
        (Forward(), "a desktop has no forward"),
        (Reload(), "a desktop has no reload"),
        (NewTab(), "a desktop has no new tab"),
        (SwitchTab(index=0), "a desktop has no switch tab"),
        (CloseTab(), "a desktop has no close tab"),
        (SelectOption(point=HERE, label="x"), "click on the list, then on the option"),
        (Upload(point=HERE, paths=("x",)), "open the application's file dialog and type the path there"),
        (Pinch(point=HERE, factor=2), "zoom with the application's own keys"),
        (TypeText(secret="password"), "there is no secret password"),
    ],
)
async def test_what_a_desktop_cannot_do_is_told(desk: "Desk", action: typing.Any, reason: str) -> None:
    after = await desk.step(action)
    assert after.error is not None
    assert reason in after.error
    assert "\n" not in after.error
    assert desk.arrived() == []
    assert (await desk.environment.observe()).error is None


async def test_actions_that_are_not_for_the_screen_do_nothing(desk: "Desk") -> None:
    for action in (CallTool(name="look_up"), Ask(question="Which?"), Finish()):
        after = await desk.step(action)
        assert (after.error, after.effect, desk.arrived()) == (None, None, [])


@pytest.mark.slow
async def test_a_text_that_nothing_takes_is_told(desk: "Desk") -> None:
    assert (await desk.step(TypeText(text="ab"))).error is None
    assert len(desk.arrived("key")) == 2
    after = await desk.step(TypeText(text="é"))
    assert after.error == "nothing took the text that was pasted: click into a text field first"
    assert held(desk) == 0


@pytest.mark.slow
async def test_a_terminal_is_pasted_into_with_its_own_keys(desk: "Desk", tmp_path: Path) -> None:
    log = tmp_path / "log"
    target = Path(__file__).with_name("target.py")
    await desk.environment.launch([sys.executable, str(target), str(log), "Shell", "Konsole"])
    await desk.environment.step(TypeText(text="é"))
    keys = [json.loads(line) for line in log.read_text("utf-8").splitlines() if '"key"' in line]
    assert [key["state"] for key in keys] == [0, X.ControlMask, X.ControlMask | X.ShiftMask]
    assert [window.title for window in (await desk.environment.reset(desk.task)).windows] == ["Target"]


async def test_what_is_held_is_released_when_the_agent_stops(desk: "Desk") -> None:
    """Cancelled in the middle of a drag and closed: the button and the key come up."""
    path = (Point(320, 260), Point(500, 400))
    drag = asyncio.ensure_future(desk.environment.step(Drag(path=path, duration_s=20, modifiers=("Control",))))
    for _ in range(200):
        await asyncio.sleep(0.02)
        if held(desk) == 2:
            break
    assert held(desk) == 2
    drag.cancel()
    with pytest.raises(asyncio.CancelledError):
        await drag
    await desk.environment.desktop.backend.close()
    assert held(desk) == 0
    assert (await desk.environment.reset(desk.task)).error is None


async def test_what_a_killed_input_process_held_is_released_by_the_next(desk: "Desk") -> None:
    path = (Point(320, 260), Point(500, 400))
    drag = asyncio.ensure_future(desk.environment.step(Drag(path=path, duration_s=20, modifiers=("Control",))))
    for _ in range(200):
        await asyncio.sleep(0.02)
        if held(desk) == 2:
            break
    os.kill(desk.environment.processes[0], signal.SIGKILL)
    with pytest.raises(EnvironmentLost):
        await drag
    assert held(desk) == 2
    assert (await desk.environment.reset(desk.task)).error is None
    assert held(desk) == 0


async def test_facts_name_the_window(desk: "Desk") -> None:
    facts = await desk.environment.facts(Click(point=HERE))
    assert (facts.point, facts.role, facts.name, facts.url) == (HERE, "window", "Target", "")
    nowhere = await desk.environment.facts(Click(point=Point(2, 698)))
    assert (nowhere.point, nowhere.role, nowhere.name) == (Point(2, 698), "", "")
    typed = await desk.environment.facts(TypeText(text="x"))
    assert (typed.point, typed.role, typed.name) == (None, "window", "Target")
    assert await desk.environment.sensitive_boxes() == ()


async def test_windows_are_listed_moved_and_closed(desk: "Desk") -> None:
    desktop = desk.environment.desktop
    await desktop.move("Target", Box(100, 120, 500, 420))
    seen = await desk.environment.observe()
    assert [(window.title, window.app, window.active) for window in seen.windows] == [("Target", "Target", True)]
    assert seen.windows[0].box == Box(100, 120, 500, 420)
    assert seen.title == "Target"
    assert (await desk.step(Click(point=Point(110, 130)))).error is None
    assert [(event["x"], event["y"]) for event in desk.arrived("button")] == [(110, 130)]
    await desktop.close_window("Target")
    after = await desk.environment.step(Wait(seconds=5))
    assert after.windows == ()
    assert after.events == ("a window closed: Target",)
    again = await desk.environment.reset(desk.task)
    assert [window.title for window in again.windows] == ["Target"]
    assert again.events == ()


async def test_waiting_ends_when_the_screen_changes(desk: "Desk") -> None:
    clock = asyncio.get_running_loop().time
    began = clock()
    assert (await desk.step(Wait(seconds=0.5))).error is None
    assert clock() - began >= 0.5
    waiting = asyncio.ensure_future(desk.environment.step(Wait(seconds=60)))
    await asyncio.sleep(0.3)
    other = asyncio.ensure_future(desk.environment.desktop.close_window("Target"))
    assert (await asyncio.wait_for(waiting, 30)).windows == ()
    await other
