"""pass@k, power and calibration: by hand, from the literature, and by trying it out."""

from itertools import combinations

import numpy as np
import pytest
from clickwright.benchmarks.statistics import (
    all_of_k,
    any_of_k,
    at_each_k,
    reliability,
    smallest_difference,
    smallest_mean_difference,
    smallest_paired_difference,
    worth,
)
from clickwright.errors import UsageError
from hypothesis import given, settings
from hypothesis import strategies as st

ATTEMPTS = st.lists(st.booleans(), min_size=1, max_size=7)
SURE = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


@settings(max_examples=50)
@given(ATTEMPTS, st.integers(1, 7))
def test_k_attempts_are_every_draw_of_k(attempts: list[bool], k: int) -> None:
    k = min(k, len(attempts))
    draws = list(combinations(attempts, k))
    n, successes = len(attempts), sum(attempts)
    assert any_of_k(n, successes, k) == pytest.approx(sum(map(any, draws)) / len(draws))
    assert all_of_k(n, successes, k) == pytest.approx(sum(map(all, draws)) / len(draws))


def test_more_attempts_than_there_are_cannot_be_drawn() -> None:
    with pytest.raises(UsageError, match="5 attempts"):
        any_of_k(5, 2, 6)


def test_pass_at_k_goes_as_far_as_every_task_was_tried() -> None:
    """Of 4 attempts with 2 successes, 5 of 6 pairs hold one and 1 of 6 is all successes; of 3 with none, no pair."""
    first, second, third = at_each_k([(4, 2), (3, 0)], ["a", "b"])
    assert (first.any.value, first.all.value) == (0.25, 0.25)
    assert (second.any.value, second.all.value) == (pytest.approx(5 / 12), pytest.approx(1 / 12))
    assert (third.k, third.any.value, third.all.value) == (3, 0.5, 0)
    assert at_each_k([], []) == ()


def test_the_smallest_difference_is_that_of_fleiss() -> None:
    """From 50 to 60 %: (1.96 √(2·0.55·0.45) + 0.8416 √(0.25 + 0.24))² / 0.1² = 387.3 attempts in each run."""
    assert smallest_difference(0.5, 387.34) == pytest.approx(0.1, abs=1e-4)


def test_the_smallest_paired_difference_is_that_of_connor() -> None:
    """20 % differ, by 10 points: (1.96 √0.2 + 0.8416 √(0.2 - 0.01))² / 0.1² = 154.6 attempts."""
    assert smallest_paired_difference(0.2, 154.6) == pytest.approx(0.1, abs=1e-4)


def test_a_mean_difference_is_seen_at_2_8_standard_errors() -> None:
    assert smallest_mean_difference(0.3, 200) == pytest.approx(2.8016 * 0.3 * (2 / 200) ** 0.5, abs=1e-4)


def test_near_1_the_difference_goes_down_and_few_attempts_see_nothing() -> None:
    assert smallest_difference(1.0, 100) == pytest.approx(smallest_difference(0.0, 100))
    assert smallest_difference(0.5, 3) is None
    assert smallest_paired_difference(0.0, 100) is None
    assert smallest_paired_difference(0.05, 20) is None


def test_a_difference_of_that_size_is_seen_four_times_in_five() -> None:
    random = np.random.default_rng(5)
    n, rate = 400, 0.3
    gap = smallest_difference(rate, n)
    assert gap is not None
    one, other = random.binomial(n, rate, 20_000) / n, random.binomial(n, rate + gap, 20_000) / n
    both = (one + other) / 2
    seen = np.abs(one - other) > 1.959964 * np.sqrt(2 * both * (1 - both) / n)
    assert np.mean(seen) == pytest.approx(0.8, abs=0.015)


def test_attempts_are_worth_what_they_add() -> None:
    alike = [float(task < 5) for task in range(10) for _ in range(6)]
    mixed = [float(seed % 2) for _ in range(10) for seed in range(6)]
    tasks = [str(task) for task in range(10) for _ in range(6)]
    assert worth(alike, tasks) == 10
    assert worth(mixed, tasks) == 60
    assert worth(alike, [str(number) for number in range(60)]) == 60


def test_the_calibration_error_by_hand() -> None:
    """Two at 0.95, one right: 0.45 apart; three at 0.6, all right: 0.4 apart."""
    found = reliability([0.95, 0.95, 0.6, 0.6, 0.6], [1, 0, 1, 1, 1])
    assert found is not None
    assert found.error == pytest.approx((2 * 0.45 + 3 * 0.4) / 5)
    assert [(each.low, each.high, each.score.n) for each in found.bins] == [(0.5, 0.6, 3), (0.9, 1.0, 2)]
    assert [each.score.value for each in found.bins] == [1, 0.5]


@settings(max_examples=50)
@given(SURE)
def test_each_attempt_is_in_the_bin_of_its_confidence(sure: list[tuple[float, bool]]) -> None:
    found = reliability([confidence for confidence, _ in sure], [float(is_right) for _, is_right in sure])
    assert found is not None
    assert sum(each.score.n for each in found.bins) == len(sure)
    assert all(each.low - 1e-9 <= each.confidence <= each.high + 1e-9 for each in found.bins)
    assert 0 <= found.error <= 1


def test_nothing_sure_has_no_curve() -> None:
    assert reliability([], []) is None
