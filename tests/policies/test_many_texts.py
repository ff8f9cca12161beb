"""Languages by the thousand: what the nightly measurement does with a million texts, here with a few of each."""

from contextlib import suppress
from random import Random

import pytest
from clickwright.errors import BadModelOutput
from clickwright.perf.parsers import HOSTILE, readers, round_trips, shuffled
from clickwright.policies.profiles import PROFILES

TEXTS = 50_000
ACTIONS = 1_500


@pytest.mark.parametrize("name", list(PROFILES))
def test_texts_of_marks_are_read_or_refused(name: str) -> None:
    """All profiles together read `TEXTS`; perf/parsers.py reads a million."""
    random = Random(name)
    for _, read in readers(PROFILES[name]):
        for _ in range(TEXTS // len(PROFILES) // 2):
            with suppress(BadModelOutput):
                assert read(shuffled(random)) is not None
        for mark in HOSTILE:
            for length in (1, 7, 2_000, 100_000):
                with suppress(BadModelOutput):
                    assert read((mark * length)[:length]) is not None


@pytest.mark.parametrize("name", [name for name, profile in PROFILES.items() if profile.act])
def test_random_actions_come_back_as_they_were_written(name: str) -> None:
    """perf/parsers.py does the same with a hundred thousand each."""
    assert round_trips(PROFILES[name], ACTIONS, Random(name)) > ACTIONS // 30
