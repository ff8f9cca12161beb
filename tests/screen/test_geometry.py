"""Geometry holds its laws for every finite number, and refuses everything else."""

from math import inf, isclose, nan

import pytest
from clickwright.errors import UsageError
from clickwright.screen import Box, Point, Quad, Size
from hypothesis import given
from hypothesis import strategies as st

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3))
POINTS = st.builds(Point, NUMBERS, NUMBERS)
BOXES = st.lists(POINTS, min_size=2, max_size=2).map(lambda corners: Box.around(*corners))
SIZES = st.builds(Size, st.integers(1, 10_000), st.integers(1, 10_000))


@pytest.mark.parametrize("value", [nan, inf, -inf])
def test_a_point_and_a_box_take_only_finite_numbers(value: float) -> None:
    with pytest.raises(UsageError, match="finite"):
        Point(0, value)
    with pytest.raises(UsageError, match="finite"):
        Box(0, 0, 1, value)


@pytest.mark.parametrize(("width", "height"), [(0, 5), (5, 0), (-1, 5)])
def test_a_size_has_at_least_one_pixel(width: int, height: int) -> None:
    with pytest.raises(UsageError, match=f"{width} x {height}"):
        Size(width, height)


def test_a_box_has_its_corners_in_order() -> None:
    with pytest.raises(UsageError, match="in order"):
        Box(2, 0, 1, 1)
    with pytest.raises(UsageError, match="in order"):
        Box(0, 2, 1, 1)


def test_a_box_around_no_points_is_refused() -> None:
    with pytest.raises(UsageError, match="no points"):
        Box.around()


def test_a_box_is_half_open() -> None:
    box = Box(10, 20, 30, 40)
    assert box.contains(Point(10, 20))
    assert box.contains(Point(29.99, 39.99))
    assert not box.contains(Point(30, 20))
    assert not box.contains(Point(10, 40))
    assert (box.width, box.height, box.area, box.center) == (20, 20, 400, Point(20, 30))


def test_the_centre_of_a_huge_box_does_not_overflow() -> None:
    assert Box(1.6e308, 0, 1.7e308, 1).center.x == pytest.approx(1.65e308)


@given(POINTS, SIZES)
def test_a_clipped_point_addresses_a_pixel_and_clipping_twice_changes_nothing(point: Point, size: Size) -> None:
    clipped = point.clip(size)
    assert 0 <= int(clipped.x) < size.width
    assert 0 <= int(clipped.y) < size.height
    assert clipped.clip(size) == clipped
    if size.box.grow(-1).contains(point):
        assert clipped == point


@given(BOXES, SIZES)
def test_a_clipped_box_lies_on_the_screen_and_keeps_what_was_on_it(box: Box, size: Size) -> None:
    clipped = box.clip(size)
    assert 0 <= clipped.x1 <= clipped.x2 <= size.width
    assert 0 <= clipped.y1 <= clipped.y2 <= size.height
    assert clipped.clip(size) == clipped
    common = box.intersect(size.box)
    assert clipped.area == (0 if common is None else common.area)


@given(st.lists(POINTS, min_size=1, max_size=8))
def test_a_box_around_points_touches_all_of_them(points: list[Point]) -> None:
    box = Box.around(*points)
    assert all(box.x1 <= p.x <= box.x2 and box.y1 <= p.y <= box.y2 for p in points)
    assert {box.x1, box.x2} <= {p.x for p in points}
    assert {box.y1, box.y2} <= {p.y for p in points}


@given(BOXES, BOXES)
def test_intersection_and_iou_are_symmetric_and_bounded(a: Box, b: Box) -> None:
    assert a.intersect(b) == b.intersect(a)
    assert a.iou(b) == pytest.approx(b.iou(a))
    assert 0 <= a.iou(b) <= 1 + 1e-9
    common = a.intersect(b)
    if common is not None:
        assert a.intersect(common) == common
        assert b.intersect(common) == common
    if a.area > 0:
        assert a.iou(a) == pytest.approx(1)


@given(BOXES, st.floats(-1000, 1000))
def test_growing_keeps_the_centre_and_stops_there(box: Box, margin_px: float) -> None:
    grown = box.grow(margin_px)
    assert isclose(grown.center.x, box.center.x, rel_tol=1e-9, abs_tol=1e-3)
    assert isclose(grown.center.y, box.center.y, rel_tol=1e-9, abs_tol=1e-3)
    assert grown.width == pytest.approx(max(0, box.width + 2 * margin_px), abs=1e-3)
    assert grown.height == pytest.approx(max(0, box.height + 2 * margin_px), abs=1e-3)


@given(BOXES, st.floats(0.01, 100), st.floats(0.01, 100))
def test_scaling_moves_corners_and_centre_alike(box: Box, fx: float, fy: float) -> None:
    scaled, moved = box.scale(fx, fy), box.center.scale(fx, fy)
    assert scaled.center.x == pytest.approx(moved.x, rel=1e-9, abs=1e-6)
    assert scaled.center.y == pytest.approx(moved.y, rel=1e-9, abs=1e-6)


@given(POINTS, POINTS, POINTS)
def test_distance_is_a_distance(a: Point, b: Point, c: Point) -> None:
    assert a.distance(a) == 0
    assert a.distance(b) == b.distance(a)
    assert a.distance(c) <= a.distance(b) + b.distance(c) + 1e-6


@given(st.tuples(POINTS, POINTS, POINTS, POINTS))
def test_the_centre_of_a_quad_lies_in_its_box(corners: tuple[Point, Point, Point, Point]) -> None:
    quad = Quad(corners)
    box = quad.box.grow(1e-6)
    assert box.x1 <= quad.center.x <= box.x2
    assert box.y1 <= quad.center.y <= box.y2
