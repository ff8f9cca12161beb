"""A run becomes a test that reads like the screen and replays without a model."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from clickwright.agent import Agent
from clickwright.environments import BrowserEnvironment, MemoryEnvironment
from clickwright.errors import UsageError
from clickwright.policies import Decision, ScriptedPolicy
from clickwright.screen import Point
from clickwright.testing.codegen import write_test
from clickwright.testing.recording import read_recording
from clickwright.tools import Click, Finish, Press, Reload, Scroll, SelectOption, SwitchTab, Task, TypeText

MUG, CAP = Point(450, 25), Point(450, 62)


def script_of() -> list[object]:
    """Two things of one name, a form with a secret, and a thing further down."""
    return [
        Decision(actions=(Click(point=MUG),), frame="", target="the 'Add to cart' button of the mug"),
        Decision(actions=(Click(point=CAP),), frame="", target="the 'Add to cart' button of the cap"),
    ]


def ordered(shop: Path, run_dir: Path, script: list[object]) -> Path:
    task = Task(goal='Order a "mug".', start_url=shop.as_uri())
    agent = Agent(
        task,
        policy=ScriptedPolicy(script),  # pyright: ignore[reportArgumentType]
        environment=BrowserEnvironment(),
        run_dir=run_dir,
        secrets={"shop password": "hunter2"},
    )
    assert agent.run().status == "success"
    return run_dir


@pytest.mark.slow
def test_a_run_becomes_a_test_that_replays(
    shop: Path, tmp_path: Path, replayed: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    script = [
        *script_of(),
        [Click(point=Point(180, 155)), Press(keys=("Control", "a")), TypeText(text="Ada")],
        [Click(point=Point(180, 195)), TypeText(secret="shop password")],
        [SelectOption(point=Point(180, 235), label="large"), Press(keys=("Enter",))],
        [Scroll(point=Point(600, 400), dy=2000)],
        [Click(point=Point(50, 642)), Finish()],
    ]
    path = write_test(ordered(shop, tmp_path / "run", script), tmp_path / "test_order.py")
    source = path.read_text("utf-8")
    print(source)
    ast.parse(source)
    assert "def test_order_a_mug(ui: Ui, page: Page) -> None:" in source
    assert """ui.tap("the 'Add to cart' button of the mug")""" in source
    assert """ui.tap("the 'Add to cart' button of the cap")""" in source
    assert 'ui.fill("Name", "Ada")' in source
    assert 'ui.fill("Password", os.environ["SHOP_PASSWORD"])' in source
    assert 'ui.choose("Size", "large")' in source
    assert 'ui.scroll_to("Imprint")\n    ui.tap("Imprint")' in source
    assert "hunter2" not in source
    recording = tmp_path / "test_order.ui" / "test_order_a_mug.yaml"
    assert [step.does for step in read_recording(recording).steps] == [
        *("tap", "tap", "fill", "fill", "choose", "scroll_to", "tap"),
    ]
    monkeypatch.setenv("SHOP_PASSWORD", "hunter2")
    printed = replayed(path)
    assert "1 passed" in printed, printed


def test_what_is_done_in_another_tab_is_no_line_about_the_first(tmp_path: Path) -> None:
    second = "<!doctype html><title>Second</title><body style=height:3000px><input autofocus>"
    (tmp_path / "second.html").write_text(second)
    first = "<!doctype html><title>First</title><a href=second.html target=_blank style='font-size: 40px'>Open</a>"
    (tmp_path / "first.html").write_text(first)
    script = [
        [Click(point=Point(40, 30))],
        [Reload()],
        [SwitchTab(index=0), Reload()],
        [SwitchTab(index=1), TypeText(text="ab")],
        [Scroll(point=Point(300, 300), dy=200), Finish()],
    ]
    source = write_test(ordered(tmp_path / "first.html", tmp_path / "run", script)).read_text("utf-8")
    ast.parse(source)
    there = "# this was done in another tab: "
    assert [line.strip() for line in source.partition("page.goto")[2].splitlines()[1:]] == [
        'ui.tap("Open")',
        there + "page.reload()",
        'ui.switch_tab("First")',
        "page.reload()",
        'ui.switch_tab("Second")',
        there + "page.keyboard.type('ab')",
        there + "page.mouse.move(300, 300)",
        there + "page.mouse.wheel(0, 200)",
        there + f"expect(page).to_have_url('{(tmp_path / 'second.html').as_uri()}')",
    ]


def test_what_is_no_run_in_a_browser_is_told(tmp_path: Path) -> None:
    agent = Agent("x", policy=ScriptedPolicy([Finish()]), environment=MemoryEnvironment(()), run_dir=tmp_path / "run")
    with pytest.raises(UsageError, match="holds no run"):
        write_test(agent.run_dir)
    with pytest.raises(UsageError, match=r"ends in \.py, not to 'test\.txt'"):
        write_test(agent.run_dir, tmp_path / "test.txt")
    assert agent.run().status == "success"
    steps = agent.run_dir / "steps.jsonl"
    steps.write_text(re.sub(r'"url": *"[^"]*"', '"url":""', steps.read_text()))
    with pytest.raises(UsageError, match="was not done in a browser: no test with a page does the same"):
        write_test(agent.run_dir)
    steps.write_text("")
    with pytest.raises(UsageError, match="has no step yet"):
        write_test(agent.run_dir)
    mine = tmp_path / "test_mine.py"
    mine.write_text("written by hand")
    with pytest.raises(UsageError, match=r"test_mine\.py is there already"):
        write_test(agent.run_dir, mine)
    assert mine.read_text() == "written by hand"
