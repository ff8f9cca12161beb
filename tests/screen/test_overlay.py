"""What is drawn stands where it should, and the rest of the picture is left alone."""

import numpy as np
import pytest
from clickwright.screen import Box, Mark, Point, Quad, Screenshot, Size, draw_marks, draw_overlay
from clickwright.screen.overlay import COLOUR, COLOURS, EDGE
from hypothesis import given, settings
from hypothesis import strategies as st

GREY = (90, 90, 90)


def grey(width: int = 400, height: int = 300) -> Screenshot:
    return Screenshot(pixels=np.full((height, width, 3), 90, np.uint8), scale=2.0, taken_s=7.0)


def pixel(shot: Screenshot, x: int, y: int) -> tuple[int, ...]:
    return tuple(int(value) for value in shot.pixels[y, x])


def test_a_box_is_drawn_around_its_pixels() -> None:
    box = Box(100, 50, 200, 90)
    drawn = draw_overlay(grey(), boxes=[box])
    assert (drawn.pixels[50:90, 100:200] == 90).all()
    for x, y in ((98, 70), (201, 70), (150, 48), (150, 91)):  # the line, past a white edge of one pixel
        assert pixel(drawn, x, y) == COLOUR
    for x, y in ((99, 70), (200, 70), (150, 49), (150, 90), (96, 70), (150, 93)):
        assert pixel(drawn, x, y) == EDGE
    outside = np.ones((300, 400), bool)
    outside[46:94, 96:204] = False
    assert (drawn.pixels[outside] == 90).all()


def test_the_original_is_left_alone_and_its_scale_and_time_are_kept() -> None:
    shot = grey()
    drawn = draw_overlay(
        shot, boxes=[Box(0, 0, 50, 50)], click=Point(9, 9), path=[Point(0, 0), Point(99, 9)], label="x"
    )
    assert (shot.pixels == 90).all()
    assert (drawn.scale, drawn.taken_s, drawn.size) == (2.0, 7.0, Size(400, 300))
    assert draw_overlay(shot).frame == shot.frame


def test_a_click_is_a_ring_with_a_dot_at_the_point() -> None:
    drawn = draw_overlay(grey(), click=Point(200, 150))
    assert pixel(drawn, 200, 150) == COLOUR
    assert COLOUR in {pixel(drawn, x, 150) for x in range(205, 213)}
    assert pixel(drawn, 215, 150) == GREY


def test_a_path_is_drawn_from_its_first_point_to_its_last() -> None:
    drawn = draw_overlay(grey(), path=[Point(50, 50), Point(150, 50), Point(150, 200)])
    for x, y in ((50, 50), (100, 50), (150, 120), (150, 199)):
        assert pixel(drawn, x, y) == COLOUR
    assert pixel(drawn, 100, 120) == GREY


@pytest.mark.parametrize(
    ("box", "rows"), [(Box(100, 100, 200, 140), slice(70, 97)), (Box(100, 0, 200, 40), slice(43, 75))]
)
def test_a_label_stands_above_a_box_or_below_it(box: Box, rows: slice) -> None:
    plain, drawn = draw_overlay(grey(), boxes=[box]), draw_overlay(grey(), boxes=[box], label="the button")
    changed = (plain.pixels != drawn.pixels).any(axis=2)
    assert changed.any()
    assert changed.sum() == changed[rows].sum()
    assert (drawn.pixels[changed] == COLOUR).all(axis=1).any()


coordinate = st.floats(-1e9, 1e9)
points = st.builds(Point, coordinate, coordinate)


@settings(max_examples=40)
@given(
    st.integers(1, 60),
    st.integers(1, 60),
    st.lists(points, min_size=2, max_size=2),
    points,
    st.lists(points, max_size=4),
    st.text(max_size=300),
)
def test_anything_can_be_drawn_on_any_screen(
    width: int, height: int, corners: list[Point], click: Point, path: list[Point], label: str
) -> None:
    drawn = draw_overlay(grey(width, height), boxes=[Box.around(*corners)], click=click, path=path, label=label)
    assert drawn.size == Size(width, height)


def test_marks_are_drawn_in_colours_of_their_own() -> None:
    quad = Quad((Point(250, 40), Point(350, 60), Point(340, 120), Point(240, 100)))
    marks = [Mark(shape=Box(50, 50, 150, 90)), Mark(shape=quad), Mark(shape=Point(100, 200))]
    drawn = draw_marks(grey(), marks)
    assert pixel(drawn, 48, 70) == COLOURS[0]
    assert COLOURS[1] in {pixel(drawn, 300, y) for y in range(45, 56)}  # the upper side of the quad
    assert (drawn.pixels[75:85, 280:310] == 90).all()
    assert pixel(drawn, 100, 200) == COLOURS[2]
    assert (drawn.scale, drawn.taken_s) == (2.0, 7.0)


def test_labels_of_one_place_stand_apart() -> None:
    box = Box(100, 100, 260, 240)
    one = draw_marks(grey(), [Mark(shape=box, label="the first")])
    both = draw_marks(grey(), [Mark(shape=box, label="the first"), Mark(shape=box, label="the second")])
    first, second = ((both.pixels == colour).all(axis=2) for colour in COLOURS[:2])
    label = (one.pixels == COLOURS[0]).all(axis=2)
    assert (first & label)[70:96].sum() == label[70:96].sum()  # above the box, and still whole
    assert second[246:].any()  # below it


@settings(max_examples=40)
@given(st.integers(1, 60), st.integers(1, 60), st.lists(st.tuples(points, points, points, points), max_size=9))
def test_any_marks_can_be_drawn_on_any_screen(
    width: int, height: int, corners: list[tuple[Point, Point, Point, Point]]
) -> None:
    shapes = [(each[0], Box.around(*each), Quad(each))[n % 3] for n, each in enumerate(corners)]
    drawn = draw_marks(grey(width, height), [Mark(shape=shape, label="人 a\n\x1b") for shape in shapes])
    assert drawn.size == Size(width, height)
