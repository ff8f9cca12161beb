"""Intervals agree with what was published and with scipy, and hold what intervals promise."""

from math import isclose

import numpy as np
import pytest
from clickwright.benchmarks.statistics import estimate, estimate_macro, wilson
from clickwright.errors import UsageError
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

SCORES = st.lists(st.floats(0, 1).map(lambda score: round(score, 3)), min_size=1, max_size=30)
OUTCOMES = st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=30)
TRIED = st.lists(st.tuples(st.sampled_from("abcdef"), st.floats(0, 1)), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_that_of_newcombe_1998(successes: int, n: int, low: float, high: float) -> None:
    found = wilson(successes, n)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_a_rate_of_no_attempts_is_refused() -> None:
    with pytest.raises(UsageError, match="no attempts"):
        wilson(0, 0)
    with pytest.raises(UsageError, match="no attempts"):
        estimate([])
    with pytest.raises(UsageError, match="scores in each"):
        estimate_macro([([1.0], ["a"]), ([], [])])


@settings(max_examples=40)
@given(OUTCOMES)
def test_single_attempts_that_are_right_or_wrong_have_wilsons_interval(outcomes: list[float]) -> None:
    assert estimate(outcomes).interval == wilson(int(sum(outcomes)), len(outcomes))


@settings(max_examples=40)
@given(TRIED)
def test_an_interval_holds_its_estimate_stays_in_0_to_1_and_has_a_width(tried: list[tuple[str, float]]) -> None:
    found = estimate([score for _, score in tried], [task for task, _ in tried])
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.interval.width > 0
    assert found.n == len(tried)


@pytest.mark.parametrize("score", [0.0, 1.0, 0.4])
@pytest.mark.parametrize("seeds", [1, 5])
def test_what_always_ends_alike_is_not_certain(score: float, seeds: int) -> None:
    """Five attempts at each of eight tasks are counted as eight: they may well be alike."""
    tasks = [f"task {number}" for number in range(8) for _ in range(seeds)]
    found = estimate([score] * len(tasks), tasks)
    assert found.interval.width > 0.3
    assert found.low <= score <= found.high


@settings(max_examples=40)
@given(TRIED, st.randoms())
def test_the_order_of_rows_and_the_names_of_tasks_change_nothing(tried: list[tuple[str, float]], random) -> None:
    shuffled = random.sample(tried, len(tried))
    one = estimate([score for _, score in tried], [task for task, _ in tried])
    other = estimate([score for _, score in shuffled], [f"the task {task}" for task, _ in shuffled])
    assert isclose(one.low, other.low, abs_tol=1e-9)
    assert isclose(one.high, other.high, abs_tol=1e-9)
    assert one.value == other.value


@settings(max_examples=40)
@given(SCORES)
def test_tasks_tried_once_are_drawn_as_plain_attempts_are(scores: list[float]) -> None:
    assert estimate(scores, [f"task {number}" for number in range(len(scores))]) == estimate(scores)


@settings(max_examples=40)
@given(SCORES)
def test_attempts_at_a_single_task_are_attempts(scores: list[float]) -> None:
    assert estimate(scores, ["the task"] * len(scores)).interval == estimate(scores).interval


@pytest.mark.parametrize("method", ["bca", "percentile"])
def test_the_bootstrap_agrees_with_scipys(method: str) -> None:
    """Skewed scores of 60 tasks, tried 1 to 4 times each; the ends differ by no more than other draws of scipy's do."""
    random = np.random.default_rng(7)
    tries = random.integers(1, 5, 60)
    sums = np.array([random.beta(0.4, 1.6, count).sum() for count in tries])
    tasks = [str(task) for task, count in enumerate(tries) for _ in range(count)]
    scores = [total / count for total, count in zip(sums, tries, strict=True) for _ in range(count)]
    found = estimate(scores, tasks, method=method)  # pyright: ignore
    known = stats.bootstrap(
        (sums, tries),
        lambda total, count, axis: total.sum(axis=axis) / count.sum(axis=axis),
        paired=True,
        method=method,
        n_resamples=20_000,
        rng=np.random.default_rng(3),
    ).confidence_interval
    assert found.low == pytest.approx(known.low, abs=0.006)
    assert found.high == pytest.approx(known.high, abs=0.006)


def test_drawing_kinds_of_tasks_is_drawing_tasks() -> None:
    """400 tasks of two kinds are drawn by how often each kind comes, 400 of many kinds one by one."""
    few = [float(number % 4 == 0) for number in range(400) for _ in range(2)]
    many = [score + 1e-6 * (number // 2) * (1 - 2 * score) for number, score in enumerate(few)]
    tasks = [str(number // 2) for number in range(800)]
    one, other = estimate(few, tasks), estimate(many, tasks)
    assert one.low == pytest.approx(other.low, abs=0.005)
    assert one.high == pytest.approx(other.high, abs=0.005)


def test_intervals_by_task_hold_the_truth_as_often_as_they_say_and_wilsons_do_not() -> None:
    """40 tasks that are each nearly always or hardly ever solved, five seeds: the true rate is 0.5."""
    random = np.random.default_rng(11)
    tasks = [str(task) for task in range(40) for _ in range(5)]
    held = naive = 0
    for _ in range(300):
        chances = np.where(random.random(40) < 0.5, 0.95, 0.05)
        scores = (random.random((40, 5)) < chances[:, None]).astype(float).ravel().tolist()
        by_task, alone = estimate(scores, tasks), estimate(scores)
        held += by_task.low <= 0.5 <= by_task.high
        naive += alone.low <= 0.5 <= alone.high
    assert held / 300 > 0.91
    assert naive / 300 < 0.75


def test_a_macro_average_is_the_mean_of_the_parts_and_not_of_the_attempts() -> None:
    parts = [([1.0] * 90, ["a"] * 90), ([0.0, 1.0, 0.0, 0.0] * 3, [str(n) for n in range(12)])]
    found = estimate_macro(parts)
    assert found.value == pytest.approx((1 + 0.25) / 2)
    assert found.low < found.value < found.high
    assert found.n == 102


def test_a_macro_average_may_have_a_large_part_and_a_small_one() -> None:
    """1,200 attempts are drawn half as often as 20 are; both parts of the mean must be drawn alike."""
    large, small = [n / 1200 for n in range(1200)], [n / 20 for n in range(20)]
    found = estimate_macro([(large, [str(n) for n in range(1200)]), (small, [str(n) for n in range(20)])])
    assert found.low < found.value < found.high


def test_a_macro_average_of_certain_parts_has_a_width() -> None:
    """Parts of 20 and 5 are worth 2² / (1/20 + 1/5) = 16 attempts."""
    found = estimate_macro([([1.0] * 20, [str(n) for n in range(20)]), ([1.0] * 5, [str(n) for n in range(5)])])
    assert found.value == found.high == 1
    assert found.low == wilson(16, 16).low
