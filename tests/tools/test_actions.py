"""An illegal action cannot be built, from Python or from JSON."""

import json

import pytest
from clickwright.screen import Point
from clickwright.tools import (
    ACTION,
    BUILT_IN_NAMES,
    Ask,
    Back,
    CallTool,
    Click,
    CloseTab,
    Drag,
    Finish,
    Limits,
    Navigate,
    Pinch,
    Press,
    Scroll,
    SwitchTab,
    Task,
    TypeText,
    Upload,
    Wait,
    points_of,
)
from clickwright.tools.actions import MAX_TEXT_CHARS
from pydantic import ValidationError

AT = {"x": 3, "y": 4}

ILLEGAL = [
    ({"kind": "click"}, "point"),
    ({"kind": "click", "point": AT, "count": 0}, "count"),
    ({"kind": "click", "point": AT, "count": 4}, "count"),
    ({"kind": "click", "point": AT, "count": 1.5}, "count"),
    ({"kind": "click", "point": AT, "button": "side"}, "button"),
    ({"kind": "click", "point": AT, "modifiers": ["Enter"]}, "modifiers"),
    ({"kind": "click", "point": AT, "modifiers": ["ctrl"]}, "modifiers"),
    ({"kind": "click", "point": AT, "speed": 1}, "speed"),
    ({"kind": "click", "point": {"x": 1}}, "point"),
    ({"kind": "click", "point": {"x": 1, "y": 2, "z": 3}}, "point"),
    ({"kind": "long_press", "point": AT, "duration_s": 0}, "duration_s"),
    ({"kind": "long_press", "point": AT, "duration_s": 11}, "duration_s"),
    ({"kind": "drag", "path": [AT]}, "path"),
    ({"kind": "drag", "path": [AT] * 1001}, "path"),
    ({"kind": "scroll", "point": AT, "dy": 100_001}, "dy"),
    ({"kind": "pinch", "point": AT, "factor": 0}, "factor"),
    ({"kind": "pinch", "point": AT}, "factor"),
    ({"kind": "type"}, "text or the name of a secret"),
    ({"kind": "type", "text": "a", "secret": "b"}, "text or the name of a secret"),
    ({"kind": "type", "secret": ""}, "secret"),
    ({"kind": "type", "text": "x" * (MAX_TEXT_CHARS + 1)}, "text"),
    ({"kind": "press", "keys": []}, "keys"),
    ({"kind": "press", "keys": ["Hyper9"]}, "unknown key"),
    ({"kind": "press", "keys": [7]}, "keys"),
    ({"kind": "press", "keys": ["a"] * 9}, "keys"),
    ({"kind": "navigate", "url": ""}, "url"),
    ({"kind": "navigate", "url": "x" * 8193}, "url"),
    ({"kind": "switch_tab", "index": -1}, "index"),
    ({"kind": "switch_tab"}, "index"),
    ({"kind": "close_tab", "index": 1001}, "index"),
    ({"kind": "select", "point": AT}, "label"),
    ({"kind": "upload", "point": AT, "paths": []}, "paths"),
    ({"kind": "wait", "seconds": 0}, "seconds"),
    ({"kind": "wait", "seconds": 61}, "seconds"),
    ({"kind": "call_tool", "name": "no spaces"}, "name"),
    ({"kind": "call_tool", "name": ""}, "name"),
    ({"kind": "call_tool", "name": "navigate"}, "built in"),
    ({"kind": "ask", "question": ""}, "question"),
    ({"kind": "finish", "status": "maybe"}, "status"),
    ({"kind": "fly"}, "fly"),
    ({}, "kind"),
]


@pytest.mark.parametrize(("fields", "words"), ILLEGAL)
def test_an_illegal_action_is_refused_and_the_reason_named(fields: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        ACTION.validate_json(json.dumps(fields))
    assert words in str(caught.value)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
@pytest.mark.parametrize(
    "form",
    [
        '{"kind":"click","point":{"x":%s,"y":1}}',
        '{"kind":"wait","seconds":%s}',
        '{"kind":"scroll","point":{"x":1,"y":1},"dx":%s}',
    ],
)
def test_numbers_are_finite(form: str, number: str) -> None:
    with pytest.raises(ValidationError):
        ACTION.validate_json(form % number)


def test_arguments_of_a_tool_are_what_json_can_hold() -> None:
    with pytest.raises(ValidationError):
        CallTool(name="f", arguments={"x": float("nan")})
    with pytest.raises(ValidationError):
        CallTool(name="f", arguments={"x": object()})  # type: ignore[dict-item]
    assert CallTool(name="f", arguments={"x": [1, {"y": None}]}).arguments == {"x": [1, {"y": None}]}


@pytest.mark.parametrize("name", sorted(BUILT_IN_NAMES))
def test_no_tool_call_has_a_name_that_is_built_in(name: str) -> None:
    with pytest.raises(ValidationError, match="built in"):
        CallTool(name=name)


def test_an_action_cannot_be_changed() -> None:
    click = Click(point=Point(1, 2))
    with pytest.raises(ValidationError, match="frozen"):
        click.count = 2  # type: ignore[misc]
    assert hash(click) == hash(Click(point=Point(1, 2)))


def test_key_aliases_become_canonical() -> None:
    assert Press(keys=("ctrl", "Return")).keys == ("Control", "Enter")


def test_points_are_listed_in_order() -> None:
    a, b = Point(1, 2), Point(3, 4)
    assert points_of(Click(point=a)) == (a,)
    assert points_of(Drag(path=(a, b, a))) == (a, b, a)
    assert points_of(Pinch(point=b, factor=2)) == (b,)
    assert points_of(Scroll(point=b, dy=5)) == (b,)
    assert points_of(Upload(point=b, paths=("f",))) == (b,)
    for action in (
        Ask(question="?"),
        Back(),
        CloseTab(),
        Finish(),
        Navigate(url="x"),
        SwitchTab(index=0),
        TypeText(text=""),
        Wait(),
        Press(keys=("a",)),
        CallTool(name="f"),
    ):
        assert points_of(action) == ()


def test_a_task_gives_its_steps_one_by_one() -> None:
    task = Task(goal="Buy it", steps=("Click buy.", "Click pay."), start_url="http://x/", limits=Limits(steps=4))
    step = task.step(1)
    assert (step.goal, step.steps, step.start_url, step.limits.steps) == ("Click pay.", (), "http://x/", 4)
    with pytest.raises(ValidationError, match="goal"):
        Task(goal="")
    with pytest.raises(ValidationError, match="steps"):
        Limits(steps=0)
