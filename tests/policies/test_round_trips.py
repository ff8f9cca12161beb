"""What is written is read back: every action of the union, as a call, in tags, and within whole answers."""

import json
from dataclasses import replace

from clickwright.policies.grammars import (
    Canvas,
    Reference,
    answer,
    encode_calls,
    encode_references,
    parse_answer,
    parse_calls,
    parse_grounding,
)
from clickwright.screen import Box, Point, Quad, Size
from clickwright.tools import (
    ACTION,
    COMPUTER_ACTIONS,
    FURTHER_FUNCTIONS,
    Action,
    CallTool,
    action_to_call,
    call_to_actions,
    points_of,
)
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from .any_action import CANVAS, SIZE, actions, custom_of, points

KINDS = set(ACTION.json_schema()["discriminator"]["mapping"])


def to_space(point: Point) -> tuple[float, float]:
    return point.x, point.y


def test_the_strategy_makes_every_action_of_the_union() -> None:
    any_will_do = settings(max_examples=2000, phases=[Phase.generate])  # to find the smallest takes most of the time
    made = {
        find(actions(points()), lambda action, kind=kind: action.kind == kind, settings=any_will_do).kind
        for kind in KINDS
    }
    assert made == KINDS


@given(actions(points()))
def test_json_brings_back_an_action(action: Action) -> None:
    assert ACTION.validate_json(ACTION.dump_json(action)) == action


@given(actions(st.builds(Point, st.integers(0, 2000), st.integers(0, 2000))))
def test_a_call_brings_back_an_action(action: Action) -> None:
    name, arguments = action_to_call(action, to_space)
    assert call_to_actions(name, arguments, Point, custom=custom_of(action)) == (action,)


@given(actions(points()))
def test_a_call_is_allowed_by_the_schema_of_its_function(action: Action) -> None:
    name, arguments = action_to_call(action, to_space)
    json.dumps(arguments, allow_nan=False)
    if name == "computer_use":
        assert arguments["action"] in COMPUTER_ACTIONS
        assert set(arguments) - {"action"} <= set(COMPUTER_ACTIONS[str(arguments["action"])])
    elif not isinstance(action, CallTool):
        (function,) = [function for function in FURTHER_FUNCTIONS if function.name == name]
        assert set(arguments) <= set(function.arguments)


@given(st.lists(actions(points()), min_size=1, max_size=4))
def test_calls_in_tags_bring_back_the_actions(done: list[Action]) -> None:
    written = encode_calls(done, CANVAS)
    read = parse_calls(written, replace(CANVAS, tools=custom_of(*done)))
    assert [approximate(action) for action in read] == [approximate(action) for action in done]
    assert encode_calls(read, CANVAS) == written


boxes = st.lists(st.builds(Point, st.floats(0, 1288), st.floats(0, 728)), min_size=2, max_size=2).map(
    lambda corners: Box.around(*corners)
)
descriptions = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).filter(
    lambda words: "<|" not in words and "<tool_call>" not in words
)


@given(st.data(), boxes, descriptions)
def test_an_answer_is_a_fixed_point_of_writing_and_reading(data: st.DataObject, box: Box, description: str) -> None:
    near = st.builds(lambda dx, dy: Point(box.center.x + dx, box.center.y + dy).clip(SIZE), *[st.floats(-4, 4)] * 2)
    anywhere = st.builds(Point, st.floats(0, 1287), st.floats(0, 727))
    place = st.one_of(st.just(box.center), near, anywhere)
    done = data.draw(st.lists(actions(place), min_size=1, max_size=4))
    written = answer(description, box, done, CANVAS)
    read = parse_answer(written, replace(CANVAS, tools=custom_of(*done)))
    again = answer(read.references[0].description, read.references[0].shapes[0], read.actions, CANVAS)  # type: ignore[arg-type]
    assert again == written
    assert read.references[0].description == description.strip()
    for before, after in zip(done, read.actions, strict=True):
        assert type(before) is type(after)
        for meant, found in zip(points_of(before), points_of(after), strict=True):
            assert abs(meant.x - found.x) <= 1.5 * SIZE.width / 1000 + 1e-6
            assert abs(meant.y - found.y) <= 1.5 * SIZE.height / 1000 + 1e-6


shapes = st.one_of(
    points(),
    st.builds(Box.around, points(), points()),
    st.builds(lambda *corners: Quad(corners), points(), points(), points(), points()),
)
references = st.builds(
    Reference, description=descriptions.map(str.strip), shapes=st.lists(shapes, min_size=1, max_size=3).map(tuple)
)


@given(st.lists(references, max_size=4))
def test_references_are_read_back(meant: list[Reference]) -> None:
    written = encode_references(meant, CANVAS)
    read = parse_grounding(written, CANVAS)
    assert [reference.description for reference in read] == [reference.description for reference in meant]
    assert encode_references(read, CANVAS) == written


@given(st.integers(1, 5000), st.integers(1, 5000), st.integers(0, 999), st.integers(0, 999))
def test_thousandths_come_back_on_every_screen(width: int, height: int, x: int, y: int) -> None:
    size = Size(width, height)
    point = Canvas(size=size).point(x, y)
    assert size.box.contains(point)
    assert Canvas(size=size).place(point) == (x, y)


@given(st.integers(1, 5000), st.integers(1, 5000), st.floats(0, 1), st.floats(0, 1))
def test_a_point_moves_at_most_a_thousandth(width: int, height: int, x: float, y: float) -> None:
    size = Size(width, height)
    point = Point(x * width, y * height)
    back = Canvas(size=size).point(*Canvas(size=size).place(point))
    assert abs(back.x - point.x) <= width / 1000 + 1e-9
    assert abs(back.y - point.y) <= height / 1000 + 1e-9


def approximate(action: Action) -> object:
    """The action with its points in whole thousandths."""
    return action_to_call(action, CANVAS.place)
