"""Some of the changes of the demo site: what a person would call the same is found, and nothing else is.

`python -m clickwright.reliability.mutations` goes through all of them.
"""

import asyncio

import pytest
from clickwright.reliability.mutations import cases_of, go_through

EVERY = 13
"""One of so many changes is tried here."""


def test_there_are_many_changes_of_each_sort_and_a_seed_says_which() -> None:
    cases = cases_of(1)
    expected = [case.kind.expected for case in cases]
    assert len(cases) >= 150
    assert len({case.kind.name for case in cases}) >= 80
    assert min(expected.count("same"), expected.count("defect")) >= 40
    assert expected.count("reworded") >= 10
    assert cases == cases_of(1)
    assert cases != cases_of(2)


@pytest.mark.slow
def test_what_is_the_same_is_found_and_nothing_else() -> None:
    gone = asyncio.run(go_through(cases_of(1)[::EVERY]))
    assert len(gone) >= 12
    assert [f"{one.case.kind.name}: {one.case.thing.name}: {one.note}" for one in gone if one.is_false_pass] == []
    assert [f"{one.case.kind.name}: {one.case.thing.name}: {one.note}" for one in gone if one.is_false_failure] == []
    assert all(one.note.endswith(one.note.strip()) and one.note for one in gone if one.got == "nothing")
