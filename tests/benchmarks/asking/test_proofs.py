"""Every suite that asks, in every published form: who knows scores 1, who says nothing 0."""

from pathlib import Path

import pytest
from clickwright.benchmarks.suite import Choice
from clickwright.benchmarks.suites.asking import SUITES
from clickwright.benchmarks.suites.proof import faults
from clickwright.benchmarks.suites.samples import SampleSuite

from .forms import FORMS, Write


def opened(name: str, folder: Path, **settings: str) -> SampleSuite:
    suite = SUITES[name].open(Choice(data=folder, settings=settings))
    assert isinstance(suite, SampleSuite)
    return suite


@pytest.mark.parametrize(("name", "write"), FORMS, ids=[write.__name__ for _, write in FORMS])
def test_who_knows_scores_one_and_who_is_silent_nothing(name: str, write: Write, tmp_path: Path) -> None:
    write(tmp_path)
    suite = opened(name, tmp_path)
    assert len(suite.keys()) > 0
    assert suite.metric == SUITES[name].metric
    assert list(faults(suite)) == []


def test_every_suite_is_drawn() -> None:
    assert {name for name, _ in FORMS} == set(SUITES)
