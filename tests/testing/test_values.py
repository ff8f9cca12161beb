"""What stands on a screen, as values."""

import re
from datetime import date
from decimal import Decimal
from typing import Literal

import pytest
from clickwright.testing import CheckFailed
from clickwright.testing.values import plain_number, value_of
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel


@pytest.mark.parametrize(
    ("text", "wanted", "value"),
    [
        ("€ 1,299.50", Decimal, Decimal("1299.50")),
        ("1.299,50 €", Decimal, Decimal("1299.50")),
        ("1 299,50 €", Decimal, Decimal("1299.50")),
        ("CHF 1'299.50", Decimal, Decimal("1299.50")),
        ("1,299 items", int, 1299),
        ("1,299,000", int, 1299000),
        ("12,5 %", float, 12.5),
        ("0.125", float, 0.125),
        ("0,500 kg", Decimal, Decimal("0.500")),
        ("12345.678", float, 12345.678),
        ("1 299.500", Decimal, Decimal("1299.500")),
        ("from .5 on", float, 0.5),
        ("12,34,567.50", Decimal, Decimal("1234567.50")),
        ("-3", int, -3),
        ("3 mugs", int, 3),
        ("true", bool, True),
        ("2026-11-27", date, date(2026, 11, 27)),
        ("Oslo", str, "Oslo"),
        ("large", Literal["small", "large"], "large"),
    ],
)
def test_a_text_is_read_as_a_type(text: str, wanted: type, value: object) -> None:
    assert value_of(text, wanted, what="it") == value


class Price(BaseModel):
    amount: Decimal


@pytest.mark.parametrize(
    ("text", "wanted", "words"),
    [
        ("free", Decimal, "the total should be a number, but the screen shows 'free'"),
        ("2 of 3", int, "the total should be one number, but '2 of 3' holds 2"),
        ("10 20", int, "the total should be one number, but '10 20' holds 2"),
        ("1 2999", int, "holds 2"),
        ("2026 100", int, "holds 2"),
        ("0 299", int, "holds 2"),
        ("1.2.3", int, "the total should be a whole number, but the screen shows '1.2.3'"),
        ("27.11.2026", int, "the total should be a whole number"),
        ("1.5", int, "the total should be a whole number, but the screen shows '1.5'"),
        ("12", Price, "the total should be Price"),
    ],
)
def test_what_is_no_such_value_fails_with_what_is_there(text: str, wanted: type, words: str) -> None:
    with pytest.raises(CheckFailed, match=words):
        value_of(text, wanted, what="the total")


@given(st.integers(-(10**12), 10**12), st.sampled_from(["{:,}", "{}"]))
def test_whole_numbers_are_read_back(number: int, form: str) -> None:
    assert value_of(form.format(number), int, what="it") == number


@given(st.decimals(-(10**9), 10**9, places=2, allow_nan=False))
def test_prices_are_read_back(price: Decimal) -> None:
    assert value_of(f"€ {price:,}", Decimal, what="it") == price
    swapped = f"{price:,}".translate(str.maketrans(",.", ".,"))
    assert value_of(f"{swapped} €", Decimal, what="it") == price


@given(st.decimals(0, 10**9, places=3, allow_nan=False), st.sampled_from(".,"))
def test_a_mark_before_three_digits_divides_only_what_can_be_thousands(number: Decimal, mark: str) -> None:
    is_divided = 1 <= number < 1000
    said = str(number).replace(".", mark)
    assert value_of(said, Decimal, what="it") == (number * 1000 if is_divided else number)


@given(st.lists(st.integers(0, 10**7), min_size=2, max_size=4), st.sampled_from("'\u00a0\u202f "))
def test_numbers_side_by_side_are_one_only_where_they_are_groups_of_thousands(parts: list[int], blank: str) -> None:
    said = blank.join(map(str, parts))
    if all(100 <= part < 1000 for part in parts[1:]) and 1 <= parts[0] < 1000:
        assert value_of(said, int, what="it") == int("".join(map(str, parts)))
    else:
        with pytest.raises(CheckFailed, match="should be one number"):
            value_of(said, int, what="it")


@given(st.text(alphabet="0123456789.,'  -+"))
def test_any_digits_and_marks_are_a_number_or_none(text: str) -> None:
    assert re.fullmatch(r"[-+\d.]*", plain_number(text))
