"""A small part of the pairs of pictures. `python -m clickwright.reliability.pairs` compares all of them."""

import pytest
from clickwright.reliability.pairs import pairs_of
from clickwright.testing.looks import compare

EVERY = 5


@pytest.mark.slow
def test_the_comparison_sees_what_a_person_sees() -> None:
    pairs = pairs_of(3, every=EVERY)
    assert {pair.same for pair in pairs} == {True, False}
    assert [pair.name for pair in pairs if compare(pair.before, pair.after).same != pair.same] == []


@pytest.mark.slow
def test_pairs_are_pairs_of_two_pictures_and_the_same_for_the_same_seed() -> None:
    first, again = (pairs_of(7, every=22) for _ in range(2))
    assert [pair.after.frame for pair in first] == [pair.after.frame for pair in again]
    assert all(pair.before.frame != pair.after.frame for pair in first)
