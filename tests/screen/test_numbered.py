"""Numbers on boxes: each at its box, none on another, and as little as can be hidden."""

import numpy as np
from clickwright.screen import Box, Screenshot, Size, draw_numbers
from clickwright.screen.numbered import COLOURS, EDGE
from hypothesis import given, settings
from hypothesis import strategies as st


def grey(width: int = 400, height: int = 300) -> Screenshot:
    return Screenshot(pixels=np.full((height, width, 3), 90, np.uint8), scale=2.0, taken_s=7.0)


def test_the_inside_of_a_box_is_left_alone_where_there_is_room_beside_it() -> None:
    shot = grey()
    drawn = draw_numbers(shot, [Box(100, 50, 200, 90), Box(100, 150, 200, 190)])
    for rows in (slice(50, 90), slice(150, 190)):
        assert (drawn.pixels[rows, 100:200] == 90).all()
    assert (shot.pixels == 90).all()
    assert (drawn.scale, drawn.taken_s, drawn.size) == (2.0, 7.0, Size(400, 300))


def test_a_number_keeps_off_what_is_drawn_around_its_box() -> None:
    shot = grey()
    shot.pixels[20:50, 90:210:2] = 255  # something like text above the box
    drawn = draw_numbers(shot, [Box(100, 50, 200, 90)])
    assert (drawn.pixels[20:48, 90:210] == shot.pixels[20:48, 90:210]).all()
    assert (drawn.pixels[52:] == EDGE).all(axis=2).any()


def test_a_box_that_fills_the_screen_is_numbered_inside() -> None:
    drawn = draw_numbers(grey(), [Box(0, 0, 400, 300)])
    assert (drawn.pixels == COLOURS[0]).all(axis=2).sum() > 1000


def test_tags_of_a_crowd_do_not_lie_on_each_other() -> None:
    boxes = [Box(60 * n % 360 + 20, 60 * (n // 6) + 20, 60 * n % 360 + 55, 60 * (n // 6) + 40) for n in range(24)]
    drawn = draw_numbers(grey(), boxes)
    white = (drawn.pixels == EDGE).all(axis=2)
    alone = sum(int((draw_numbers(grey(), [box]).pixels == EDGE).all(axis=2).sum()) for box in boxes[:9])
    assert white.sum() > alone  # every number is there, most with two digits
    for n in range(len(COLOURS)):
        assert (drawn.pixels == COLOURS[n]).all(axis=2).any()


def test_digits_stand_out() -> None:
    def light(colour: tuple[int, ...]) -> float:
        parts = [(c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4) for c in colour]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    for colour in COLOURS:
        assert (light(EDGE) + 0.05) / (light(colour) + 0.05) >= 4.5


def test_the_same_boxes_give_the_same_picture() -> None:
    boxes = [Box(10, 10, 60, 30), Box(40, 20, 90, 50)]
    assert draw_numbers(grey(), boxes).frame == draw_numbers(grey(), boxes).frame
    assert draw_numbers(grey(), []).frame == grey().frame


coordinate = st.floats(-1e9, 1e9)
corner = st.tuples(coordinate, coordinate)


@settings(max_examples=40)
@given(st.integers(1, 60), st.integers(1, 60), st.lists(st.tuples(corner, corner), max_size=6))
def test_any_boxes_can_be_numbered_on_any_screen(
    width: int, height: int, corners: list[tuple[tuple[float, float], tuple[float, float]]]
) -> None:
    boxes = [Box(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])) for a, b in corners]
    assert draw_numbers(grey(width, height), boxes).size == Size(width, height)
