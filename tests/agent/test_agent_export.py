"""Runs as films and as tests: the pictures are there, the test does the same again, hostile words stay words."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from clickwright.agent import Agent, ScriptedPlanner
from clickwright.agent.export import export_run
from clickwright.agent.export.script import as_test
from clickwright.agent.record.trace import Decided, Did, RunInfo, Sight, Step, Trajectory
from clickwright.environments import BrowserEnvironment, find_browser
from clickwright.errors import BadModelOutput, UsageError
from clickwright.model import Generation
from clickwright.policies import Decision, ScriptedPolicy
from clickwright.screen import Point
from clickwright.tools import (
    Action,
    Click,
    CloseTab,
    Drag,
    Finish,
    Limits,
    Press,
    Scroll,
    SelectOption,
    Task,
    TypeText,
    Upload,
)
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ..policies.any_action import actions, points

Make = Callable[..., Agent]
PAGE = """<!doctype html><title>Form</title><style>body {margin: 0} * {position: absolute; margin: 0}</style>
<input id=w aria-label='Your "word"' style='left:20px; top:20px; width:200px; height:30px'>
<select id=s aria-label=Fruit style='left:20px; top:80px; width:200px; height:30px'><option>pear<option>fig</select>
<button id=b style='left:20px; top:140px; width:200px; height:30px'>Send</button>
<script>b.onclick = () => { location.hash = w.value + s.value }</script>"""
DRIVER = """
import pytest
from playwright.sync_api import sync_playwright

@pytest.fixture
def page():
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path={browser!r})
        yield browser.new_page()
        browser.close()
"""


def trajectory(did: list[Did], goal: str = "Do it.") -> Trajectory:
    saw = Sight(frame="0" * 64, screen="0" * 64, width=2576, height=1456, scale=2.0, url="https://shop.test/")
    step = Step(number=1, position=0, goal=goal, saw=saw, decided=Decided(), did=tuple(did), next_position=1)
    info = RunInfo(task=Task(goal=goal), plan=(goal,), policy="x", started_at=datetime.now(UTC))
    return Trajectory(info=info, steps=(step,))


def done(action: Action, role: str = "", name: str = "") -> Did:
    return Did(action=action, verdict="allowed", effect="changed", role=role, name=name)


@pytest.mark.slow
def test_a_run_becomes_a_test_that_does_the_same(tmp_path: Path) -> None:
    (tmp_path / "form.html").write_text(PAGE)
    url = (tmp_path / "form.html").as_uri()
    script = [
        [Click(point=Point(100, 35)), TypeText(text="it's \\ "), Finish()],
        [SelectOption(point=Point(100, 95), label="fig"), Click(point=Point(100, 155)), Finish()],
    ]
    task = Task(goal='Write "words".', steps=("One.", "Two."), start_url=url)
    agent = Agent(task, policy=ScriptedPolicy(script), environment=BrowserEnvironment(), run_dir=tmp_path / "run")
    assert agent.run().status == "success"
    test = export_run(tmp_path / "run", tmp_path / "test_form.py")
    assert """page.get_by_role('textbox', name='Your "word"', exact=True)""" in test.read_text()
    (tmp_path / "conftest.py").write_text(DRIVER.format(browser=str(find_browser())))
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", str(test)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "1 passed" in ran.stdout, ran.stdout


@pytest.mark.parametrize("ending", ["gif", "webp", "mp4"])
def test_a_run_becomes_a_film(make: Make, tmp_path: Path, ending: str) -> None:
    agent = make([[Click(point=Point(60, 35)), Finish()]])
    agent.run()
    path = export_run(agent.run_dir, tmp_path / f"run.{ending}")
    if ending != "mp4":
        with Image.open(path) as film:
            assert (film.n_frames, film.size) == (2, (320, 180))
    else:
        import av

        with av.open(str(path)) as film:
            frames = [frame.to_image() for frame in film.decode(video=0)]
            assert (len(frames), frames[0].size) == (44, (320, 180))


def test_what_cannot_be_written_is_told(make: Make, tmp_path: Path) -> None:
    agent = make([Finish()])
    with pytest.raises(UsageError, match="holds no run"):
        export_run(agent.run_dir, tmp_path / "run.gif")
    agent.run()
    with pytest.raises(UsageError, match=r"as gif, webp, mp4, jsonl, chat, playwright, not as 'run\.pdf'"):
        export_run(agent.run_dir, tmp_path / "run.pdf")
    with pytest.raises(UsageError, match="cannot be written"):
        export_run(agent.run_dir, tmp_path / "none" / "test_run.py")
    for frame in agent.folder.path.glob("frames/*"):
        frame.unlink()
    with pytest.raises(UsageError, match="pictures of the run"):
        export_run(agent.run_dir, tmp_path / "run.gif")


def test_places_are_in_css_pixels_and_what_was_not_done_is_left_out() -> None:
    text = as_test(
        trajectory(
            [
                done(Click(point=Point(200, 100), count=2, modifiers=("Control",))),
                done(Scroll(point=Point(200, 100), dy=600)),
                done(Drag(path=(Point(0, 0), Point(20, 40)))),
                done(TypeText(secret="shop-password")),
                done(Press(keys=("Control", "a"))),
                Did(action=Press(keys=("Enter",)), verdict="denied"),
                Did(action=Press(keys=("Tab",)), verdict="allowed", effect="failed"),
            ]
        )
    )
    assert "page.mouse.click(100, 50, click_count=2)" in text
    assert "page.mouse.wheel(0, 300)" in text
    assert "page.mouse.move(10, 20, steps=8)" in text
    assert "page.keyboard.type(os.environ['SHOP_PASSWORD'])" in text
    assert "page.keyboard.press('Control+a')" in text
    assert "Enter" not in text
    assert "Tab" not in text


def test_keys_and_values_go_where_the_run_put_them() -> None:
    more = [
        done(TypeText(text="a\tb")),
        done(TypeText(text="2026-05-17"), role="Date"),
        done(Press(keys=("Shift", "1"))),
        done(Press(keys=("GoBack",))),
        done(CloseTab(index=0)),
    ]
    text = as_test(trajectory(more))
    assert "page.keyboard.press('Tab')" in text
    assert "page.locator(':focus').fill('2026-05-17')" in text
    assert "page.keyboard.press('Shift+Digit1')" in text
    assert "page.go_back()" in text
    assert "page.context.pages[0].close()\n    page = page.context.pages[-1] if page.is_closed() else page" in text


@pytest.mark.parametrize(
    ("events", "kinds"),
    [
        ((), ()),
        (("a dialog (confirm) said 'Pay?' and was accepted",), ("confirm",)),
        (('a dialog (prompt) said "it\'s" and was accepted', "downloaded a.csv"), ("prompt",)),
        (("a dialog (alert) said 'Done' and was accepted",), ()),
        (("a dialog (confirm) said 'It said \\' and was accepted' and was dismissed: no and was accepted",), ()),
        (("a dialog (confirm) said 'a' and was accepted", "a dialog (confirm) said 'b' and was dismissed"), ()),
    ],
)
def test_what_a_page_asked_is_agreed_to_where_the_run_did(events: tuple[str, ...], kinds: tuple[str, ...]) -> None:
    run = trajectory([done(Press(keys=("Enter",)))])
    step = run.steps[0].model_copy(update={"left": run.steps[0].saw.model_copy(update={"events": events})})
    text = as_test(run.model_copy(update={"steps": (step,)}))
    assert text.count("    agreed = ('alert', 'beforeunload')\n") == (2 if kinds else 1)
    assert (f"    agreed = {('alert', 'beforeunload', *kinds)!r}\n    page.keyboard.press" in text) is bool(kinds)


@given(
    st.lists(st.builds(done, actions(points()), st.text(max_size=20), st.text(max_size=40)), max_size=4),
    st.text(min_size=1),
)
def test_whatever_was_written_it_is_one_function_of_calls_with_literals(did: list[Did], goal: str) -> None:
    tree = ast.parse(as_test(trajectory(did, goal)))
    kinds = [type(node) for node in tree.body]
    assert kinds in (
        [ast.Expr, ast.ImportFrom, ast.FunctionDef],
        [ast.Expr, ast.Import, ast.ImportFrom, ast.FunctionDef],
    )
    called = {
        ast.unparse(node.func).split("(")[0].split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Call)
    }
    assert called <= {"page", "expect", "dialog"}


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def mixed_run(make: Make) -> Path:
    """A step that cannot be read, one that does two things, and one that is denied."""
    words = Decision(actions=(Click(point=Point(110, 75)), TypeText(text="ö")), frame="", thought="First this.")
    upload = Upload(point=Point(60, 35), paths=("/etc/passwd",))
    return make([BadModelOutput("odd", raw="Hm."), words, [Click(point=Point(60, 35))], [upload]]).run().run_dir


def test_a_run_becomes_one_line_a_step_with_its_pictures_by_path(make: Make, tmp_path: Path) -> None:
    run_dir = mixed_run(make)
    path = export_run(run_dir, to="jsonl")
    assert path == run_dir / "run.jsonl"
    told = lines(path)
    assert [line["step"] for line in told] == [1, 2, 3, 4]
    assert [line["look"] for line in told] == ["bad", "good", "good", "denied"]
    assert (told[0]["raw"], told[0]["did"]) == ("Hm.", [])
    assert [did["words"] for did in told[1]["did"]] == ["click (110, 75)", "type “ö”"]
    assert told[3]["outcome"]["stop"] == "denied"
    assert all((run_dir / line["picture"]).exists() for line in told)
    elsewhere = export_run(run_dir, tmp_path / "lines.jsonl")
    assert lines(elsewhere)[0]["picture"] == f"run/{told[0]['picture']}"


@pytest.mark.parametrize(
    ("profile", "place"),
    [("instruct", "344, 417"), ("qwen2.5-vl", "106, 70"), ("ui-tars", "344,417"), (None, "344, 417")],
)
def test_a_run_becomes_chats_in_the_words_and_coordinates_of_a_family(
    make: Make, profile: str | None, place: str
) -> None:
    run_dir = mixed_run(make)
    chats = lines(export_run(run_dir, to="chat", profile=profile))
    assert [chat["step"] for chat in chats] == [2, 3]
    for chat in chats:
        roles = [message["role"] for message in chat["messages"]]
        assert roles[-2:] == ["user", "assistant"]
        parts = [part for message in chat["messages"] for part in message["content"]]
        pictures = [part["image"] for part in parts if part["type"] == "image"]
        assert pictures
        assert all((run_dir / picture).exists() for picture in pictures)
    answer = chats[0]["messages"][-1]["content"][0]["text"]
    assert place in answer


def test_the_models_own_words_are_kept_where_they_say_what_was_done(make: Make) -> None:
    call = '{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": [500, 500]}}'
    own = f"<tool_call>{call}</tool_call>"
    decision = Decision(actions=(Click(point=Point(160, 90)),), frame="", generation=Generation(text=own))
    run_dir = make([decision, Finish()]).run().run_dir
    chats = lines(export_run(run_dir, to="chat"))
    assert chats[0]["messages"][-1]["content"] == [{"type": "text", "text": own}]


def test_a_plan_that_was_made_anew_begins_a_conversation_anew(make: Make) -> None:
    planner, nothing = ScriptedPlanner([("look here", "buy it"), ("look there",)]), Click(point=Point(270, 160))
    task = Task(goal="get it", limits=Limits(repeats=2, replans=1))
    run_dir = make([nothing, nothing, [Click(point=Point(60, 35)), Finish()]], task, planner=planner).run().run_dir
    last = lines(export_run(run_dir, to="chat"))[-1]
    assert (last["step"], [message["role"] for message in last["messages"]].count("assistant")) == (3, 1)


@pytest.mark.parametrize(
    ("to", "profile", "words"),
    [
        ("chat", "uground", "only points"),
        ("chat", "planner", "names elements"),
        ("chat", "nobody", "no profile 'nobody'"),
        ("jsonl", "instruct", "how a chat is written"),
        ("pdf", None, "not as 'pdf'"),
        ("", None, "say which by --to"),
    ],
)
def test_what_no_form_can_be_made_of_is_told(make: Make, to: str, profile: str | None, words: str) -> None:
    run_dir = make([Finish()]).run().run_dir
    with pytest.raises(UsageError, match=words):
        export_run(run_dir, to=to, profile=profile)


def test_a_film_goes_where_its_ending_says(make: Make, tmp_path: Path) -> None:
    run_dir = make([[Click(point=Point(60, 35)), Finish()]]).run().run_dir
    assert export_run(run_dir, to="gif") == run_dir / "run.gif"
    with pytest.raises(UsageError, match=r"ends in \.gif, not to 'run\.webp'"):
        export_run(run_dir, tmp_path / "run.webp", to="gif")
