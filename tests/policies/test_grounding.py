"""Qwen2-VL's grounding text: the published examples, what else models write, and what means nothing."""

import math

import pytest
from clickwright.errors import BadModelOutput, UsageError
from clickwright.policies.grammars import Canvas, Reference, encode_grounding, encode_references, parse_grounding
from clickwright.policies.reading.limits import MAX_CHARS
from clickwright.screen import Box, Point, Quad, Size

THOUSAND = Size(1000, 1000)
CANVAS = Canvas(size=THOUSAND)


def one(text: str, size: Size = THOUSAND) -> Reference:
    (reference,) = parse_grounding(text, Canvas(size=size))
    return reference


def test_the_published_example_of_a_box() -> None:
    text = "<|object_ref_start|>the eyes on a giraffe<|object_ref_end|><|box_start|>(176,106),(232,160)<|box_end|>"
    assert one(text) == Reference(description="the eyes on a giraffe", shapes=(Box(176, 106, 232, 160),))


def test_the_published_example_of_os_atlas() -> None:
    text = "<|object_ref_start|>language switch<|object_ref_end|><|box_start|>(576,12),(592,42)<|box_end|><|im_end|>"
    assert one(text, Size(2000, 500)).shapes == (Box(1152, 6, 1184, 21),)


def test_a_point_needs_no_description() -> None:
    assert one("<|box_start|>(235,512)<|box_end|>") == Reference(description="", shapes=(Point(235, 512),))


def test_a_quad_keeps_its_corners_in_order() -> None:
    text = "<|object_ref_start|>EXIT<|object_ref_end|><|quad_start|>(1,2),(30,4),(31,40),(2,38)<|quad_end|>"
    assert one(text).shapes == (Quad((Point(1, 2), Point(30, 4), Point(31, 40), Point(2, 38))),)


def test_one_thing_at_several_places_and_several_things() -> None:
    box = "<|box_start|>({0},{0}),({1},{1})<|box_end|>".format
    cups, dog = "<|object_ref_start|>cups<|object_ref_end|>", "<|object_ref_start|>a dog<|object_ref_end|>"
    text = f"{cups}{box(1, 2)}{box(3, 4)} and {dog}{box(5, 6)}"
    assert parse_grounding(text, CANVAS) == (
        Reference(description="cups", shapes=(Box(1, 1, 2, 2), Box(3, 3, 4, 4))),
        Reference(description="a dog", shapes=(Box(5, 5, 6, 6),)),
    )


def test_text_without_places_holds_no_reference() -> None:
    for text in ("", "The button is at (3, 4).", "<|object_ref_start|>a dog<|object_ref_end|>", "<|box_end|>"):
        assert parse_grounding(text, CANVAS) == ()


@pytest.mark.parametrize(
    "text",
    [
        "<|box_start|>(10,20),(30,40)<|box_end|>",
        "<|box_start|> ( 10 , 20 ) , ( 30 , 40 ) <|box_end|>",
        "<|box_start|>[10,20,30,40]<|box_end|>",
        "<|box_start|>[[10,20,30,40]]<|box_end|>",
        "<|box_start|>[[10,20],[30,40]]<|box_end|>",
        "<|box_start|>10,20,30,40<|box_end|>",
        "<|box_start|>(10.0,20.00),(3e1,40)<|box_end|>",
        "<|box_start|>(30,40),(10,20)<|box_end|>",
        "<|box_start|>(10,20),(30,40)",
        "<|box_start|>(10,20),(30,40) is the place",
        "<|box_start|>(10,20),(30,40)<|im_end|>",
        "<|box_start|>\n(10,20),\n(30,40)\n<|box_end|>",
        "<|box_start|>（10,20）,（30,40）<|box_end|>",
        "Here: <|object_ref_start|><|box_start|>(10,20),(30,40)<|box_end|>",
    ],
)
def test_other_ways_to_write_a_box_are_read(text: str) -> None:
    assert one(text).shapes == (Box(10, 20, 30, 40),)


def test_a_description_without_its_end_mark_ends_at_the_next_mark() -> None:
    assert one("<|object_ref_start|>a dog<|box_start|>(1,2)<|box_end|>").description == "a dog"


def test_a_thousand_is_the_last_thousandth() -> None:
    assert one("<|box_start|>(1000,1000)<|box_end|>", Size(1288, 728)).shapes == (Point(0.999 * 1288, 0.999 * 728),)


@pytest.mark.parametrize("number", ["-1", "1001", "1288", "1e308", "-1e308", "1e999", "9" * 32])
def test_a_place_off_the_screen_is_refused(number: str) -> None:
    with pytest.raises(BadModelOutput, match="thousandths, from 0 to 999"):
        parse_grounding(f"<|box_start|>({number},5)<|box_end|>", CANVAS)


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "(NaN,5)",
        "(nan,nan)",
        "(,)",
        "(5,)",
        "(5)",
        "=",
        "(1,2,3)",
        "(1,2),(3,4),(5,6)",
        "x=1 y=2",
        "(1,2",
        "(1,2),(3,",
        "(--1,2)",
        "(1..2,3)",
        "(e,E)",
        "(１２,３)",
        "(None,None)",
        "9" * 33 + ",1",
        "(0x10,5)",
    ],
)
@pytest.mark.parametrize("kind", ["box", "quad"])
def test_anything_else_between_marks_is_refused(inside: str, kind: str) -> None:
    for text in (f"<|{kind}_start|>{inside}<|{kind}_end|>", f"thought <|{kind}_start|>{inside}"):
        if text.startswith("<|box_start|>(1,2<"):
            continue  # a bracket may be missing before an end mark
        with pytest.raises(BadModelOutput, match=r"expected|coordinate"):
            parse_grounding(text, CANVAS)


def test_a_place_that_is_cut_off_is_refused() -> None:
    whole = "<|object_ref_start|>the cart<|object_ref_end|><|box_start|>(176,106),(232,160)<|box_end|>"
    for end in range(whole.index("(176") + 1, whole.index(")<|box_end|>")):
        cut = whole[:end]
        if cut.endswith((")", "),")):
            continue
        with pytest.raises(BadModelOutput):
            parse_grounding(cut, CANVAS)


def test_more_text_than_the_cap_is_refused() -> None:
    assert parse_grounding("x" * MAX_CHARS, CANVAS) == ()
    with pytest.raises(BadModelOutput, match=f"{MAX_CHARS + 1:,} characters; at most {MAX_CHARS:,}"):
        parse_grounding("x" * (MAX_CHARS + 1), CANVAS)


def test_what_is_written_is_the_form_that_the_model_knows() -> None:
    text = encode_grounding("the blue button", Box(10, 10, 20, 20), Canvas(size=Size(100, 50)))
    assert text == "<|object_ref_start|>the blue button<|object_ref_end|><|box_start|>(100,200),(200,400)<|box_end|>"


@pytest.mark.parametrize("description", ["<|box_start|>", "<|im_end|>", "x <tool_call> y"])
def test_a_description_cannot_smuggle_marks_in(description: str) -> None:
    with pytest.raises(UsageError, match="marks of the grammar"):
        encode_references([Reference(description=description, shapes=(Point(1, 1),))], CANVAS)


def test_results_are_finite() -> None:
    reference = one("<|box_start|>(0,0),(1000,1000)<|box_end|>", Size(1, 16_384))
    assert all(math.isfinite(value) for value in (reference.shapes[0].x1, reference.shapes[0].y2))  # type: ignore[union-attr]
