"""Mind2Web: words of an operation, and averages over tasks. Golden cases are of SeeClick's and UGround's scripts."""

import pytest
from clickwright.benchmarks.metrics.mind2web import operation, operation_f1
from hypothesis import given
from hypothesis import strategies as st

WORDS = st.lists(st.sampled_from(["CLICK", "TYPE", "new", "york", "-", "08817"]), max_size=5).map(" ".join)


@pytest.mark.parametrize(
    ("said", "right", "f1"),
    [
        ("CLICK", "CLICK", 1),
        ("TYPE new york", "TYPE new york city", 6 / 7),
        ("TYPE york new", "TYPE new york", 1),
        ("CLICK", "TYPE new", 0),
        ("", "CLICK", 0),
        ("", "", 1),
        ("TYPE -", "TYPE", 2 / 3),
    ],
)
def test_words_of_an_operation(said: str, right: str, f1: float) -> None:
    assert operation_f1(said, right) == pytest.approx(f1)


def test_uground_leaves_punctuation_out() -> None:
    assert operation_f1("TYPE -", "type", drop_punctuation=True) == 1
    assert operation_f1("TYPE 1,000", "TYPE 1000", drop_punctuation=True) == 0.5


@given(WORDS, WORDS)
def test_f1_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0 <= operation_f1(one, other) <= 1
    assert operation_f1(one, other) == operation_f1(other, one)
    assert operation_f1(one, one) == 1


def test_hovering_and_the_enter_key_count_as_clicks() -> None:
    assert operation("HOVER") == operation("ENTER") == operation("CLICK", "nothing") == "CLICK"
    assert operation("TYPE", "New York") == "TYPE new york"
