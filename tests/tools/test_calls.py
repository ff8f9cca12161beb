"""Calls that models write become actions, and those that mean nothing are refused with what was expected."""

import pytest
from clickwright.errors import BadModelOutput
from clickwright.screen import Point
from clickwright.tools import (
    Action,
    Ask,
    Back,
    CallTool,
    Click,
    CloseTab,
    Drag,
    Finish,
    Hover,
    LongPress,
    Navigate,
    NewTab,
    Pinch,
    Press,
    Scroll,
    SelectOption,
    SwitchTab,
    TypeText,
    Upload,
    Wait,
    call_to_actions,
    computer_use,
    function_schemas,
)
from clickwright.tools.schema import COMPUTER_ACTIONS, COMPUTER_USE, FURTHER_FUNCTIONS

P = Point(3, 4)
AT = [3, 4]


def read(
    name: str, /, pointer: Point | None = None, middle: Point | None = None, **arguments: object
) -> tuple[Action, ...]:
    return call_to_actions(name, arguments, Point, pointer=pointer, middle=middle)  # type: ignore[arg-type]


def computer(action: str, /, pointer: Point | None = None, **arguments: object) -> tuple[Action, ...]:
    return call_to_actions(COMPUTER_USE, {"action": action, **arguments}, Point, pointer=pointer)  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("action", "arguments", "made"),
    [
        ("left_click", {"coordinate": AT}, [Click(point=P)]),
        ("left_click", {"coordinate": [AT]}, [Click(point=P)]),
        ("left_click", {"coordinate": [1, 2, 5, 6]}, [Click(point=P)]),
        ("left_click", {"coordinate": AT, "keys": ["ctrl", "shift"]}, [Click(point=P, modifiers=("Control", "Shift"))]),
        ("left_click", {"coordinate": AT, "keys": "ctrl+shift"}, [Click(point=P, modifiers=("Control", "Shift"))]),
        ("left_click", {"coordinate": AT, "text": None}, [Click(point=P)]),
        ("right_click", {"coordinate": AT}, [Click(point=P, button="right")]),
        ("right_click", {"coordinate": AT, "count": 2}, [Click(point=P, button="right", count=2)]),
        ("middle_click", {"coordinate": AT}, [Click(point=P, button="middle")]),
        ("double_click", {"coordinate": AT}, [Click(point=P, count=2)]),
        ("triple_click", {"coordinate": AT}, [Click(point=P, count=3)]),
        ("mouse_move", {"coordinate": AT}, [Hover(point=P)]),
        ("long_press", {"coordinate": AT, "time": 2}, [LongPress(point=P, duration_s=2)]),
        ("left_click_drag", {"start_coordinate": [0, 0], "coordinate": AT}, [Drag(path=(Point(0, 0), P))]),
        (
            "left_click_drag",
            {"start_coordinate": [0, 0], "via": [[1, 1]], "coordinate": AT},
            [Drag(path=(Point(0, 0), Point(1, 1), P))],
        ),
        ("scroll", {"coordinate": AT, "pixels": -300}, [Scroll(point=P, dy=300)]),
        ("hscroll", {"coordinate": AT, "pixels": 50}, [Scroll(point=P, dx=50)]),
        ("type", {"text": "hi"}, [TypeText(text="hi")]),
        ("type", {"text": 42}, [TypeText(text="42")]),
        ("type", {"text": "hi", "coordinate": AT}, [Click(point=P), TypeText(text="hi")]),
        ("type", {"secret": "password"}, [TypeText(secret="password")]),
        ("key", {"keys": ["ctrl", "s"]}, [Press(keys=("Control", "s"))]),
        ("key", {"keys": "ctrl + shift + k"}, [Press(keys=("Control", "Shift", "k"))]),
        ("key", {"keys": ["Return"]}, [Press(keys=("Enter",))]),
        ("wait", {}, [Wait(seconds=1)]),
        ("wait", {"time": 2.5}, [Wait(seconds=2.5)]),
        ("terminate", {}, [Finish()]),
        ("terminate", {"status": "failure", "text": "no such item"}, [Finish(status="failure", answer="no such item")]),
        ("answer", {"text": "42"}, [Finish(answer="42")]),
    ],
)
def test_the_actions_of_computer_use(action: str, arguments: dict[str, object], made: list[Action]) -> None:
    assert computer(action, **arguments) == tuple(made)


@pytest.mark.parametrize(
    ("name", "arguments", "made"),
    [
        ("select_option", {"coordinate": AT, "option": "Blue"}, SelectOption(point=P, label="Blue")),
        ("navigate", {"url": "http://x/"}, Navigate(url="http://x/")),
        ("page", {"action": "back"}, Back()),
        ("tab", {"action": "new"}, NewTab()),
        ("tab", {"action": "switch", "index": 2}, SwitchTab(index=2)),
        ("tab", {"action": "close"}, CloseTab()),
        ("tab", {"action": "close", "index": 0}, CloseTab(index=0)),
        ("upload", {"coordinate": AT, "paths": ["a.txt"]}, Upload(point=P, paths=("a.txt",))),
        ("upload", {"coordinate": AT, "paths": "a.txt"}, Upload(point=P, paths=("a.txt",))),
        ("pinch", {"coordinate": AT, "factor": 2}, Pinch(point=P, factor=2)),
        ("ask", {"question": "Which?"}, Ask(question="Which?")),
    ],
)
def test_the_further_functions(name: str, arguments: dict[str, object], made: Action) -> None:
    assert read(name, **arguments) == (made,)


def test_a_place_that_is_left_out_is_the_pointer() -> None:
    for action in ("left_click", "right_click", "double_click", "long_press", "mouse_move"):
        (made,) = computer(action, pointer=P)
        assert made.point == P  # type: ignore[union-attr]
    assert computer("left_click_drag", pointer=P, coordinate=[9, 9]) == (Drag(path=(P, Point(9, 9))),)
    assert read("select_option", pointer=P, option="Blue") == (SelectOption(point=P, label="Blue"),)


def test_scrolling_alone_falls_back_on_the_middle_of_the_screen() -> None:
    middle = Point(50, 60)
    arguments = {"action": "scroll", "pixels": -10}
    assert read(COMPUTER_USE, middle=middle, **arguments) == (Scroll(point=middle, dy=10),)
    assert read(COMPUTER_USE, middle=middle, pointer=P, **arguments) == (Scroll(point=P, dy=10),)
    with pytest.raises(BadModelOutput, match="left_click needs coordinate"):
        read(COMPUTER_USE, middle=middle, action="left_click")


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("fly", {}, "no function 'fly'"),
        ("", {}, "no function ''"),
        (COMPUTER_USE, {}, "no action None"),
        (COMPUTER_USE, {"action": "tap"}, "no action 'tap'; known are key"),
        (COMPUTER_USE, {"action": ["key"]}, "no action"),
        (COMPUTER_USE, {"action": "left_click"}, "left_click needs coordinate as [x, y], but it is missing"),
        (COMPUTER_USE, {"action": "left_click", "coordinate": [1]}, "needs coordinate as [x, y], but got [1]"),
        (COMPUTER_USE, {"action": "left_click", "coordinate": [1, 2, 3]}, "got [1, 2, 3]"),
        (COMPUTER_USE, {"action": "left_click", "coordinate": ["1", "2"]}, "got ['1', '2']"),
        (COMPUTER_USE, {"action": "left_click", "coordinate": [True, 2]}, "got [True, 2]"),
        (COMPUTER_USE, {"action": "left_click", "coordinate": [1e308, 2]}, "got [1e+308, 2]"),
        (COMPUTER_USE, {"action": "left_click", "coordinate": [10**40, 2]}, "needs coordinate"),
        (COMPUTER_USE, {"action": "left_click", "coordinate": "3, 4"}, "got '3, 4'"),
        (COMPUTER_USE, {"action": "left_click", "coordinate": AT, "speed": 9}, "takes coordinate, keys, not 'speed'"),
        (COMPUTER_USE, {"action": "left_click", "coordinate": AT, "keys": ["Enter"]}, "not a modifier"),
        (COMPUTER_USE, {"action": "right_click", "coordinate": AT, "count": 9}, "right_click cannot be done: count"),
        (COMPUTER_USE, {"action": "left_click_drag", "coordinate": AT}, "needs start_coordinate"),
        (COMPUTER_USE, {"action": "left_click_drag", "coordinate": AT, "start_coordinate": AT, "via": 3}, "needs via"),
        (COMPUTER_USE, {"action": "type"}, "type cannot be done: type needs either text"),
        (COMPUTER_USE, {"action": "type", "text": ["a"]}, "needs text as text, but got ['a']"),
        (COMPUTER_USE, {"action": "key"}, "key cannot be done: keys"),
        (COMPUTER_USE, {"action": "key", "keys": [1]}, "needs keys as a list of texts"),
        (COMPUTER_USE, {"action": "key", "keys": ["Hyper"]}, "unknown key 'Hyper'"),
        (COMPUTER_USE, {"action": "wait", "time": 61}, "wait cannot be done: seconds"),
        (COMPUTER_USE, {"action": "wait", "time": "long"}, "needs time as a number, but got 'long'"),
        (COMPUTER_USE, {"action": "scroll", "coordinate": AT}, "needs pixels"),
        (COMPUTER_USE, {"action": "terminate", "status": "done"}, "terminate cannot be done: status"),
        (COMPUTER_USE, {"action": "answer"}, "answer needs text"),
        ("page", {"action": "up"}, "needs action as back, forward or reload, but got 'up'"),
        ("tab", {"action": "switch"}, "needs index as a number, but it is missing"),
        ("tab", {"action": "switch", "index": 0.5}, "index"),
        ("tab", {}, "new, switch or close"),
        ("navigate", {}, "navigate needs url as text"),
        ("upload", {"coordinate": AT}, "upload cannot be done: paths"),
        ("pinch", {"coordinate": AT, "factor": 100}, "pinch cannot be done: factor"),
        ("ask", {"question": "?" * 4001}, "ask cannot be done: question"),
    ],
)
def test_a_bad_call_is_refused_with_what_was_expected(name: str, arguments: dict[str, object], words: str) -> None:
    with pytest.raises(BadModelOutput) as caught:
        read(name, **arguments)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 1000


def test_a_long_argument_is_not_repeated_whole() -> None:
    with pytest.raises(BadModelOutput) as caught:
        read(COMPUTER_USE, action="left_click", coordinate="9" * 100_000)
    assert len(str(caught.value)) < 200


def test_a_custom_tool_is_called_with_its_arguments_as_they_stand() -> None:
    made = call_to_actions("order", {"item": None, "n": [1]}, Point, custom={"order"})
    assert made == (CallTool(name="order", arguments={"item": None, "n": [1]}),)
    with pytest.raises(BadModelOutput, match=r"known are ask, .*order"):
        call_to_actions("odrer", {}, Point, custom={"order"})


def test_every_action_of_computer_use_is_shown_and_described() -> None:
    function = computer_use(1288, 728)
    action = function.parameters["properties"]["action"]  # type: ignore[index, call-overload]
    assert action["enum"] == list(COMPUTER_ACTIONS)  # type: ignore[index, call-overload]
    for name in COMPUTER_ACTIONS:
        assert f"* `{name}`: " in str(action["description"])  # type: ignore[index, call-overload]
    assert "1288x728" in function.description
    assert "1000x1000" in computer_use().description


def test_the_schemas_have_the_form_of_the_chat_apis() -> None:
    schemas = function_schemas()
    names = [schema["function"]["name"] for schema in schemas]  # type: ignore[index, call-overload]
    assert names == [COMPUTER_USE, *(function.name for function in FURTHER_FUNCTIONS)]
    for schema in schemas:
        assert schema["type"] == "function"
        parameters = schema["function"]["parameters"]  # type: ignore[index, call-overload]
        assert parameters["type"] == "object"  # type: ignore[index, call-overload]
        assert set(parameters["required"]) <= set(parameters["properties"])  # type: ignore[index, call-overload, arg-type]
