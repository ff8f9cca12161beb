"""Paired tests give the p-values that can be counted by hand, and those of the literature."""

from collections.abc import Sequence

import pytest
from clickwright.benchmarks.statistics import estimate_difference, mcnemar, newcombe, pair, sign_flip
from clickwright.errors import UsageError
from hypothesis import given, settings
from hypothesis import strategies as st

DARWIN = (49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48)
"""Heights of crossed less those of self-fertilised maize, in eighths of an inch (Fisher, The Design of Experiments)."""
SCORES = st.floats(0, 1).map(lambda value: round(value, 2)) | st.sampled_from([0.0, 1.0])
CHANGES = st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=1, max_size=13)
DIFFERENCES = st.lists(
    st.tuples(st.sampled_from("abcd"), st.floats(-1, 1).map(lambda value: round(value, 2))), min_size=1, max_size=20
)


def single(values: Sequence[float]) -> list[str]:
    return [str(number) for number in range(len(values))]


def test_fishers_permutation_of_darwins_maize() -> None:
    """863 of 32,768 ways of flipping signs are as far up; Fisher 1935, section 21."""
    assert sign_flip(DARWIN, single(DARWIN), resamples=2**15) == pytest.approx(2 * 863 / 2**15)


def test_drawn_signs_come_close_to_all_of_them() -> None:
    assert sign_flip(DARWIN, single(DARWIN)) == pytest.approx(2 * 863 / 2**15, abs=0.01)


@pytest.mark.parametrize(("only_a", "only_b", "p"), [(1, 5, 14 / 64), (0, 6, 2 / 64), (3, 3, 1.0), (0, 0, 1.0)])
def test_mcnemar_counts_the_ways(only_a: int, only_b: int, p: float) -> None:
    assert mcnemar(only_a, only_b) == pytest.approx(p)


@settings(max_examples=40)
@given(CHANGES)
def test_flipping_signs_of_single_attempts_is_mcnemars_test(changes: list[float]) -> None:
    assert sign_flip(changes, single(changes)) == pytest.approx(mcnemar(changes.count(-1), changes.count(1)))


@settings(max_examples=40)
@given(DIFFERENCES, st.randoms())
def test_a_p_value_is_above_0_at_most_1_and_the_same_in_any_order(tried: list[tuple[str, float]], random) -> None:
    shuffled = random.sample(tried, len(tried))
    one, other = (sign_flip([value for _, value in each], [task for task, _ in each]) for each in (tried, shuffled))
    assert 0 < one <= 1
    assert one == pytest.approx(other)


def test_repeats_of_a_task_are_no_further_evidence() -> None:
    """Four tasks, all better: at best 2 of 16 ways, however often each is tried."""
    assert sign_flip([1.0] * 4, list("abcd")) == pytest.approx(2 / 16)
    assert sign_flip([1.0] * 40, list("abcd") * 10) == pytest.approx(2 / 16)


def test_many_tasks_are_judged_as_drawing_would_judge_them() -> None:
    changes = [1.0] * 530 + [-1.0] * 471
    assert sign_flip(changes, single(changes)) == pytest.approx(mcnemar(471, 530), abs=0.005)
    assert 0 < sign_flip([1.0] * 20_000, single([1.0] * 20_000)) < 1e-300


@pytest.mark.parametrize(
    ("both", "only_b", "only_a", "neither", "low", "high"),
    [(36, 12, 2, 0, 0.0569, 0.3404), (36, 14, 0, 0, 0.1528, 0.4167), (0, 54, 0, 0, 0.9061, 1.0)],
)
def test_newcombes_interval_for_pairs(
    both: int, only_b: int, only_a: int, neither: int, low: float, high: float
) -> None:
    """Newcombe 1998, Statistics in Medicine 17, 2635-2650, table II, method 10."""
    a = [1.0] * both + [0.0] * only_b + [1.0] * only_a + [0.0] * neither
    b = [1.0] * both + [1.0] * only_b + [0.0] * only_a + [0.0] * neither
    found = newcombe(a, b)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert estimate_difference(a, b, single(a)).interval == found


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("abcd"), SCORES, SCORES), min_size=1, max_size=20))
def test_a_difference_lies_in_its_interval(tried: list[tuple[str, float, float]]) -> None:
    tasks, a, b = ([each[place] for each in tried] for place in range(3))
    found, turned = estimate_difference(a, b, tasks), estimate_difference(b, a, tasks)
    assert -1 <= found.low <= found.value <= found.high <= 1
    assert found.interval.width > 0
    assert turned.value == pytest.approx(-found.value)


def test_runs_that_agree_everywhere_may_still_differ_a_little() -> None:
    """0 of 20 attempts differ: by Wilson's interval up to 16 % might."""
    for score in (0.0, 0.7):
        found = estimate_difference([score] * 20, [score] * 20, single([0.0] * 20))
        assert (round(found.low, 3), found.value, round(found.high, 3)) == (-0.161, 0, 0.161)


def test_few_tasks_have_at_least_the_interval_of_independent_attempts() -> None:
    """Three tasks tried five times each: drawn again they have but ten different means."""
    a, b = [0.0, 0.0, 0.0, 1.0, 1.0] * 3, [0.0, 0.0, 1.0, 1.0, 1.0] * 2 + [0.0, 1.0, 1.0, 1.0, 1.0]
    found = estimate_difference(a, b, [str(number // 5) for number in range(15)])
    least = newcombe(a, b)
    assert (found.low, found.high) == (least.low, least.high)


def test_attempts_are_paired_and_what_only_one_has_is_counted() -> None:
    task_of = dict.fromkeys(range(6), "the task")
    pairs = pair({0: 1.0, 1: 0.0, 2: None, 3: 1.0}, {1: 1.0, 2: 1.0, 3: 1.0, 4: 0.0, 5: None}, task_of)
    assert [(each.key, each.difference) for each in pairs.every] == [(1, 1.0), (3, 0.0)]
    assert (pairs.only_a, pairs.only_b, pairs.unscored) == (1, 2, 1)


def test_no_common_attempts_are_refused() -> None:
    with pytest.raises(UsageError, match="both runs"):
        estimate_difference([], [], [])
