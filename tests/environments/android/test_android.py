"""Android through a recorded device: a real `adb` process, and a real shell on the device's side."""

import asyncio
import base64
import subprocess
from collections.abc import Generator
from typing import Any

import pytest
from clickwright.environments.android.environment import AndroidEnvironment
from clickwright.environments.android.recorded import RecordedDevice, RecordedNode, RecordedScreen
from clickwright.environments.contract import check_environment
from clickwright.errors import EnvironmentLost, UsageError
from clickwright.screen import Box, Observation, Point, Size
from clickwright.tools import (
    Action,
    Back,
    Click,
    Drag,
    Hover,
    LongPress,
    Navigate,
    Pinch,
    Press,
    Scroll,
    SelectOption,
    Task,
    TypeText,
    Wait,
)

TASK = Task(goal="look around")
SCREENS = (
    RecordedScreen(
        name="home",
        activity="com.android.launcher3/.Launcher",
        nodes=(RecordedNode(box=Box(40, 900, 140, 1000), text="Shop", leads_to="shop"),),
    ),
    RecordedScreen(
        name="shop",
        activity="com.example.shop/.MainActivity",
        nodes=(
            RecordedNode(box=Box(20, 100, 520, 180), text="Anna", kind="EditText", focused=True),
            RecordedNode(box=Box(20, 220, 520, 300), text="secret", kind="EditText", password=True),
            RecordedNode(box=Box(20, 400, 270, 480), text="Sign in", kind="Button", leads_to="wide"),
        ),
    ),
    RecordedScreen(name="wide", activity="com.example.shop/.Player", size=Size(1200, 540)),
    RecordedScreen(
        name="page",
        activity="com.android.chrome/com.google.android.apps.chrome.Main",
        nodes=(
            RecordedNode(
                box=Box(0, 0, 540, 80), text="example.com", kind="EditText", resource="com.android.chrome:id/url_bar"
            ),
        ),
    ),
)


@pytest.fixture
def device() -> Generator[RecordedDevice]:
    with RecordedDevice(SCREENS, apps={"com.example.shop": "shop"}, browser="page") as recorded:
        yield recorded


async def opened(device: RecordedDevice, **options: Any) -> tuple[AndroidEnvironment, Observation]:
    settings: dict[str, Any] = {"app": "com.example.shop", "settle_s": 0} | options
    environment = AndroidEnvironment(adb=device.program, **settings)
    return environment, await environment.reset(TASK)


def running() -> str:
    """The command lines of all processes."""
    return subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout


@pytest.mark.slow
async def test_the_device_keeps_the_contract(device: RecordedDevice) -> None:
    environment = AndroidEnvironment(adb=device.program, app="com.example.shop", elements=True)

    async def landed() -> Point | None:
        return device.taps[-1] if device.taps else None

    await check_environment(environment, TASK, target=Point(300, 140), landed=landed, size=Size(540, 1200), scale=1.0)


async def test_a_task_starts_with_an_app_a_page_or_the_home_screen(device: RecordedDevice) -> None:
    _, first = await opened(device)
    assert (device.screen, first.title) == ("shop", "com.example.shop/.MainActivity")
    start = ("am", "start", "-W", "-S", "-n", "com.example.shop/.MainActivity")
    assert start in device.log
    environment, first = await opened(device, app=None, url="https://example.com/a?b=1&c=$HOME", elements=True)
    assert device.log[-1] == (*start[:3], "-a", "android.intent.action.VIEW", "-d", "https://example.com/a?b=1&c=$HOME")
    assert (first.title, first.url) == ("com.android.chrome/com.google.android.apps.chrome.Main", "https://example.com")
    first = await environment.reset(Task(goal="x", start_url="app:com.example.shop/.MainActivity"))
    assert first.title == "com.example.shop/.MainActivity"
    _, first = await opened(device, app=None)
    assert device.screen == "home"


@pytest.mark.parametrize(("app", "word"), [("com.example.none", "no app"), ("a;reboot", "no app"), ("a.b/.C", "exist")])
async def test_an_app_that_is_not_there_is_told_of(device: RecordedDevice, app: str, word: str) -> None:
    with pytest.raises(EnvironmentLost, match=word):
        await opened(device, app=app)


ACTIONS: list[tuple[Action, list[tuple[str, ...]]]] = [
    (Click(point=Point(10.5, 20)), [("input", "tap", "10.50", "20.00")]),
    (Click(point=Point(10, 20), count=2), [("input", "tap", "10.00", "20.00")] * 2),
    (LongPress(point=Point(5, 6), duration_s=1), [("input", "swipe", "5.00", "6.00", "5.00", "6.00", "1000")]),
    (
        Drag(path=(Point(1, 2), Point(3, 4)), duration_s=0.5),
        [("input", "swipe", "1.00", "2.00", "3.00", "4.00", "500")],
    ),
    (
        Drag(path=(Point(1, 2), Point(3, 4), Point(5, 6))),
        [
            ("input", "motionevent", "DOWN", "1.00", "2.00"),
            ("input", "motionevent", "MOVE", "3.00", "4.00"),
            ("input", "motionevent", "MOVE", "5.00", "6.00"),
            ("input", "motionevent", "UP", "5.00", "6.00"),
        ],
    ),
    (
        Scroll(point=Point(270, 600), dy=400),
        [("input", "swipe", "270.00", "800.00", "270.00", "400.00", "600")],
    ),
    (
        Scroll(point=Point(270, 600), dx=-200),
        [("input", "swipe", "170.00", "600.00", "370.00", "600.00", "300")],
    ),
    (Press(keys=("Enter",)), [("input", "keyevent", "KEYCODE_ENTER")]),
    (Press(keys=("GoHome",)), [("input", "keyevent", "KEYCODE_HOME")]),
    (Press(keys=("AppSwitch",)), [("input", "keyevent", "KEYCODE_APP_SWITCH")]),
    (Press(keys=("AudioVolumeUp",)), [("input", "keyevent", "KEYCODE_VOLUME_UP")]),
    (Press(keys=("ctrl", "a")), [("input", "keycombination", "KEYCODE_CTRL_LEFT", "KEYCODE_A")]),
    (Press(keys=("!",)), [("input", "text", "!")]),
    (Back(), [("input", "keyevent", "KEYCODE_BACK")]),
    (TypeText(text="it's $5; 100% safe"), [("input", "text", "it's%s$5;%s100%%ssafe")]),
    (TypeText(text="100%sure"), [("input", "text", "100%"), ("input", "text", "sure")]),
    (
        TypeText(text="a\r\nb\tc"),
        [
            ("input", "text", "a"),
            ("input", "keyevent", "KEYCODE_ENTER"),
            ("input", "text", "b"),
            ("input", "keyevent", "KEYCODE_TAB"),
            ("input", "text", "c"),
        ],
    ),
    (
        Navigate(url="http://127.0.0.1/?q=';reboot;'"),
        [("am", "start", "-W", "-a", "android.intent.action.VIEW", "-d", "http://127.0.0.1/?q=';reboot;'")],
    ),
]


@pytest.mark.slow
async def test_actions_arrive_as_the_commands_that_android_knows(device: RecordedDevice) -> None:
    environment, _ = await opened(device)
    for action, commands in ACTIONS:
        before = len(device.log)
        after = await environment.step(action)
        assert (after.error, device.log[before:]) == (None, tuple(commands)), action


REFUSED: list[tuple[Action, str]] = [
    (Hover(point=Point(1, 1)), "hover"),
    (Pinch(point=Point(1, 1), factor=2), "pinch"),
    (Click(point=Point(1, 1), button="right"), "long press"),
    (Click(point=Point(1, 1), modifiers=("Shift",)), "modifier"),
    (SelectOption(point=Point(1, 1), label="x"), "select"),
    (Navigate(url="intent://x#Intent;end"), "http"),
    (Navigate(url="file:///sdcard/x"), "http"),
    (TypeText(secret="bank"), "no secret bank"),
    (TypeText(text="a\x1b[2J"), "U+001B"),
    (TypeText(text="中文"), "ADBKeyBoard"),
    (Press(keys=("F24",)), "no key F24"),
]


async def test_what_a_touch_screen_has_not_is_told_and_nothing_is_done(device: RecordedDevice) -> None:
    environment, _ = await opened(device)
    for action, word in REFUSED:
        acted = [words for words in device.log if words[0] in ("input", "am")]
        after = await environment.step(action)
        assert word in (after.error or ""), action
        assert [words for words in device.log if words[0] in ("input", "am")] == acted


async def test_other_scripts_go_through_the_adb_keyboard_and_the_old_one_comes_back() -> None:
    with RecordedDevice(SCREENS, apps={"com.example.shop": "shop"}, adb_keyboard=True) as device:
        environment, _ = await opened(device)
        assert (await environment.step(TypeText(text="Zürich 中文 👩‍🚀 'x'"))).error is None
        sent = next(words for words in device.log if words[:2] == ("am", "broadcast"))
        assert sent[2:6] == ("-a", "ADB_INPUT_B64", "--es", "msg")
        assert base64.b64decode(sent[6]).decode() == "Zürich 中文 👩‍🚀 'x'"
        assert device.input_method == "com.android.inputmethod.latin/.LatinIME"
        assert ("ime", "set", "com.android.adbkeyboard/.AdbIME") in device.log


async def test_an_action_tells_what_it_did_and_a_turned_device_has_another_size(device: RecordedDevice) -> None:
    environment, first = await opened(device)
    assert first.effect is None
    assert (await environment.step(Click(point=Point(500, 1100)))).effect == "nothing"
    after = await environment.step(Click(point=Point(100, 440)))
    assert (after.effect, after.screenshot.size, after.title) == (
        "changed",
        Size(1200, 540),
        "com.example.shop/.Player",
    )
    assert (await environment.step(Click(point=Point(1100, 500)))).error is None
    assert "1200 x 540" in ((await environment.step(Click(point=Point(500, 600)))).error or "")


async def test_raw_pictures_are_the_same(device: RecordedDevice) -> None:
    _, first = await opened(device)
    _, raw = await opened(device, raw=True)
    assert raw.screenshot.frame == first.screenshot.frame


async def test_waiting_ends_when_the_screen_changes(device: RecordedDevice) -> None:
    environment, first = await opened(device)
    waiting = asyncio.create_task(environment.step(Wait(seconds=60)))
    await asyncio.sleep(0.3)
    device.show("home")
    after = await asyncio.wait_for(waiting, 30)
    assert after.screenshot.frame != first.screenshot.frame


async def test_the_tree_tells_facts_elements_and_what_is_secret(device: RecordedDevice) -> None:
    environment, first = await opened(device, elements=True)
    told = [(one.role, one.name) for one in first.elements or ()]
    assert told == [("textbox", "Anna"), ("textbox", ""), ("button", "Sign in")]
    facts = await environment.facts(Click(point=Point(100, 440)))
    assert (facts.role, facts.name, facts.point) == ("button", "Sign in", Point(100, 440))
    assert (await environment.facts(Click(point=Point(100, 240)))).input_type == "password"
    assert (await environment.facts(TypeText(text="x"))).name == "Anna"
    assert (await environment.facts(Navigate(url="https://a.b"))).href == "https://a.b"
    assert await environment.sensitive_boxes() == (Box(20, 220, 520, 300),)
    device.fail("no tree")
    assert (await environment.observe()).elements is None
    assert (await environment.facts(Click(point=Point(9, 9)))).point == Point(9, 9)
    assert await environment.sensitive_boxes() == (Size(540, 1200).box,)


async def test_a_sleeping_device_is_woken_and_a_locked_one_is_told_of(device: RecordedDevice) -> None:
    device.sleep(locked="swipe")
    environment, first = await opened(device)
    assert (first.events, device.screen) == ((), "shop")
    device.sleep(locked="code")
    assert (await environment.observe()).events == ("the device's screen is off", "the device is locked")
    with pytest.raises(EnvironmentLost, match="locked with a code"):
        await environment.reset(TASK)


LOST = [
    ("gone", EnvironmentLost, "no Android device"),
    ("offline", EnvironmentLost, "offline"),
    ("unauthorized", EnvironmentLost, "accept USB debugging"),
    ("no picture", EnvironmentLost, "screenshot"),
    ("many", UsageError, "serial="),
]


@pytest.mark.parametrize(("fault", "error", "words"), LOST)
async def test_a_device_that_goes_away_is_told_of_and_can_come_back(
    device: RecordedDevice, fault: Any, error: type[Exception], words: str
) -> None:
    environment, _ = await opened(device)
    device.fail(fault)
    with pytest.raises(error, match=words):
        await environment.step(Press(keys=("GoHome",)))
    device.fail("")
    assert (await environment.reset(TASK)).title == "com.example.shop/.MainActivity"


async def test_a_device_that_hangs_is_lost_in_time_and_leaves_no_process(device: RecordedDevice) -> None:
    environment, _ = await opened(device)
    environment.deadline_s = 1.0
    device.fail("hang")
    with pytest.raises(EnvironmentLost, match="within 1 s"):
        await environment.observe()
    assert str(device.folder) not in running()


async def test_the_serial_chooses_the_device_and_a_missing_adb_says_what_to_install(device: RecordedDevice) -> None:
    device.fail("many")
    _, first = await opened(device, serial="emulator-5554")
    assert first.title == "com.example.shop/.MainActivity"
    with pytest.raises(EnvironmentLost, match="gone"):
        await opened(device, serial="nothing")
    with pytest.raises(UsageError, match="apt-get install adb"):
        await AndroidEnvironment(adb="no-such-adb").reset(TASK)
