"""Scripts of OmniACT and steps of AgentNetBench. Golden cases are those that the scripts themselves gave."""

from math import exp

import pytest
from clickwright.benchmarks.metrics.agentnet import Deed, Marks, marks, step_marks
from clickwright.benchmarks.metrics.omniact import Call, distance_penalty, letter_bleu, score
from clickwright.screen import Box, Point
from hypothesis import given
from hypothesis import strategies as st

BOX = Box(0, 0, 30, 40)
LETTERS = st.text("ab c", max_size=8)


# OmniACT


@pytest.mark.parametrize(("x", "y", "penalty"), [(15, 20, 0), (0, 40, 0), (60, 20, 0.375), (15, 90, 0.5)])
def test_a_click_costs_by_its_distance_from_the_box(x: float, y: float, penalty: float) -> None:
    assert distance_penalty(Point(x, y), BOX) == pytest.approx(penalty)


@pytest.mark.parametrize(
    ("said", "right", "bleu"),
    [("hello", "hello", 1), ("helo", "hello", 0.7788007830714049), ("a", "a", 1), ("", "a", 0), ("xyz", "abc", 0)],
)
def test_text_is_compared_by_letters(said: str, right: str, bleu: float) -> None:
    assert letter_bleu(said, right) == pytest.approx(bleu)


@given(LETTERS, LETTERS)
def test_bleu_is_a_share(said: str, right: str) -> None:
    assert 0 <= letter_bleu(said, right) <= 1


def test_a_script_is_right_by_its_calls_and_then_by_what_they_do() -> None:
    """By hand: two calls, a click at 50 px from a box of diagonal 50 costs a half of a half."""
    right = (Call(name="click", point=Point(15, 20)), Call(name="press", keys=("Enter",)))
    near = (Call(name="click", point=Point(15, 90)), Call(name="press", keys=("Enter",)))
    wrong_key = (Call(name="click", point=Point(15, 20)), Call(name="press", keys=("Tab",)))
    assert score(right, right, [BOX]).action == 1
    assert score(near, right, [BOX]).action == pytest.approx(0.75)
    assert score(near, right, [BOX]).click_penalty == pytest.approx(0.25)
    assert score(wrong_key, right, [BOX]).action == pytest.approx(0.5)
    assert score(near, right, []).action == 1, "a place that names no box costs nothing"
    assert score(right[:1], right, [BOX]).sequence == score(right[::-1], right, [BOX]).action == 0
    assert score(right, right, [BOX]).weight == pytest.approx(1.1)


# AgentNetBench


CLICK = Deed(kind="click", point=(0.5, 0.5), boxes=((0.4, 0.4, 0.2, 0.2),))


@pytest.mark.parametrize(
    ("point", "expected"),
    [((0.6, 0.6), 1), ((0.41, 0.59), 1), ((0.7, 0.5), exp(-120 * (0.2 - 0.01 * 2**0.5)))],
)
def test_a_click_is_right_in_a_box_and_fades_beyond(point: tuple[float, float], expected: float) -> None:
    found = step_marks([Deed(kind="click", point=point)], [CLICK])
    assert found.total == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("said", "right", "total"),
    [
        ([Deed(kind="write", text="AbbAb\na")], [Deed(kind="write", text="AbbAb\n")], 0.8928571428571428),
        ([Deed(kind="write", text="hello worl")], [Deed(kind="write", text="Hello world")], 1.0),
        ([Deed(kind="hotkey", keys=("Control", "V"))], [Deed(kind="hotkey", keys=("v", "control"))], 1.0),
        ([Deed(kind="scroll")], [Deed(kind="moveto", point=(0.1, 0.1)), Deed(kind="scroll")], 0.0),
        (
            [Deed(kind="moveto", point=(0.1, 0.1)), Deed(kind="scroll")],
            [Deed(kind="moveto", point=(0.1, 0.1)), Deed(kind="scroll")],
            1.0,
        ),
        ([Deed(kind="terminate", status="failure")], [Deed(kind="terminate", status="success")], 0.0),
        ([Deed(kind="write", text="a")], [Deed(kind="write", text="a"), Deed(kind="press", keys=("Enter",))], 1.0),
        ([Deed(kind="click", point=(0.5, 0.5))], [CLICK, Deed(kind="scroll")], 0.5),
        ([Deed(kind="press", keys=("Tab",))], [CLICK], 0.0),
        ([], [CLICK], 0.0),
        ([Deed(kind="wait")], [Deed(kind="wait")], 1.0),
    ],
)
def test_a_step_has_the_marks_that_opencua_gives(said: list[Deed], right: list[Deed], total: float) -> None:
    assert step_marks(said, right).total == pytest.approx(total)


def test_the_best_of_several_right_answers_counts() -> None:
    other = [Deed(kind="press", keys=("Enter",))]
    assert marks(other, [[CLICK], other]) == Marks(1.0, {"press": 1.0})
    assert marks([Deed(kind="scroll")], [[CLICK], other]) == Marks(0.0, {"click": 0.0})
