"""Suites of recorded steps: the history is the truth, and an answer is judged as the benchmark's own script does."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from clickwright.benchmarks.row import Key, Row
from clickwright.benchmarks.subjects import ScriptedSubject, doing, unreadable
from clickwright.benchmarks.suite import Choice
from clickwright.benchmarks.suites import SUITES
from clickwright.errors import ModelUnavailable, UsageError
from clickwright.policies import Decision
from clickwright.screen import Point
from clickwright.tools import (
    Action,
    Back,
    CallTool,
    Click,
    Drag,
    Finish,
    LongPress,
    Press,
    Scroll,
    SelectOption,
    TypeText,
)


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


CLICK = Click(point=Point(35.5, 40))
"""In the box of the second step of Mind2Web."""


# The history


def test_the_history_is_what_was_done_and_not_what_was_answered(forms: Mapping[str, Any], tmp_path: Path) -> None:
    suite = forms["mind2web of the hub"].open(tmp_path)
    wrong = doing(Finish())
    for name in names_of(suite):
        suite.attempt(Key(task=name), wrong)
    assert [len(history) for history in wrong.histories] == [0, 1, 2]
    assert {task.goal for task in wrong.tasks} == {"find a hotel"}
    first, second = wrong.histories[2]
    assert first.decision is not None
    assert second.decision is not None
    assert first.decision.actions == (Click(point=Point(15.5, 40)),)
    assert first.decision.thought == "[button] -> CLICK"
    assert second.decision.actions == (Click(point=Point(25.5, 40)), TypeText(text="New York"))
    assert second.decision.frame == second.observation.screenshot.frame


def test_steps_are_in_the_order_of_their_episode_whatever_that_of_the_file(
    forms: Mapping[str, Any], tmp_path: Path
) -> None:
    """The samples of AITZ and OS-Atlas are written backwards."""
    for form, first in (("aitz", "google_apps:1/0"), ("gui-odyssey of OS-Atlas", "9187/0")):
        suite = forms[form].open(tmp_path / form)
        names = names_of(suite)
        assert names[0] == first
        last = doing(Finish())
        suite.attempt(Key(task=names[-1]), last)
        assert len(last.histories[0]) == len(names) - 1


# Mind2Web


@pytest.mark.parametrize(
    ("actions", "element", "f1", "step"),
    [
        ((CLICK, TypeText(text="new york")), 1, 1, 1),
        ((CLICK, TypeText(text="New York City")), 1, 6 / 7, 0),
        ((TypeText(text="New York"),), 0, 1, 0),
        ((Click(point=Point(90, 90)), TypeText(text="New York")), 0, 1, 0),
        ((CLICK,), 1, 0, 0),
        ((SelectOption(point=Point(35.5, 40), label="New York"),), 1, 2 / 3, 0),
        ((Finish(),), 0, 0, 0),
    ],
)
def test_a_step_on_a_page(
    forms: Mapping[str, Any], tmp_path: Path, actions: tuple[Action, ...], element: float, f1: float, step: float
) -> None:
    """By hand from agent_tasks/mind2web_test.py of SeeClick."""
    row = asked(forms["mind2web of the hub"], tmp_path, "task-1/act-1", doing(*actions))
    assert row.metrics == pytest.approx({"ele_acc": element, "op_f1": f1})
    assert row.score == step


def test_a_step_that_the_model_did_not_answer_stays_with_its_episode(forms: Mapping[str, Any], tmp_path: Path) -> None:
    def gone(*_: object) -> Decision:
        raise ModelUnavailable("its server is down")

    suite = forms["mind2web of UGround"].open(tmp_path)
    names = names_of(suite)
    right, broken = (suite.attempt(Key(task=names[0]), who) for who in (doing(CLICK), ScriptedSubject(act=gone)))
    assert (broken.error, broken.ended, broken.reason) == ("model", "error", "its server is down")
    assert (broken.groups, broken.expected, broken.cluster) == (right.groups, right.expected, right.cluster)


def test_steps_that_cannot_be_right_are_left_out_or_wrong(forms: Mapping[str, Any], tmp_path: Path) -> None:
    """The samples have one step without a box each, but for that of UGround."""
    for form in ("mind2web of the hub", "mind2web as JSON", "mind2web of SeeClick"):
        assert len(names_of(forms[form].open(tmp_path / form))) == 3
        suite = SUITES["mind2web"].open(Choice(data=tmp_path / form, settings={"without_box": "wrong"}))
        names = names_of(suite)
        assert len(names) == 4
        (lost,) = (name for name in names if name.endswith("none"))
        subject = doing(CLICK)
        row = suite.attempt(Key(task=lost), subject)
        assert (row.score, row.metrics, subject.tasks) == (0, {"ele_acc": 0, "op_f1": 0}, [])
        assert row.reason == "the data have no box of the right element"


def test_an_operation_and_a_box_that_are_none_are_named(forms: Mapping[str, Any], tmp_path: Path) -> None:
    forms["mind2web as JSON"].draw(tmp_path)
    path = tmp_path / "test_website.json"
    rows = json.loads(path.read_text())
    for field, value, said in (
        ("operation", json.dumps({"op": "DRAG", "value": ""}), "row 1: the operation 'DRAG' is none of"),
        ("operation", "{", "row 1: operation: "),
        ("pos_candidates", [json.dumps({"attributes": json.dumps({"bounding_box_rect": "1,2,3"})})], "is no box"),
        ("pos_candidates", [json.dumps({"attributes": json.dumps({"bounding_box_rect": "1,2,nan,4"})})], "not finite"),
        ("pos_candidates", ["[" * 100_000], "row 1"),
        ("confirmed_task", "", "row 1: confirmed_task"),
    ):
        path.write_text(json.dumps([{**rows[0], field: value}]))
        assert said in fault_of("mind2web", tmp_path)


# Phones


@pytest.mark.parametrize(
    ("step", "action", "score"),
    [
        ("general:1/0", Click(point=Point(45, 144)), 1),
        ("general:1/0", LongPress(point=Point(45, 144)), 1),
        ("general:1/0", Click(point=Point(45 + 0.13 * 90, 144)), 1),
        ("general:1/0", Click(point=Point(5, 20)), 0),
        ("general:1/0", Drag(path=(Point(45, 144), Point(45, 20))), 0),
        ("general:1/1", Scroll(point=Point(1, 1), dy=100), 1),
        ("general:1/1", Drag(path=(Point(45, 100), Point(45, 20))), 1),
        ("general:1/1", Scroll(point=Point(1, 1), dy=-100), 1),  # by axis alone
        ("general:1/3", Scroll(point=Point(1, 1), dy=100), 0),
        ("general:1/3", Scroll(point=Point(1, 1), dx=-100), 1),
        ("general:2/0", Press(keys=("GoBack",)), 1),
        ("general:2/0", Back(), 1),
        ("general:2/1", Back(), 0),
        ("general:2/3", Finish(), 1),
        ("general:2/4", Finish(), 0),
        ("general:2/4", Finish(status="failure"), 1),
    ],
)
def test_a_gesture(forms: Mapping[str, Any], tmp_path: Path, step: str, action: Action, score: int) -> None:
    assert asked(forms["aitw"], tmp_path, step, doing(action)).score == score


def test_text_is_a_metric_of_its_own_in_aitw(forms: Mapping[str, Any], tmp_path: Path) -> None:
    row = asked(forms["aitw"], tmp_path, "general:1/5", doing(TypeText(text="news")))
    assert (row.score, row.metrics) == (1, {"type": 1, "text": 0}), "google compares the kind alone"
    clicked = asked(forms["aitw"], tmp_path, "general:1/5", doing(Click(point=Point(1, 1)), TypeText(text="weather x")))
    assert clicked.metrics == {"type": 1, "text": 1}


@pytest.mark.parametrize(
    ("step", "action", "score", "metrics"),
    [
        ("7/0", Click(point=Point(68, 120)), 1, {"type": 1, "grounding": 1}),
        ("7/0", Click(point=Point(108, 240)), 0, {"type": 1, "grounding": 0}),
        ("7/0", LongPress(point=Point(54, 120)), 0, {"type": 0}),
        ("7/2", TypeText(text="sculpture"), 1, {"type": 1}),
        ("7/3", CallTool(name="open_app", arguments={"app_name": "pcloud"}), 1, {"type": 1}),
        ("7/3", CallTool(name="open_app", arguments={"app_name": "Gmail"}), 0, {"type": 1}),
        ("7/4", Scroll(point=Point(1, 1), dy=-5), 1, {"type": 1}),
        ("7/5", Press(keys=("GoHome",)), 0, {"type": 1}),
        ("7/8", Finish(status="failure"), 0, {"type": 1}),
    ],
)
def test_a_step_on_a_phone(
    forms: Mapping[str, Any], tmp_path: Path, step: str, action: Action, score: int, metrics: Mapping[str, float]
) -> None:
    row = asked(forms["android-control"], tmp_path, step, doing(action))
    assert (row.score, row.metrics) == (score, metrics)


@pytest.mark.parametrize(
    "raw",
    [
        "thoughts:\nx\nactions:\nOPEN_APP [Google Chrome]",
        "Action: open_app(app_name='Google Chrome')",
        '{"action_type": "open_app", "app_name": "google chrome"}',
        '<tool_call>{"arguments": {"action": "open", "text": "Google Chrome"}}',
    ],
)
def test_opening_an_app_counts_though_no_language_of_ours_reads_it(
    forms: Mapping[str, Any], tmp_path: Path, raw: str
) -> None:
    form = forms["android-control of OS-Atlas"]
    assert asked(form, tmp_path, "episode_140/8", unreadable(raw)).score == 1
    assert asked(form, tmp_path, "episode_140/0", unreadable(raw)).score == 0
    assert asked(form, tmp_path, "episode_140/8", unreadable("OPEN_APP [Gmail]")).score == 0


def test_the_low_level_tells_the_step(forms: Mapping[str, Any], tmp_path: Path) -> None:
    high, low = doing(Finish()), doing(Finish())
    asked(forms["android-control"], tmp_path, "7/2", high)
    asked(forms["android-control low"], tmp_path, "7/2", low)
    assert high.tasks[0].goal == "publish my art"
    assert low.tasks[0].goal == "publish my art\nWhat to do now: do step 2"


@pytest.mark.parametrize(
    ("form", "action", "score"),
    [
        ("gui-odyssey of OS-Atlas", Drag(path=(Point(50, 200), Point(50, 20))), 1),
        ("gui-odyssey of OS-Atlas", Scroll(point=Point(1, 1), dy=100), 1),  # a finger moves up to see what is below
        ("gui-odyssey of OS-Atlas", Scroll(point=Point(1, 1), dy=-100), 0),
        ("gui-odyssey in words", Scroll(point=Point(1, 1), dy=-100), 1),  # what SCROLL [UP] is read as
        ("gui-odyssey in words", Drag(path=(Point(50, 200), Point(50, 20))), 1),
    ],
)
def test_scrolling_is_told_by_the_finger_or_in_the_words_of_the_model(
    forms: Mapping[str, Any], tmp_path: Path, form: str, action: Action, score: int
) -> None:
    """Step 3 of the sample is SCROLL [UP]."""
    assert asked(forms[form], tmp_path, "9187/3", doing(action)).score == score


def test_odyssey_has_two_ways_to_judge(forms: Mapping[str, Any], tmp_path: Path) -> None:
    """Its own script takes any place in the thing and any part of the text; that of OS-Atlas neither."""
    own, other = forms["gui-odyssey"], forms["gui-odyssey by OS-Atlas"]
    for step, action in (("1/0", Click(point=Point(0.32 * 108, 0.321 * 240))), ("1/5", TypeText(text="how"))):
        assert [asked(form, tmp_path, step, doing(action)).score for form in (own, other)] == [1, 0]
    near = doing(Click(point=Point(0.75 * 108, 0.4 * 240)))
    assert [asked(form, tmp_path, "1/0", near).score for form in (own, other)] == [1, 1]
    assert set(names_of(own.open(tmp_path))) == {f"1/{n}" for n in range(8)}, "the test of the split alone"


def test_a_line_and_a_picture_that_are_none_are_named(forms: Mapping[str, Any], tmp_path: Path) -> None:
    forms["android-control of OS-Atlas"].draw(tmp_path)
    path = tmp_path / "ac_test.jsonl"
    row = json.loads(path.read_text().splitlines()[0])
    question, answer = row["conversations"]
    for changed, said in (
        ({"conversations": [question, {**answer, "value": "actions:\nJUMP [high]"}]}, "row 1: the line 'JUMP [high]'"),
        ({"conversations": [{**question, "value": "Task:\nHistory: \n"}, answer]}, "row 1: the question has no Task"),
        ({"image": "a/b/c.png"}, "row 1: the name of the picture 'c' has no number"),
        ({"image": "a/b/../..png"}, "row 1"),
    ):
        path.write_text(json.dumps({**row, **changed}) + "\n")
        assert said in fault_of("android-control", tmp_path)


def test_steps_that_lack_something_are_named(forms: Mapping[str, Any], tmp_path: Path) -> None:
    forms["android-control"].draw(tmp_path)
    path = tmp_path / "android_control_evaluation_std.jsonl"
    row = json.loads(path.read_text())
    for step, said in (
        ({"action_content": {"action": "click"}}, "row 1 step 0: a click has no coordinate"),
        ({"action_content": {"action": "fly"}}, "row 1: steps.0.action_content.action"),
        ({"action_content": {"action": "system_button"}}, "row 1 step 0: a system_button has no button"),
    ):
        path.write_text(json.dumps({**row, "steps": [{"screenshot": "7_0.png", **step}]}))
        assert said in fault_of("android-control", tmp_path)
    path.write_text(json.dumps({**row, "steps": [{"screenshot": "7_0.png", "action_content": {"action": "wait"}}]}))
    assert "step 0 has no step_instruction" in fault_of("android-control", tmp_path, level="low")
