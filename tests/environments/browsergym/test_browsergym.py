"""BrowserGym's environments as ours: our real server in a real process, with a recorded BrowserGym in it.

CLICKWRIGHT_BROWSERGYM may name the Python of a real one, as `clickwright setup browsergym` prints it: then that is
tried too.
"""

import ast
import json
import os
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from clickwright.agent import Agent, read_run
from clickwright.environments.browsergym.calls import calls
from clickwright.environments.browsergym.environment import BrowserGymEnvironment
from clickwright.environments.browsergym.recorded import RecordedGym, RecordedThing
from clickwright.environments.browsergym.recorded_gym import NAMES, read_calls
from clickwright.environments.contract import check_environment
from clickwright.errors import EnvironmentLost, UsageError
from clickwright.policies import ScriptedPolicy
from clickwright.screen import Box, Point, Screenshot, Size
from clickwright.tools import (
    Action,
    Ask,
    Back,
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
    Task,
    TypeText,
    Upload,
    Wait,
)
from hypothesis import given
from hypothesis import strategies as st

TASK = Task(goal="look around")
CLICK_TEST = "browsergym/miniwob.click-test"
BUTTON = Box(120, 60, 200, 100)
THINGS = (
    RecordedThing(box=BUTTON, role="button", name="Click Me!"),
    RecordedThing(box=Box(0, 0, 300, 210), role="group", name="all of it"),
    RecordedThing(box=Box(15, 150, 150, 180), role="textbox", name="Code", password=True, focused=True),
)


def page(shade: int) -> Screenshot:
    pixels = np.full((210, 300, 3), shade, np.uint8)
    pixels[60:100, 120:200] = 80
    return Screenshot(pixels=pixels, scale=1.5)


@pytest.fixture
def gym() -> Generator[RecordedGym]:
    with RecordedGym(page(240), things=THINGS, solved_by=BUTTON, after=page(120)) as recorded:
        yield recorded


async def opened(gym: RecordedGym, **options: Any) -> BrowserGymEnvironment:
    environment = BrowserGymEnvironment(CLICK_TEST, python=gym.python, **options)
    await environment.reset(TASK)
    return environment


async def test_a_gym_keeps_the_contract(gym: RecordedGym) -> None:
    environment = BrowserGymEnvironment(CLICK_TEST, python=gym.python, elements=True)

    async def landed() -> Point | None:
        return gym.clicks[-1] if gym.clicks else None

    await check_environment(environment, TASK, target=Point(40, 40), landed=landed, size=Size(300, 210), scale=1.5)
    assert (gym.folder / "closed").exists()


async def test_an_agent_takes_the_browser_of_a_gym_only_when_told_that_nobody_confines_it(
    gym: RecordedGym, tmp_path: Path
) -> None:
    def agent(name: str, *, unconfined: bool) -> Agent:
        environment = BrowserGymEnvironment(CLICK_TEST, python=gym.python)
        policy = ScriptedPolicy([Finish()])
        return Agent(TASK, policy=policy, environment=environment, run_dir=tmp_path / name, unconfined=unconfined)

    with pytest.raises(UsageError, match="cannot be kept from other places: go on all the same with --unconfined"):
        await agent("refused", unconfined=False).arun()
    assert (await agent("told", unconfined=True).arun()).status == "success"
    info = read_run(tmp_path / "told").info
    assert info is not None
    assert info.confined is False


async def test_an_episode_is_begun_solved_and_over(gym: RecordedGym) -> None:
    environment = await opened(gym, seed=7)
    assert (environment.episode.goal, environment.episode.said, environment.episode.info) == (
        "Click the button.",
        ("Click the button.",),
        '{"seed": 7}',
    )
    after = await environment.step(Click(point=Point(5, 5)))
    assert (after.effect, environment.episode.is_success, environment.episode.is_over) == ("nothing", False, False)
    after = await environment.step(Click(point=BUTTON.center))
    assert (after.effect, after.events) == ("changed", ("the episode is over",))
    episode = environment.episode
    assert (episode.reward, episode.terminated, episode.truncated, episode.steps) == (1.0, True, False, 2)
    assert "over" in ((await environment.step(Click(point=Point(5, 5)))).error or "")
    assert (await environment.step(Finish())).error is None
    assert gym.calls[-1][0] == "mouse_click"
    assert (await environment.reset(TASK)).events == ()
    await environment.close()


ACTIONS: list[tuple[Action, list[tuple[Any, ...]]]] = [
    (Click(point=Point(9.25, 8), button="right"), [("mouse_click", 9.25, 8, "right")]),
    (
        Click(point=Point(9, 8), count=2, modifiers=("Shift",)),
        [("keyboard_down", "Shift"), ("mouse_dblclick", 9, 8, "left"), ("keyboard_up", "Shift")],
    ),
    (
        LongPress(point=Point(9, 8), duration_s=0.5),
        [("mouse_down", 9, 8, "left"), ("noop", 500), ("mouse_up", 9, 8, "left")],
    ),
    (Hover(point=Point(9, 8)), [("mouse_move", 9, 8)]),
    (
        Drag(path=(Point(0, 0), Point(10, 20))),
        [
            ("mouse_down", 0, 0, "left"),
            ("mouse_move", 5, 10),
            ("mouse_move", 10, 20),
            ("mouse_up", 10, 20, "left"),
        ],
    ),
    (Scroll(point=Point(9, 8), dy=120), [("scroll_at", 9, 8, 0, 120)]),
    (Upload(point=Point(9, 8), paths=("/tmp/a'b.txt",)), [("mouse_upload_file", 9, 8, ["/tmp/a'b.txt"])]),
    (TypeText(text='it\'s "中"\r\nb'), [("keyboard_type", 'it\'s "中"\nb')]),
    (Press(keys=("ctrl", "a")), [("keyboard_press", "Control+a")]),
    (Press(keys=("+",)), [("keyboard_type", "+")]),
    (Press(keys=("GoBack",)), [("go_back",)]),
    (Navigate(url="https://a.b/?q='"), [("goto", "https://a.b/?q='")]),
    (Reload(), [("goto", "https://a.b/?q='")]),
    (Back(), [("go_back",)]),
    (Forward(), [("go_forward",)]),
    (NewTab(url="https://c.d"), [("new_tab",), ("goto", "https://c.d")]),
    (SwitchTab(index=0), [("tab_focus", 0)]),
    (CloseTab(index=1), [("tab_focus", 1), ("tab_close",)]),
    (Wait(seconds=0.25), [("noop", 250)]),
    (Ask(question="Which?"), [("noop", 0)]),
    (Finish(answer="42"), [("send_msg_to_user", "42")]),
    (Finish(status="failure", answer="no such page"), [("report_infeasible", "no such page")]),
]


async def test_actions_arrive_as_calls_of_browsergym(gym: RecordedGym) -> None:
    environment = await opened(gym)
    for action, expected in ACTIONS:
        before = len(gym.calls)
        after = await environment.step(action)
        assert (after.error, list(gym.calls[before:])) == (None, expected), action
    await environment.close()


REFUSED: list[tuple[Action, str]] = [
    (Pinch(point=Point(1, 1), factor=2), "pinch"),
    (SelectOption(point=Point(1, 1), label="x"), "select"),
    (Click(point=Point(1, 1), count=3), "triple"),
    (SwitchTab(index=4), "there are 1"),
    (TypeText(secret="bank"), "no secret bank"),
    (TypeText(text="\x07"), "U+0007"),
    (Press(keys=("GoHome",)), "GoHome"),
]


async def test_what_browsergym_has_not_is_told_and_what_the_page_refuses_too(gym: RecordedGym) -> None:
    environment = await opened(gym)
    for action, word in REFUSED:
        assert word in ((await environment.step(action)).error or ""), action
    assert {call[0] for call in gym.calls} == {"noop"}
    gym.fail("refuse")
    assert "Timeout 500ms" in ((await environment.step(Click(point=Point(5, 5)))).error or "")
    await environment.close()


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300) | st.sampled_from(
    ["')\ngoto('http://evil", '"""', "'''", "\\", "#", "a\\'", "\u2028", "x\ny\tz"]
)
PLACE = st.builds(Point, st.floats(0, 4000), st.floats(0, 4000))
ANY_ACTION = st.one_of(
    st.builds(Click, point=PLACE, button=st.sampled_from(["left", "right", "middle"])),
    st.builds(Drag, path=st.lists(PLACE, min_size=2, max_size=60).map(tuple)),
    st.builds(Scroll, point=PLACE, dx=st.floats(-1e5, 1e5), dy=st.floats(-1e5, 1e5)),
    st.builds(TypeText, text=TEXT),
    st.builds(Navigate, url=TEXT.filter(bool)),
    st.builds(Finish, answer=TEXT),
    st.builds(Upload, point=PLACE, paths=st.lists(TEXT, min_size=1, max_size=3).map(tuple)),
)


@given(ANY_ACTION)
def test_calls_hold_only_known_names_with_literal_arguments(action: Action) -> None:
    lines = calls(action)
    assert lines.isascii()
    assert len(lines.splitlines()) == len(ast.parse(lines).body)
    found = read_calls(lines)
    assert {call[0] for call in found} <= NAMES
    if isinstance(action, TypeText):
        written = {"keyboard_press": {"Enter": "\n", "Tab": "\t"}.get}
        typed = "".join(str(written.get(call[0], str)(call[1])) for call in found)
        assert typed == action.text
    if isinstance(action, Finish):
        assert found[0][1] == action.answer


async def test_facts_elements_and_passwords_are_in_pixels_of_the_screenshot(gym: RecordedGym) -> None:
    environment = await opened(gym, elements=True)
    seen = await environment.observe()
    assert [(one.role, one.name, one.box) for one in seen.elements or ()] == [
        ("button", "Click Me!", BUTTON),
        ("textbox", "Code", Box(15, 150, 150, 180)),
    ]
    facts = await environment.facts(Click(point=BUTTON.center))
    assert (facts.role, facts.name, facts.url) == ("button", "Click Me!", "http://127.0.0.1/task.html")
    assert (await environment.facts(Click(point=Point(20, 160)))).input_type == "password"
    assert (await environment.facts(TypeText(text="x"))).name == "Code"
    assert (await environment.facts(Navigate(url="https://a.b"))).href == "https://a.b"
    assert await environment.sensitive_boxes() == (Box(15, 150, 150, 180),)
    await environment.close()


@pytest.mark.parametrize(("fault", "words"), [("crash", "RuntimeError: the browser is gone"), ("hang", "within 0.8 s")])
async def test_a_gym_that_fails_is_lost_in_time_leaves_nothing_and_can_be_reset(
    gym: RecordedGym, fault: Any, words: str
) -> None:
    environment = await opened(gym)
    environment.deadline_s = 0.8 if fault == "hang" else environment.deadline_s
    gym.fail(fault)
    with pytest.raises(EnvironmentLost, match=words):
        await environment.step(Hover(point=Point(5, 5)))
    assert str(gym.folder) not in running()
    gym.fail("")
    assert (await environment.reset(TASK)).error is None
    await environment.close()
    assert str(gym.folder) not in running()


def running() -> str:
    """The command lines of all processes."""
    return subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout


async def test_a_missing_environment_is_told_of(gym: RecordedGym, tmp_path: Path) -> None:
    for task, python, word in (
        ("browsergym/miniwob.none", gym.python, "miniwob.none"),
        ("browsergym/webarena.0", gym.python, "no browsergym-webarena"),
        ("CartPole-v1", gym.python, "not the name"),
        (CLICK_TEST, str(tmp_path / "python"), "setup browsergym"),
    ):
        with pytest.raises(UsageError, match=word):
            await BrowserGymEnvironment(task, python=python).reset(TASK)


def test_the_server_needs_nothing_but_the_standard_library() -> None:
    from clickwright.environments.browsergym.process import SERVER

    code = f"import runpy; runpy.run_path({str(SERVER)!r}, run_name='server')"
    done = subprocess.run(["python3", "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


REAL = os.environ.get("CLICKWRIGHT_BROWSERGYM", "")


@pytest.mark.skipif(not REAL, reason="CLICKWRIGHT_BROWSERGYM names no Python of a real BrowserGym")
async def test_a_real_browsergym_is_driven() -> None:
    settings = {"slow_mo": 0, "pre_observation_delay": 0.1}
    environment = BrowserGymEnvironment(CLICK_TEST, python=REAL, seed=3, settings=settings, elements=True)
    first = await environment.reset(TASK)
    assert (environment.episode.goal, first.screenshot.scale) == ("Click the button.", 1.5)
    button = next(one for one in first.elements or () if one.role == "button")
    assert (await environment.facts(Click(point=button.box.center))).name == "Click Me!"
    await environment.step(Click(point=button.box.center))
    assert environment.episode.is_success
    await environment.close()


PARSE = (
    "import json, sys; from browsergym.core.action.parsers import highlevel_action_parser as parser; "
    "print(json.dumps([parser.parse_string(lines, parse_all=True).as_list() for lines in json.load(sys.stdin)]))"
)
HOSTILE = [
    "it's \"quoted\" # \\ 'x'",
    "'''",
    '"""',
    "中文 é",
    "''",
    "\\'",
    "\\",
    "a" * 300,
    "')\ngoto('x",
    "#",
    "\\x41",
    "1e9",
]


@pytest.mark.skipif(not REAL, reason="CLICKWRIGHT_BROWSERGYM names no Python of a real BrowserGym")
def test_the_real_parser_reads_what_was_meant() -> None:
    actions = [action for action, _ in ACTIONS] + [TypeText(text=text) for text in HOSTILE]
    lines = [calls(action, url="https://a.b", tabs=2) for action in actions]
    lines = [line for line in lines if line]
    done = subprocess.run([REAL, "-c", PARSE], input=json.dumps(lines), capture_output=True, text=True, check=True)
    read = [[(name, *arguments) for name, arguments in calls_] for calls_ in json.loads(done.stdout)]
    assert read == [read_calls(line) for line in lines]
