"""Scripts of OmniACT and steps of AgentNetBench: an answer is judged as their own scripts do."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from clickwright.benchmarks.row import Key, Row
from clickwright.benchmarks.subjects import ScriptedSubject, doing
from clickwright.benchmarks.suite import Choice
from clickwright.benchmarks.suites import SUITES
from clickwright.benchmarks.suites.offline.omniact import read_script
from clickwright.errors import UsageError
from clickwright.screen import Observation, Point
from clickwright.tools import (
    Action,
    Click,
    Drag,
    Finish,
    Hover,
    Press,
    Scroll,
    Task,
    TypeText,
)
from hypothesis import given
from hypothesis import strategies as st


def asked(form: Any, folder: Path, name: str, subject: ScriptedSubject) -> Row:
    return form.open(folder).attempt(Key(task=name), subject)


def names_of(suite: Any) -> list[str]:
    keys = suite.keys()
    return [key.task for key in keys]


def fault_of(suite: str, folder: Path, **settings: str) -> str:
    with pytest.raises(UsageError) as caught:
        SUITES[suite].open(Choice(data=folder, settings=settings)).keys()
    assert "\n" not in str(caught.value)
    return str(caught.value)


# Desktops


def test_a_whole_script_is_one_answer(forms: Mapping[str, Any], tmp_path: Path) -> None:
    """By hand: of nine calls one click is as far from its box as the box is wide across, which costs half a ninth."""
    form = forms["omniact"]
    suite = form.open(tmp_path)
    right = suite.sample("0").knower().act(Task(goal="x"), observed(), ())
    diagonal = (30**2 + 20**2) ** 0.5
    far = (Click(point=Point(25, 40 + diagonal)), *right.actions[1:])
    row = asked(form, tmp_path, "0", doing(*far))
    assert row.metrics["sequence_score"] == 1
    assert row.score == pytest.approx(1 - 1 / 18)
    short = asked(form, tmp_path, "0", doing(*right.actions[:-1]))
    assert (short.score, short.metrics["sequence_score"], short.success) == (0, 0, None)
    other = asked(form, tmp_path, "1", doing(Press(keys=("Escape",))))
    assert [each.metrics["weight"] for each in (row, other)] == pytest.approx([8.1, 0.1])


def observed() -> Observation:
    from clickwright.screen import Screenshot
    from numpy import uint8, zeros

    return Observation(screenshot=Screenshot(pixels=zeros((100, 200, 3), uint8)))


def test_text_that_ends_a_line_is_typing_and_the_enter_key(forms: Mapping[str, Any], tmp_path: Path) -> None:
    goal, script = read_script('Task: t\nOutput Script:\npyautogui.write("Ab")\npyautogui.press("enter")\n', "x")
    assert goal == "t"
    assert [(call.name, call.text, call.keys) for call in script] == [("write", "ab", ()), ("press", "", ("Enter",))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Task: x\nOutput Script:\n", "has no calls of pyautogui"),
        ("pyautogui.click(1,2)", "has no line that begins with Task:"),
        ("Task: x\npyautogui.click(a,b)", "has no place"),
        ("Task: x\npyautogui.alert('hi')", "is none of the calls that OmniACT has"),
        ("Task: x\npyautogui.click(1,2", "is no call of pyautogui"),
        ("Task: x\npyautogui.__class__.mro()", "is no call of pyautogui"),
        ("Task: x\npyautogui.press()", "is none of the calls"),
    ],
)
def test_a_script_that_is_none_is_named_and_never_run(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=r"place") as caught:
        read_script(text, "place")
    assert said in str(caught.value)


@given(st.text(alphabet="pyautogui.click(\"',)19\n #;Task: ", max_size=80))
def test_any_text_is_a_script_or_one_sentence(text: str) -> None:
    with suppress(UsageError):
        goal, script = read_script(text, "place")
        assert goal
        assert script


@pytest.mark.parametrize(
    ("step", "actions", "score"),
    [
        (0, (Click(point=Point(0.62 * 160, 59)),), 1),
        (0, (Press(keys=("F5",)),), 1),  # the other way that is right
        (0, (Click(point=Point(0.1 * 160, 50)),), 0),
        (1, (Drag(path=(Point(0.2 * 160, 50), Point(0.9 * 160, 50))),), 1),
        (1, (Hover(point=Point(0.2 * 160, 50)),), 0.5),
        (2, (Scroll(point=Point(0.2 * 160, 50), dy=-1),), 1),
        (3, (TypeText(text="STAT6011\n"),), 1),
        (4, (Press(keys=("Control", "v")),), 1),
        (4, (Press(keys=("Control", "c")),), 0),
        (8, (Scroll(point=Point(1, 1), dy=5),), 1),
        (9, (Finish(status="failure"),), 0),
    ],
)
def test_a_step_on_a_desktop(
    forms: Mapping[str, Any], tmp_path: Path, step: int, actions: tuple[Action, ...], score: float
) -> None:
    row = asked(forms["agentnetbench"], tmp_path, f"t/{step}", doing(*actions))
    assert row.score == pytest.approx(score, abs=1e-6)
    assert row.success is None


def test_a_desktop_step_without_a_place_is_named(forms: Mapping[str, Any], tmp_path: Path) -> None:
    forms["agentnetbench"].draw(tmp_path)
    path = tmp_path / "t.json"
    task = json.loads(path.read_text())
    for act, said in (
        ({"type": "click", "params": {}}, "row 1 step 0: click has no position"),
        ({"type": "hotkey", "params": {}}, "row 1 step 0: hotkey has no keys"),
        ({"type": "levitate"}, "row 1: steps.0.ground_truth_actions.0.type"),
        ({"type": "click", "params": {"position": {"x": float("nan"), "y": 0}}}, "input should be a finite number"),
    ):
        path.write_text(json.dumps({**task, "steps": [{"image": "t_0.png", "ground_truth_actions": [act]}]}))
        assert said in fault_of("agentnetbench", tmp_path)
