"""OSWorld's desktops through recorded observations: what is sent to them is data, and what they send is read."""

import ast
import asyncio
from typing import Any, Literal

import numpy as np
import pytest
from clickwright.environments.contract import check_environment
from clickwright.environments.osworld.environment import OSWorldEnvironment
from clickwright.environments.osworld.programs import commands, program
from clickwright.environments.osworld.recorded import RecordedDesktop
from clickwright.environments.osworld.strokes import strokes
from clickwright.errors import ActionFailed, EnvironmentLost, UsageError
from clickwright.screen import Box, Point, Screenshot, Size
from clickwright.tools import (
    Action,
    Ask,
    Back,
    Click,
    Drag,
    Finish,
    Hover,
    LongPress,
    Navigate,
    Pinch,
    Press,
    Scroll,
    Task,
    TypeText,
    Wait,
)
from hypothesis import given
from hypothesis import strategies as st

TASK = Task(goal="look around")
SPACES = ("pyautogui", "computer_13")
CALLS = {
    *(f"pyautogui.{name}" for name in ("moveTo", "click", "mouseDown", "mouseUp", "scroll", "hscroll", "write")),
    *(f"pyautogui.{name}" for name in ("press", "hotkey", "keyDown", "keyUp")),
    "pyperclip.copy",
    "time.sleep",
}
TREE = """<desktop-frame name="main" xmlns:st="https://accessibility.ubuntu.example.org/ns/state"
 xmlns:cp="https://accessibility.ubuntu.example.org/ns/component">
<application name="Settings"><frame name="Settings" st:showing="true" cp:screencoord="(0, 0)" cp:size="(320, 200)">
 <push-button name="Save" st:enabled="true" st:showing="true" cp:screencoord="(10, 20)" cp:size="(80, 30)"/>
 <entry name="User" st:showing="true" st:focused="true" cp:screencoord="(10, 60)" cp:size="(200, 30)">anna</entry>
 <password-text name="Password" st:showing="true" cp:screencoord="(10, 100)" cp:size="(200, 30)"/>
 <push-button name="Hidden" cp:screencoord="(150, 20)" cp:size="(80, 30)"/>
</frame></application></desktop-frame>"""


def picture(shade: int) -> bytes:
    pixels = np.full((200, 320, 3), shade, np.uint8)
    pixels[20:50, 10:90] = 40
    return Screenshot(pixels=pixels).to_png()


def desktop(*, space: Literal["pyautogui", "computer_13"] = "pyautogui", still: bool = False) -> RecordedDesktop:
    observations = [(picture(200), TREE), *([] if still else [(picture(210), TREE), (picture(220), None)])]
    return RecordedDesktop(observations, action_space=space, instruction="save it")


def environment(recorded: RecordedDesktop, **options: Any) -> OSWorldEnvironment:
    return OSWorldEnvironment(recorded, **({"pause_s": 0, "deadline_s": 20} | options))


@pytest.mark.parametrize("space", SPACES)
async def test_a_desktop_keeps_the_contract(space: Any) -> None:
    recorded = desktop(space=space, still=True)
    adapter = environment(recorded, tells_elements=True)

    async def landed() -> Point | None:
        return Point(*recorded.clicks[-1]) if recorded.clicks else None

    await check_environment(adapter, TASK, target=Point(30, 35), landed=landed, size=Size(320, 200), scale=1.0)
    assert recorded.closed == 1


async def test_an_episode_is_set_up_acted_in_and_scored() -> None:
    recorded = desktop()
    config = {"id": "1", "instruction": "save it", "config": [], "evaluator": {"func": "exact_match"}}
    adapter = environment(recorded, task_config=config, pause_s=0.01)
    first = await adapter.reset(TASK)
    assert (recorded.task_configs, adapter.instruction, first.effect) == ([config], "save it", None)
    assert (await adapter.step(Click(point=Point(30, 35)))).effect == "changed"
    assert not adapter.is_done
    await adapter.step(Wait(seconds=0.02))
    assert (recorded.actions[-1], recorded.pauses) == ("WAIT", [0.01, 0.01])
    await adapter.step(Finish())
    assert adapter.is_done
    assert await adapter.evaluate() == 1.0
    await adapter.step(Finish(status="failure"))
    assert (recorded.actions[-2:], await adapter.evaluate()) == (["DONE", "FAIL"], 0.0)


WRITTEN: list[tuple[Action, str]] = [
    (Click(point=Point(9.7, 8.2)), "pyautogui.click(x=9, y=8, clicks=1, button='left')"),
    (
        Click(point=Point(9, 8), button="right", modifiers=("Control",)),
        "pyautogui.keyDown('ctrl'); pyautogui.click(x=9, y=8, clicks=1, button='right'); pyautogui.keyUp('ctrl')",
    ),
    (Hover(point=Point(9, 8)), "pyautogui.moveTo(x=9, y=8, duration=0.0)"),
    (
        LongPress(point=Point(9, 8), duration_s=0.5),
        "pyautogui.moveTo(x=9, y=8, duration=0.0); pyautogui.mouseDown(button='left'); time.sleep(0.5); "
        "pyautogui.mouseUp(button='left')",
    ),
    (
        Drag(path=(Point(1, 2), Point(3, 4)), duration_s=0.4),
        "pyautogui.moveTo(x=1, y=2, duration=0.0); pyautogui.mouseDown(button='left'); "
        "pyautogui.moveTo(x=3, y=4, duration=0.4); pyautogui.mouseUp(button='left')",
    ),
    (
        Scroll(point=Point(9, 8), dy=250, dx=-1),
        "pyautogui.moveTo(x=9, y=8, duration=0.0); pyautogui.scroll(-2); pyautogui.hscroll(-1)",
    ),
    (
        Scroll(point=Point(9, 8), dy=100, modifiers=("Control",)),
        "pyautogui.keyDown('ctrl'); pyautogui.moveTo(x=9, y=8, duration=0.0); pyautogui.scroll(-1); "
        "pyautogui.keyUp('ctrl')",
    ),
    (Press(keys=("ctrl", "S")), "pyautogui.hotkey('ctrl', 's')"),
    (Press(keys=("Enter",)), "pyautogui.press('enter')"),
    (Press(keys=("A",)), "pyautogui.write('A')"),
    (Press(keys=("Space",)), "pyautogui.press(' ')"),
    (
        TypeText(text="a<b'\n"),
        "pyautogui.write('a'); pyautogui.hotkey('shift', ','); pyautogui.write(\"b'\\n\")",
    ),
]


async def test_actions_are_written_as_programs() -> None:
    recorded = desktop()
    adapter = environment(recorded)
    await adapter.reset(TASK)
    for action, line in WRITTEN:
        after = await adapter.step(action)
        assert (after.error, recorded.actions[-1]) == (None, line)
    await adapter.step(Ask(question="Which?"))
    assert len(recorded.actions) == len(WRITTEN)


async def test_actions_are_written_as_dictionaries() -> None:
    recorded = desktop(space="computer_13")
    adapter = environment(recorded, pause_s=0.01)
    await adapter.reset(TASK)
    await adapter.step(Click(point=Point(9, 8), count=2, modifiers=("Shift",)))
    await adapter.step(Scroll(point=Point(9, 8), dy=-100))
    await adapter.step(TypeText(text="it's"))
    await adapter.step(Press(keys=("Enter",)))
    await adapter.step(Press(keys=("Control", "s")))
    await adapter.step(LongPress(point=Point(1, 1), duration_s=0.02))
    down = {"action_type": "KEY_DOWN", "parameters": {"key": "shift"}}
    assert recorded.actions == [
        down,
        {"action_type": "CLICK", "parameters": {"button": "left", "x": 9, "y": 8, "num_clicks": 2}},
        down | {"action_type": "KEY_UP"},
        {"action_type": "MOVE_TO", "parameters": {"x": 9, "y": 8}},
        {"action_type": "SCROLL", "parameters": {"dx": 0, "dy": 1}},
        {"action_type": "TYPING", "parameters": {"text": "it's"}},
        {"action_type": "PRESS", "parameters": {"key": "enter"}},
        {"action_type": "HOTKEY", "parameters": {"keys": ["ctrl", "s"]}},
        {"action_type": "MOVE_TO", "parameters": {"x": 1, "y": 1}},
        {"action_type": "MOUSE_DOWN", "parameters": {"button": "left"}},
        "WAIT",
        {"action_type": "MOUSE_UP", "parameters": {"button": "left"}},
    ]
    assert recorded.pauses[:5] == [0, 0, 0.01, 0, 0.01]


REFUSED: list[tuple[Action, str]] = [
    (Pinch(point=Point(1, 1), factor=2), "pinch"),
    (Navigate(url="https://a.b"), "navigate"),
    (Back(), "back"),
    (TypeText(text="中"), "ASCII"),
    (TypeText(text="a\x00"), "U+0000"),
    (TypeText(text="a" * 10_001), "10,000"),
    (TypeText(secret="bank"), "no secret bank"),
    (Press(keys=("Power",)), "no key Power"),
]


async def test_what_a_desktop_cannot_do_is_told_and_not_sent() -> None:
    recorded = desktop()
    adapter = environment(recorded)
    await adapter.reset(TASK)
    for action, word in REFUSED:
        assert word in ((await adapter.step(action)).error or ""), action
    assert recorded.actions == []
    with pytest.raises(ActionFailed, match="quote"):
        commands(strokes(Press(keys=("Control", "'"))))
    unknown = desktop()
    unknown.action_space = "claude_computer_use"  # type: ignore[assignment]
    with pytest.raises(UsageError, match="claude_computer_use"):
        environment(unknown)


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60) | st.sampled_from(
    ["'); import os; os.system('x", '"""', "'''", "\\", "\\'", "{command}", "\u2028", "a' + exit() + '"]
)
PLACE = st.builds(Point, st.floats(0, 4000), st.floats(0, 4000))
KEY = st.sampled_from(["Control", "Shift", "Enter", "F5", "'", "\\", '"', "a", "Z", "<", ";"])
ANY_ACTION = st.one_of(
    st.builds(Click, point=PLACE, button=st.sampled_from(["left", "right", "middle"]), count=st.integers(1, 3)),
    st.builds(Drag, path=st.lists(PLACE, min_size=2, max_size=50).map(tuple)),
    st.builds(Scroll, point=PLACE, dx=st.floats(-1e5, 1e5), dy=st.floats(-1e5, 1e5)),
    st.builds(TypeText, text=TEXT),
    st.builds(Press, keys=st.lists(KEY, min_size=1, max_size=3).map(tuple)),
)


@given(ANY_ACTION)
def test_a_program_holds_only_the_expected_calls_with_literal_arguments(action: Action) -> None:
    line = program(strokes(action, can_paste=True))
    assert line.isascii()
    typed = ""
    for statement in ast.parse(line).body:
        if isinstance(statement, ast.Import):
            assert ast.unparse(statement) == "import pyperclip"
            continue
        assert isinstance(statement, ast.Expr)
        call = statement.value
        assert isinstance(call, ast.Call)
        assert ast.unparse(call.func) in CALLS
        for value in (*call.args, *(keyword.value for keyword in call.keywords)):
            assert isinstance(ast.literal_eval(value), str | int | float)
        if ast.unparse(call.func) in ("pyautogui.write", "pyperclip.copy"):
            typed += ast.literal_eval(call.args[0])
        elif ast.unparse(call) == "pyautogui.hotkey('shift', ',')":
            typed += "<"
    if isinstance(action, TypeText):
        assert typed == action.text


async def test_the_tree_tells_facts_elements_and_what_is_secret() -> None:
    adapter = environment(desktop(), tells_elements=True)
    first = await adapter.reset(TASK)
    told = [(one.role, one.name) for one in first.elements or ()]
    assert told == [("button", "Save"), ("textbox", "User"), ("textbox", "Password")]
    facts = await adapter.facts(Click(point=Point(30, 35)))
    assert (facts.role, facts.name) == ("button", "Save")
    assert (await adapter.facts(Click(point=Point(30, 110)))).input_type == "password"
    assert (await adapter.facts(TypeText(text="x"))).name == "User"
    assert await adapter.sensitive_boxes() == (Box(10, 100, 210, 130),)
    for _ in range(2):
        after = await adapter.step(Click(point=Point(30, 35)))
    assert (after.elements, await adapter.sensitive_boxes()) == (None, ())


@pytest.mark.parametrize(
    ("fault", "words"), [("raise", "ConnectionError: the virtual"), ("no picture", "no picture"), ("hang", "within")]
)
async def test_a_desktop_that_fails_is_lost_in_time_and_can_be_reset(fault: Any, words: str) -> None:
    recorded = desktop()
    adapter = environment(recorded, deadline_s=0.2 if fault == "hang" else 20)
    await adapter.reset(TASK)
    recorded.fault = fault
    with pytest.raises(EnvironmentLost, match=words):
        await adapter.step(Click(point=Point(5, 5)))
    recorded.fault = ""
    with pytest.raises(EnvironmentLost):
        await adapter.observe()
    if fault == "hang":
        with pytest.raises(EnvironmentLost, match="not come back"):
            await adapter.reset(TASK)
        recorded.released.set()
    assert await comes_back(adapter)


async def comes_back(adapter: OSWorldEnvironment) -> bool:
    """Whether it can be reset within ten seconds: a thread that was let go takes a moment to end."""
    for _ in range(100):
        try:
            return (await adapter.reset(TASK)).error is None
        except EnvironmentLost:
            await asyncio.sleep(0.1)
    return False
