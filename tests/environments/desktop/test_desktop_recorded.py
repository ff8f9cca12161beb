"""Other machines and other screens, replayed from a record: Retina, several monitors, Windows, permissions of macOS."""

import subprocess
import sys
from collections.abc import Sequence

import numpy as np
import pytest
from clickwright.environments import DesktopEnvironment, RecordedBackend, VirtualDisplay
from clickwright.environments.desktop.actions import PIXELS_PER_NOTCH
from clickwright.environments.desktop.input.by_pyautogui import PlainKeyboard
from clickwright.environments.desktop.input.names import PYAUTOGUI, X11, X11_MEDIA
from clickwright.environments.desktop.requests import (
    ClickAt,
    DragAlong,
    HoldAt,
    ListWindows,
    MoveTo,
    PressKeys,
    Request,
    TurnWheel,
    WriteText,
)
from clickwright.environments.desktop.view import Area, Monitor
from clickwright.errors import ActionFailed, EnvironmentLost, UsageError
from clickwright.screen import Box, Point, Screenshot, Size
from clickwright.tools import (
    NAMED_KEYS,
    Action,
    Click,
    Drag,
    Hover,
    LongPress,
    Press,
    Scroll,
    Task,
    TypeText,
)

TASK = Task(goal="try")
RETINA = Area(left=0, top=0, width=1440, height=900)
SMALL = Area(left=0, top=0, width=144, height=90)
BESIDE = Area(left=-1920, top=-200, width=1920, height=1080)
NOTES = {"id": 7, "title": "Notes", "app": "Notes", "x": 100, "y": 50, "width": 400, "height": 300, "active": True}


def picture(width: int, height: int, value: int = 90) -> np.ndarray:
    pixels = np.full((height, width, 3), value, np.uint8)
    pixels[: height // 2] = 30
    return pixels


def monitor(number: int, area: Area) -> Monitor:
    return Monitor(number=number, area=area, name=f"m{number}", is_primary=number == 1)


def mac(*frames: np.ndarray, **more: object) -> RecordedBackend:
    return RecordedBackend(
        frames or [picture(2880, 1800)], [monitor(0, RETINA), monitor(1, RETINA)], platform="darwin", **more
    )


async def test_a_dense_screen_has_its_pixels_and_is_clicked_in_its_units() -> None:
    backend = mac(answers={"windows": [{"windows": [NOTES], "managed": True}], "at": [7]})
    environment = DesktopEnvironment(backend=backend)
    first = await environment.reset(TASK)
    assert (first.screenshot.size, first.screenshot.scale) == (Size(2880, 1800), 2.0)
    assert first.windows[0].box == Box(200, 100, 1000, 700)
    assert (await environment.facts(Click(point=Point(300, 200)))).name == "Notes"
    asked: list[tuple[Action, Request]] = [
        (Click(point=Point(2879, 1799), button="right", count=2), ClickAt(x=1439, y=899, button="right", count=2)),
        (Click(point=Point(0.5, 1), modifiers=("Meta",)), ClickAt(x=0, y=0, held=("Meta",))),
        (Hover(point=Point(101, 99)), MoveTo(x=50, y=49)),
        (LongPress(point=Point(10, 10), duration_s=1.5), HoldAt(x=5, y=5, seconds=1.5)),
        (Scroll(point=Point(20, 20), dy=2 * PIXELS_PER_NOTCH), TurnWheel(x=10, y=10, down=1)),
        (
            Scroll(point=Point(20, 20), dx=-2 * PIXELS_PER_NOTCH, modifiers=("Control",)),
            TurnWheel(x=10, y=10, right=-1, held=("Control",)),
        ),
        (Press(keys=("ControlOrMeta", "c")), PressKeys(keys=("ControlOrMeta", "c"))),
        (TypeText(text="é\n"), WriteText(text="é\n")),
    ]
    for action, request in asked:
        assert (await environment.step(action)).error is None
        assert backend.acted[-1] == request
    await environment.step(Drag(path=(Point(0, 0), Point(200, 0)), duration_s=0))
    drag = backend.acted[-1]
    assert isinstance(drag, DragAlong)
    assert (drag.path[0], drag.path[-1], len(drag.path)) == ((0, 0), (100, 0), 9)
    refused = await environment.step(Click(point=Point(2880, 5)))
    assert refused.error == "the point (2880, 5) lies outside the 2880 x 1800 screenshot"
    assert len(backend.acted) == len(asked) + 1


async def test_a_monitor_to_the_left_has_negative_places() -> None:
    whole = Area(left=-1920, top=-200, width=3360, height=1100)
    first = Area(left=0, top=0, width=1440, height=900)
    for part, point, expected in [
        ({"monitor": 2}, Point(10, 20), (-1910, -180)),
        ({}, Point(10, 20), (-1910, -180)),
        ({"monitor": 1}, Point(10, 20), (10, 20)),
        ({"region": Box(1920, 200, 2020, 300)}, Point(10, 20), (10, 20)),
    ]:
        monitors = [monitor(0, whole), monitor(1, first), monitor(2, BESIDE)]
        frames = {2: picture(1920, 1080), 1: picture(1440, 900)}
        shown = picture(100, 100) if "region" in part else frames.get(part.get("monitor", 0), picture(3360, 1100))
        backend = RecordedBackend([shown], monitors, platform="win32")
        environment = DesktopEnvironment(backend=backend, **part)
        assert (await environment.reset(TASK)).screenshot.scale == 1.0
        await environment.step(Click(point=point))
        click = backend.acted[-1]
        assert isinstance(click, ClickAt)
        assert (click.x, click.y) == expected


async def test_monitors_of_different_scales_are_taken_one_by_one() -> None:
    whole = Area(left=0, top=0, width=3360, height=1080)
    plain = Area(left=1440, top=0, width=1920, height=1080)
    monitors = [monitor(0, whole), monitor(1, RETINA), monitor(2, plain)]
    frames = [picture(2880, 1800), picture(1920, 1080)]
    with pytest.raises(UsageError, match="the monitors have different scales: choose one of them with monitor=1, 2"):
        await DesktopEnvironment(backend=RecordedBackend(frames, monitors, platform="darwin")).reset(TASK)
    environment = DesktopEnvironment(backend=RecordedBackend(frames, monitors, platform="darwin"), monitor=2)
    assert (await environment.reset(TASK)).screenshot.scale == 1.0
    assert [one.scale for one in environment.desktop.monitors[1:]] == [2.0, 1.0]


async def test_a_black_screen_on_macos_is_a_permission_that_is_missing() -> None:
    environment = DesktopEnvironment(backend=mac(np.zeros((1800, 2880, 3), np.uint8)))
    with pytest.raises(EnvironmentLost, match="macOS shows it only to programs that are allowed to record it"):
        await environment.reset(TASK)


async def test_what_the_machine_answers_is_told() -> None:
    answers = {
        "click": [ActionFailed("the window is gone"), None, EnvironmentLost("macOS did not let the pointer move")]
    }
    environment = DesktopEnvironment(backend=mac(answers=answers))
    await environment.reset(TASK)
    here = Click(point=Point(5, 5))
    assert (await environment.step(here)).error == "the window is gone"
    assert (await environment.step(here)).error is None
    with pytest.raises(EnvironmentLost, match="macOS did not let the pointer move"):
        await environment.step(here)
    with pytest.raises(EnvironmentLost, match="macOS did not let the pointer move"):
        await environment.observe()
    assert (await environment.reset(TASK)).error is None


class Opening(RecordedBackend):
    """Shows these frames once it is clicked on."""

    def __init__(self, *frames: np.ndarray) -> None:
        super().__init__([picture(144, 90)], [monitor(0, SMALL), monitor(1, SMALL)])
        self.then = frames

    async def ask(self, request: Request) -> object:
        if isinstance(request, ClickAt):
            self.show(self.then)
        return await super().ask(request)


async def test_the_picture_is_taken_when_it_stands_still() -> None:
    """A window that opens in three pictures; a film that never ends."""
    last = picture(144, 90, 200)
    opening = Opening(*(picture(144, 90, value) for value in (100, 110, 120)), last)
    film = Opening(*(picture(144, 90, 150 + n % 2) for n in range(200)))
    for backend, expected in ((opening, last), (film, None)):
        environment = DesktopEnvironment(backend=backend)
        await environment.reset(TASK)
        after = await environment.step(Click(point=Point(5, 5)))
        assert after.effect == "changed"
        assert expected is None or after.screenshot.frame == Screenshot(pixels=expected).frame


def test_every_key_has_its_names() -> None:
    on_phones = {"GoBack", "GoHome", "AppSwitch", "Power"}
    assert set(PYAUTOGUI) == NAMED_KEYS - on_phones
    assert set(X11) | set(X11_MEDIA) == NAMED_KEYS - on_phones


def test_pyautogui_and_xlib_know_the_names() -> None:
    script = (
        "from clickwright.environments.desktop.input.names import PYAUTOGUI, X11\n"
        "from clickwright.environments.desktop.input.pointer import load_pyautogui\n"
        "from Xlib import XK\n"
        "gui = load_pyautogui()\n"
        "print([name for name in PYAUTOGUI.values() if name not in gui.KEYBOARD_KEYS])\n"
        "print([name for name in X11.values() if not XK.string_to_keysym(name)])\n"
    )
    with VirtualDisplay(Size(64, 64)) as display:
        known = display.environment() | {"PYTHONPATH": ":".join(sys.path)}
        done = subprocess.run([sys.executable, "-c", script], env=known, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-2:] == ["[]", "[]"]


class Keys:
    """pyautogui's keyboard, written down."""

    def __init__(self) -> None:
        self.did: list[tuple[str, str]] = []

    def isValidKey(self, key: str) -> bool:  # noqa: N802
        return key in ("ctrl", "c", "shift")

    def keyDown(self, key: str) -> None:  # noqa: N802
        self.did.append(("down", key))

    def keyUp(self, key: str) -> None:  # noqa: N802
        self.did.append(("up", key))

    def write(self, text: str) -> None:
        self.did.append(("write", text))


def test_the_plain_keyboard_releases_what_it_holds_and_knows_what_is_exact() -> None:
    keys = Keys()
    keyboard = PlainKeyboard(keys)

    def press(names: Sequence[str], *, fails: bool = False) -> None:
        with keyboard.held(names):
            if fails:
                raise ActionFailed("no")

    press(("Control", "c"))
    assert keys.did == [("down", "ctrl"), ("down", "c"), ("up", "c"), ("up", "ctrl")]
    keys.did.clear()
    with pytest.raises(ActionFailed, match="no"):
        press(("Shift",), fails=True)
    assert keys.did == [("down", "shift"), ("up", "shift")]
    keys.did.clear()
    with pytest.raises(ActionFailed, match="this keyboard has no key 'ж'"):
        press(("Control", "ж"))
    assert keys.did == []
    assert [keyboard.has(text) for text in ("Abc 12", "a<b", "é", "")] == [True, False, False, True]


async def test_a_window_that_came_or_took_the_focus_since_the_picture_is_told() -> None:
    popup = NOTES | {"id": 8, "title": "Update now", "app": "Updater"}
    behind = NOTES | {"active": False}
    one, both = {"windows": [NOTES]}, {"windows": [popup, behind]}
    backend = mac(answers={"windows": [one, one, one, one, both], "at": [7, 8]})
    environment = DesktopEnvironment(backend=backend)
    await environment.reset(TASK)
    while backend.asked.count(ListWindows()) < 3:
        await environment.observe()
    here, keys = Click(point=Point(300, 200)), TypeText(text="x")
    facts = await environment.facts(here)
    assert (facts.screen, facts.window, facts.program, facts.changed) == ("desktop", "Notes", "Notes", "")
    facts = await environment.facts(here)
    assert (facts.program, facts.changed) == ("Updater", "the window has come since the picture")
    await environment.observe()
    assert (await environment.facts(keys)).changed == ""
