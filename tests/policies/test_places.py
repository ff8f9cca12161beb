"""Places in a text: brackets and marks without end are read in linear time."""

import time

import pytest
from clickwright.errors import BadModelOutput
from clickwright.policies.reading.limits import MAX_CHARS
from clickwright.policies.reading.places import place_spans, read_numbers


@pytest.mark.parametrize("piece", ["(", "( ", "<box>", "<|box_start|>", "([", "(1", "(1,", "（", "<point>["])
def test_openings_without_end_take_no_more_than_linear_time(piece: str) -> None:
    """Twenty times the text may take at most a hundred times as long; a quadratic scan would take four hundred."""

    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        began = time.thread_time()
        list(place_spans(text))
        return time.thread_time() - began

    short = min(seconds(MAX_CHARS // 20) for _ in range(3))
    assert min(seconds(MAX_CHARS) for _ in range(2)) < 100 * short + 0.05


@pytest.mark.parametrize(
    "text", ["((((1,2))))", "<point>[[1,2]]</point>", "<|box_start|>(1,2)<|box_end|>", "( [ 1, 2 )"]
)
def test_a_place_stands_behind_any_number_of_openings(text: str) -> None:
    (spans,) = place_spans(text)
    assert [text[start:end] for start, end in spans] == ["1", "2"]


@pytest.mark.parametrize("text", ["(123,4", "[0.49, 0.4", "Click(x=12, y=3", "<point>12 3", "[12,34,56,7", "(12, 34%)"])
def test_a_place_that_nothing_closes_is_none(text: str) -> None:
    """Its last number may be cut off."""
    assert list(place_spans(text)) == []


@pytest.mark.parametrize("text", ["(y=3, x=4)", "[x1=1, x2=3, y1=2, y2=4]"])
def test_a_place_whose_y_is_named_before_its_x_is_none(text: str) -> None:
    assert list(place_spans(text)) == []
    with pytest.raises(BadModelOutput, match="expected a place"):
        read_numbers(text)


@pytest.mark.parametrize("text", ["(12,3", "[[12, 3"])
def test_a_text_is_no_place_where_its_bracket_is_not_closed(text: str) -> None:
    with pytest.raises(BadModelOutput, match="expected a place"):
        read_numbers(text)


def test_numbers_with_names_in_order_are_a_place() -> None:
    assert read_numbers("(x1=1, y1=2, x2=3, y2=4)") == read_numbers("1,2,3,4") == (1, 2, 3, 4)
