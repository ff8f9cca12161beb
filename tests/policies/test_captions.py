"""Captions with places: native marks in running text, and lists of boxes in JSON."""

import json

import pytest
from clickwright.errors import BadModelOutput
from clickwright.policies.grammars import SEEN_PIXELS, Canvas, Reference
from clickwright.policies.grammars.captions import parse_caption
from clickwright.policies.reading.limits import MAX_CHARS
from clickwright.screen import Box, Point, Quad, Size
from hypothesis import given
from hypothesis import strategies as st

CANVAS = Canvas(size=Size(1000, 1000))
REF, REF_END = "<|object_ref_start|>", "<|object_ref_end|>"
WOMAN = f"{REF} Woman{REF_END}<|box_start|>(451,379),(731,806)<|box_end|>"
DOG = f"{REF} her dog{REF_END}<|box_start|>(219,424),(576,896)<|box_end|>"


def test_a_caption_keeps_its_words_and_numbers_its_places() -> None:
    caption = parse_caption(f"{WOMAN} and{DOG} playing on the beach", CANVAS)
    assert caption.words == "Woman [1] and her dog [2] playing on the beach"
    assert caption.references == (
        Reference(description="Woman", shapes=(Box(451, 379, 731, 806),)),
        Reference(description="her dog", shapes=(Box(219, 424, 576, 896),)),
    )


@pytest.mark.parametrize(
    ("text", "words", "count"),
    [
        (f"{REF}cups{REF_END}<|box_start|>(1,2)<|box_end|><|box_start|>(3,4)<|box_end|>.", "cups [1] [2].", 2),
        (f"{REF}a dog{REF_END} sleeps.", "a dog sleeps.", 0),
        ("<|box_start|>(1,2),(3,4)<|box_end|> is it", "[1] is it", 1),
        ("It is <|box_start|>(1,2),(3,4) and more", "It is [1] and more", 1),  # no end mark
        (f"{REF}EXIT{REF_END}<|quad_start|>(1,2),(9,2),(9,5),(1,5)<|quad_end|>", "EXIT [1]", 1),
        ("No place at all (3, 4).", "No place at all (3, 4).", 0),
        ("", "", 0),
    ],
)
def test_marks_become_readable_words(text: str, words: str, count: int) -> None:
    caption = parse_caption(text, CANVAS)
    assert (caption.words, sum(len(reference.shapes) for reference in caption.references)) == (words, count)


@pytest.mark.parametrize(
    "text",
    [
        '```json\n[\n\t{"bbox_2d": [100, 50, 200, 100], "label": "a dog"}\n]\n```',
        '[{"bbox_2d": [100, 50, 200, 100], "label": "a dog"}]',
        "{'objects': [{'bbox_2d': [200, 100, 100, 50], 'label': ' a dog'}]}",
    ],
)
def test_boxes_in_json_are_pixels_of_the_picture_as_it_was_read(text: str) -> None:
    canvas = Canvas(size=Size(2000, 500), space=SEEN_PIXELS, seen=Size(1000, 500))
    caption = parse_caption(text, canvas)
    assert caption.references == (Reference(description="a dog", shapes=(Box(200, 50, 400, 100),)),)
    assert caption.words == ""


def test_json_may_stand_behind_words_and_hold_points_and_things_without_a_place() -> None:
    text = 'Here:\n```json\n[{"point_2d": [1, 2]}, {"label": "nowhere"}, {"bbox_2d": [1, 2, 3, 4], "sub_label": 7}]```'
    caption = parse_caption(text, CANVAS)
    assert caption.words == "Here:"
    assert caption.references == (
        Reference(description="", shapes=(Point(1, 2),)),
        Reference(description="7", shapes=(Box(1, 2, 3, 4),)),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[{"bbox_2d": [1, 2, 3, 4], "label": "a"}, {"bbox_2d": [5, 6', "cut off|expected"),
        ('[{"bbox_2d": [1, 2, 3], "label": "a"}]', "expected a place"),
        ('[{"bbox_2d": "under the tree"}]', "expected a place"),
        ('[{"bbox_2d": [1, 2, 3, 4000]}]', "off the screen"),
        (f"{REF}a{REF_END}<|box_start|>(1,2,3)<|box_end|>", "expected"),
        ("x" * (MAX_CHARS + 1), "characters"),
        ('{"bbox_2d":' * 2000, "bbox_2d|brackets|deep|nest"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, says: str) -> None:
    with pytest.raises(BadModelOutput) as fault:
        parse_caption(text, CANVAS)
    assert any(word in str(fault.value) for word in says.split("|")), fault.value


PIECES = [REF, REF_END, "<|box_start|>", "<|box_end|>", "<|quad_start|>", "<|quad_end|>", "(1,2)", "(3,4),", " a"]
PIECES += ['{"bbox_2d": [1,2,3,4]', '"label": "x"', "}", "[", "]", "{", ", ", "```", "\\", '"', "point_2d"]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join))
def test_any_text_is_a_caption_or_bad_output(text: str) -> None:
    try:
        caption = parse_caption(text, CANVAS)
    except BadModelOutput:
        return
    shapes = [shape for reference in caption.references for shape in reference.shapes]
    assert all(isinstance(shape, Point | Box | Quad) for shape in shapes)
    assert not any(mark in caption.words for mark in PIECES[:6])


@given(st.lists(st.tuples(st.integers(0, 998), st.integers(0, 998), st.text(max_size=12)), max_size=8))
def test_every_box_of_a_list_is_read_in_order(boxes: list[tuple[int, int, str]]) -> None:
    listed = [{"bbox_2d": [x, y, x + 1, y + 1], "label": label} for x, y, label in boxes]
    read = parse_caption(json.dumps(listed), CANVAS).references
    assert [(reference.shapes, reference.description) for reference in read] == [
        ((Box(x, y, x + 1, y + 1),), label.strip()) for x, y, label in boxes
    ]
