"""Gestures and actions on phones. Golden cases are those that the scripts themselves gave, run beside ours."""

import pytest
from clickwright.benchmarks.metrics import odyssey
from clickwright.benchmarks.metrics.aitw import Gesture, Kind, Place, is_same, is_same_text
from clickwright.benchmarks.metrics.android_control import Match, Move, match
from clickwright.benchmarks.metrics.edits import edits, likeness
from clickwright.benchmarks.metrics.os_atlas import is_match, set_f1
from clickwright.screen import Box, Point, Size
from hypothesis import given
from hypothesis import strategies as st

SHARES = st.floats(0, 1)
PHONE = Size(1080, 2400)


def tap(y: float, x: float) -> Gesture:
    return Gesture(kind=Kind.DUAL_POINT, touch=(y, x), lift=(y, x))


def swipe(start: Place, end: Place) -> Gesture:
    return Gesture(kind=Kind.DUAL_POINT, touch=start, lift=end)


# AITW


@pytest.mark.parametrize(
    ("one", "other", "boxes", "right"),
    [
        (tap(0.5, 0.5), tap(0.5, 0.63), [], True),
        (tap(0.5, 0.5), tap(0.5, 0.65), [], False),
        (tap(0.5, 0.1), tap(0.5, 0.9), [(0.45, 0.0, 0.1, 1.0)], True),  # the same row of a list
        (tap(0.5, 0.1), tap(0.61, 0.9), [(0.45, 0.0, 0.1, 1.0)], True),  # 240 % of it: from 0.38 to 0.62
        (tap(0.5, 0.1), tap(0.63, 0.9), [(0.45, 0.0, 0.1, 1.0)], False),
        (tap(0.5, 0.5), swipe((0.5, 0.5), (0.5, 0.55)), [], False),
        (tap(0.5, 0.5), swipe((0.5, 0.5), (0.5, 0.53)), [], True),  # up to 4 % it is a tap
        (swipe((0.8, 0.5), (0.2, 0.5)), swipe((0.1, 0.1), (0.9, 0.3)), [], True),  # the way does not count
        (swipe((0.8, 0.5), (0.2, 0.5)), swipe((0.5, 0.2), (0.5, 0.9)), [], False),
        (swipe((0.2, 0.2), (0.5, 0.5)), swipe((0.5, 0.2), (0.5, 0.9)), [], False),  # even: up and down
        (Gesture(kind=Kind.TYPE, text="a"), Gesture(kind=Kind.TYPE, text="b"), [], True),  # text does not count
        (Gesture(kind=Kind.PRESS_BACK), Gesture(kind=Kind.PRESS_HOME), [], False),
        (Gesture(kind=Kind.PRESS_BACK), tap(0.5, 0.5), [], False),
    ],
)
def test_gestures_are_the_same_where_google_says_so(
    one: Gesture, other: Gesture, boxes: list[tuple[float, float, float, float]], right: bool
) -> None:
    assert is_same(one, other, boxes) is right
    assert is_same(other, one, boxes) is right


@given(SHARES, SHARES, st.lists(st.tuples(SHARES, SHARES, SHARES, SHARES), max_size=3))
def test_a_tap_is_the_same_as_itself(y: float, x: float, boxes: list[tuple[float, float, float, float]]) -> None:
    assert is_same(tap(y, x), tap(y, x), boxes)


def test_a_text_may_hold_the_other() -> None:
    assert is_same_text("Weather", "weather in Ulm")
    assert not is_same_text("weather", "news")


# AndroidControl


CLICK = Move(word="click", point=Point(540, 1200))


@pytest.mark.parametrize(
    ("said", "right", "boxes", "found"),
    [
        (Move(word="click", point=Point(580, 1200)), CLICK, [], Match(True, True)),  # 40/1080 < 0.04
        (Move(word="click", point=Point(584, 1200)), CLICK, [], Match(True, False)),
        (Move(word="click", point=Point(110, 100)), CLICK, [Box(0, 0, 100, 100)], Match(True, True)),  # grown by 1.2
        (Move(word="click", point=Point(111, 100)), CLICK, [Box(0, 0, 100, 100)], Match(True, False)),
        (Move(word="long_press", point=Point(540, 1200)), CLICK, [], Match(False, False)),
        (Move(word="type", text="Sculpture"), Move(word="type", text="sculpture art "), [], Match(True, True)),
        (Move(word="type", text="painting"), Move(word="type", text="sculpture"), [], Match(True, False)),
        (Move(word="open", text="pCloud"), Move(word="open", text="pcloud app"), [], Match(True, True)),
        (
            Move(word="click", point=Point(50, 50)),
            Move(word="open", text="a"),
            [Box(0, 0, 100, 100)],
            Match(True, True),
        ),
        (Move(word="click", point=Point(50, 50)), Move(word="open", text="a"), [], Match(False, False)),
        (Move(word="swipe"), Move(word="swipe"), [], Match(True, True)),
        (Move(word="system_button", button="Home"), Move(word="system_button", button="back"), [], Match(True, False)),
        (None, Move(word="wait"), [], Match(False, False)),
    ],
)
def test_actions_are_right_where_ui_s1_says_so(said: Move | None, right: Move, boxes: list[Box], found: Match) -> None:
    assert match(said, right, boxes, PHONE) == found


# OS-Atlas


@pytest.mark.parametrize(
    ("said", "right", "control", "odyssey_too"),
    [
        ("CLICK <point>[[640,321]]</point>", "CLICK <point>[[500,321]]</point>", True, True),
        ("CLICK <point>[[641,321]]</point>", "CLICK <point>[[500,321]]</point>", False, False),
        ("TYPE [New York City]", "TYPE [new york]", True, True),  # the first word; 3 of 4 and 3 of 3 words
        ("TYPE [York]", "TYPE [new york]", False, False),
        ("TYPE [b]", "TYPE [a]", False, False),
        ("TYPE [york]", "TYPE [york]", True, True),
        ("SCROLL [UP]", "SCROLL [DOWN]", False, False),
        ("OPEN_APP [gmail]", "OPEN_APP [Gmail]", True, True),
        ("OPEN_APP [Chrome]", "OPEN_APP [Gmail]", False, True),  # GUI-Odyssey knows no such action
        ("WAIT", "COMPLETE", False, False),
        ("", "COMPLETE", False, False),
    ],
)
def test_lines_are_right_where_os_atlas_says_so(said: str, right: str, control: bool, odyssey_too: bool) -> None:
    assert is_match(said, right, "android_control") is control
    assert is_match(said, right, "odyssey") is odyssey_too


def test_f1_of_words() -> None:
    assert set_f1("TYPE [a]", "type [b]") == 0.5
    assert set_f1("", "") == 0


# GUI-Odyssey's own


def test_odyssey_takes_text_that_is_half_alike_and_clicks_in_the_thing() -> None:
    assert odyssey.is_same_text("weather ulm", "weather")
    assert odyssey.is_same_text("abcd", "abxy")
    assert not odyssey.is_same_text("abcd", "axyz")
    assert odyssey.is_hit((640, 500), (500, 500), None)
    assert not odyssey.is_hit((641, 500), (500, 500), None)
    assert odyssey.is_hit((900, 500), (500, 500), (400, 400, 950, 600))


@pytest.mark.parametrize(("one", "other", "count"), [("kitten", "sitting", 3), ("", "abc", 3), ("flaw", "lawn", 2)])
def test_edits(one: str, other: str, count: int) -> None:
    """Textbook cases."""
    assert edits(one, other) == edits(other, one) == count


@given(st.text(max_size=12), st.text(max_size=12))
def test_likeness_is_a_share(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert (likeness(one, other) == 1) is (one == other)
