"""What is published about checkpoints, and what would measure it: every figure has a command or a reason."""

from pathlib import Path

import pytest
from clickwright.benchmarks.published import NONE_YET, SUITES, table
from clickwright.benchmarks.suites import SUITES as KNOWN
from clickwright.policies.profiles import PROFILES

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks" / "published.md"
SCORES = [score for profile in PROFILES.values() for checkpoint in profile.checkpoints for score in checkpoint.scores]


def test_the_page_is_what_the_command_prints() -> None:
    assert PAGE.read_text("utf-8").rstrip().splitlines()[-len(list(table())) :] == list(table())


def test_every_published_figure_has_a_suite_or_a_reason_why_not() -> None:
    assert {score.benchmark for score in SCORES} == {*SUITES, *NONE_YET}


@pytest.mark.parametrize("benchmark", sorted(SUITES))
def test_the_suites_that_measure_them_exist(benchmark: str) -> None:
    assert SUITES[benchmark].split()[0] in KNOWN
