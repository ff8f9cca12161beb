"""Places: in a box with its edges, in an outline, overlapping enough."""

import pytest
from clickwright.benchmarks.metrics.grounding import is_in_box, is_in_outline, point_in_outline
from clickwright.screen import Box, Point
from hypothesis import assume, given
from hypothesis import strategies as st

SIDES = st.integers(0, 5000)
L_SHAPE = [Point(0, 0), Point(10, 0), Point(10, 4), Point(4, 4), Point(4, 10), Point(0, 10)]


@pytest.mark.parametrize(
    ("x", "y", "right"),
    [(10, 20, True), (30, 60, True), (30, 20, True), (20, 40, True), (30.01, 40, False), (20, 19.99, False)],
)
def test_the_edges_belong_to_the_box(x: float, y: float, right: bool) -> None:
    """By hand from `bbox[0] <= x <= bbox[2]` in eval_screenspot_pro.py."""
    assert is_in_box(Point(x, y), Box(10, 20, 30, 60)) is right


@given(SIDES, SIDES, SIDES, SIDES)
def test_the_middle_of_a_box_is_in_it_and_a_place_beyond_it_is_not(x: int, y: int, width: int, height: int) -> None:
    box = Box(x, y, x + width, y + height)
    assert is_in_box(box.center, box)
    assert not is_in_box(Point(box.x2 + 1, box.center.y), box)
    assert not is_in_box(Point(box.center.x, box.y1 - 1), box)


@pytest.mark.parametrize(
    ("x", "y", "right"),
    [
        (2, 8, True),
        (8, 2, True),
        (8, 8, False),
        (0, 5, True),
        (4, 8, False),
        (5, 0, True),
        (5, 4, False),
        (12, 2, False),
    ],
)
def test_an_outline_holds_what_lies_within(x: float, y: float, right: bool) -> None:
    """The same as a run of `_is_point_in_polygon` of OSWorld-G gives: left and upper edges belong to it."""
    assert is_in_outline(Point(x, y), L_SHAPE) is right


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=3, max_size=3, unique=True))
def test_there_is_a_point_in_every_triangle(places: list[tuple[int, int]]) -> None:
    (ax, ay), (bx, by), (cx, cy) = places
    assume((bx - ax) * (cy - ay) != (cx - ax) * (by - ay))
    corners = [Point(x, y) for x, y in places]
    assert is_in_outline(point_in_outline(corners), corners)
    assert is_in_outline(point_in_outline(L_SHAPE), L_SHAPE)
