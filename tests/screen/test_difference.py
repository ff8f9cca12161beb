"""What is different between two pictures, against a plain reading of the pixels."""

import numpy as np
import pytest
from clickwright.screen import Box, Pixels, Screenshot, difference
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

SIDE = 12
pictures = arrays(np.uint8, (SIDE, SIDE, 3), elements=st.integers(0, 2))
edges = st.floats(-4, SIDE + 4)


def shot(pixels: Pixels) -> Screenshot:
    return Screenshot(pixels=pixels)


@settings(deadline=None)
@given(pictures, pictures)
def test_it_is_what_a_plain_reading_says(one: Pixels, other: Pixels) -> None:
    changed = {(x, y) for y in range(SIDE) for x in range(SIDE) if tuple(one[y, x]) != tuple(other[y, x])}
    found = difference(shot(one), shot(other))
    assert found.ratio == pytest.approx(len(changed) / SIDE**2)
    if not changed:
        assert found.box is None
        return
    xs, ys = [x for x, _ in changed], [y for _, y in changed]
    assert found.box == Box(min(xs), min(ys), max(xs) + 1, max(ys) + 1)


@settings(deadline=None)
@given(pictures, pictures, edges, edges, edges, edges)
def test_a_place_is_touched_when_one_of_its_pixels_is_another(
    one: Pixels, other: Pixels, x1: float, y1: float, x2: float, y2: float
) -> None:
    place = Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
    within = [
        (x, y)
        for y in range(SIDE)
        for x in range(SIDE)
        if np.floor(place.x1) <= x < np.ceil(place.x2) and np.floor(place.y1) <= y < np.ceil(place.y2)
    ]
    changed = any(tuple(one[y, x]) != tuple(other[y, x]) for x, y in within)
    assert difference(shot(one), shot(other)).touches([place]) == changed


@settings(deadline=None)
@given(pictures, pictures)
def test_it_is_the_same_both_ways_and_nothing_to_itself(one: Pixels, other: Pixels) -> None:
    there, back = difference(shot(one), shot(other)), difference(shot(other), shot(one))
    assert (there.ratio, there.box) == (back.ratio, back.box)
    assert difference(shot(one), shot(one)).ratio == 0
    assert (there.ratio == 0) == (shot(one).frame == shot(other).frame)


def test_pictures_of_two_sizes_differ_everywhere() -> None:
    found = difference(shot(np.zeros((4, 6, 3), np.uint8)), shot(np.zeros((6, 4, 3), np.uint8)))
    assert (found.ratio, found.box) == (1.0, Box(0, 0, 4, 6))
    assert found.touches([Box(1, 1, 2, 2)])
