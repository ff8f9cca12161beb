"""Places in a text: brackets and marks without end are read in linear time."""

import time

import pytest
from clickwright.policies.reading.limits import MAX_CHARS
from clickwright.policies.reading.places import place_spans


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


@pytest.mark.parametrize("text", ["((((1,2))))", "<point>[[1,2]]</point>", "<|box_start|>(1,2)<|box_end|>", "( [ 1, 2"])
def test_a_place_stands_behind_any_number_of_openings(text: str) -> None:
    (spans,) = place_spans(text)
    assert [text[start:end] for start, end in spans] == ["1", "2"]
