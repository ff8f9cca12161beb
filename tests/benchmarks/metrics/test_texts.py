"""Scores of answers in words, against values that were counted by hand or had from the benchmark's own script."""

from collections.abc import Sequence

import pytest
from clickwright.benchmarks.metrics.anls import anls
from clickwright.benchmarks.metrics.chart import relaxed_accuracy
from clickwright.benchmarks.metrics.inclusion import FORMULAS, OCRBENCH_QUESTIONS, mtvqa, ocrbench, ocrbench_group
from clickwright.benchmarks.metrics.mmmu import open_accuracy
from clickwright.benchmarks.metrics.vqa import processed, vqa_accuracy
from hypothesis import given
from hypothesis import strategies as st

WORDS = st.text("aAbß 1.,%-", max_size=9)


@pytest.mark.parametrize(
    ("answer", "truths", "score"),
    [
        ("Ann Lee", ["Ann Lee"], 1),
        ("ann  lee ", ["Ann Lee"], 1),
        ("An Lee", ["Ann Lee"], 1 - 1 / 7),
        ("May 6", ["May 5", "June 5"], 0.8),
        ("abcd", ["abxy"], 0.5),
        ("abc", ["axy"], 0),  # a third is below the threshold
        ("a  b", ["a c"], 1 - 1 / 4),  # the length is that of the text as it came, with both spaces
        ("", ["x"], 0),
        ("", [""], 1),
        ("x", [], 0),
    ],
)
def test_anls(answer: str, truths: Sequence[str], score: float) -> None:
    assert anls(answer, truths) == pytest.approx(score)


@given(WORDS, WORDS)
def test_anls_is_a_likeness(one: str, other: str) -> None:
    assert anls(one, [other]) == anls(other, [one])
    assert 0 <= anls(one, [other]) <= 1
    assert anls(one, [one]) == 1
    assert anls(one, [other, one]) == 1
    assert anls(one.upper(), [one.lower()]) >= anls(one, [other]) or "ß" in one


@pytest.mark.parametrize(
    ("answer", "truth", "is_right"),
    [
        ("14.7", "14", True),
        ("14.71", "14", False),
        ("13.3", "14", True),
        ("-14", "14", False),
        ("-14.5", "-14", True),
        ("12%", "0.12", True),
        ("12%", "12", False),
        ("12", "12%", False),
        ("0", "0", True),
        ("0.0", "0", False),  # of 0 no share can be taken: the script compares texts
        ("yes ", "Yes", True),
        ("Yes.", "Yes", False),
        ("2,000", "2000", False),
        ("1e3", "1000", True),
        ("[1, 2]", "[1, 2]", True),
    ],
)
def test_relaxed_accuracy(answer: str, truth: str, is_right: bool) -> None:
    assert relaxed_accuracy(answer, [truth]) == is_right
    assert relaxed_accuracy(answer, ["never", truth]) == is_right


@given(st.floats(1e-3, 1e6), st.floats(-0.2, 0.2))
def test_a_number_may_be_off_by_a_twentieth(true: float, off: float) -> None:
    told = true * (1 + off)
    assert relaxed_accuracy(repr(told), [repr(true)]) == (abs(told - true) / true <= 0.05)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("The Cat's hat", "cat 's hat"),
        ("two", "2"),
        ("None", "0"),
        ("1,000", "1000"),
        ("dont", "don't"),
        ("couldntve", "couldntve"),
        ("couldn'tve", "couldn't've"),
        ("somebody'd", "somebodyd"),
        ("its", "its"),
        ("3.5", "3.5"),
        ("3.", "3"),
        ("e.g. this", "eg this"),
        ("x-ray", "x ray"),
        ("well - done", "well done"),
        ("(hello!)", "hello"),
        ("a\nb\tc", "b c"),
        ("", ""),
    ],
)
def test_answers_are_processed_as_evalai_does(text: str, plain: str) -> None:
    """Checked against lmms-eval's EvalAIAnswerProcessor on these and on 20,000 random texts."""
    assert processed(text) == plain


PEOPLE = ["blue"] * 3 + ["navy"] * 2 + ["teal"] + ["cyan"] * 4


@pytest.mark.parametrize(
    ("answer", "score"),
    [
        ("Cyan!", 1.0),  # without one of the four, three are left; without another, four
        ("the blue", (3 * 2 / 3 + 7) / 10),
        ("navy", (2 * 1 / 3 + 8 * 2 / 3) / 10),
        ("teal", (0 + 9 * 1 / 3) / 10),
        ("red", 0.0),
        ("", 0.0),
    ],
)
def test_vqa_accuracy_is_agreement_with_the_others(answer: str, score: float) -> None:
    assert vqa_accuracy(answer, PEOPLE) == pytest.approx(score)


@given(WORDS, st.lists(WORDS, min_size=1, max_size=10))
def test_vqa_accuracy_is_a_share(answer: str, people: list[str]) -> None:
    assert 0 <= vqa_accuracy(answer, people) <= 1
    assert vqa_accuracy(answer.upper(), people) == vqa_accuracy(answer.lower(), people) or "ß" in answer
    assert vqa_accuracy(answer, [answer] * 4) == 1


@pytest.mark.parametrize(
    ("answer", "truths", "kind", "is_right"),
    [
        ("The word is centre.", ["CENTRE"], "Regular Text Recognition", True),
        ("center", ["CENTRE", "center"], "Regular Text Recognition", True),
        ("a\nb", ["a b"], "Doc-oriented VQA", True),
        ("x^{2}", ["x ^ { 2 }"], FORMULAS, True),
        ("X^{2}", ["x ^ { 2 }"], FORMULAS, False),
        ("x ^ 2", ["x^2"], "Doc-oriented VQA", False),
        ("", ["a"], FORMULAS, False),
    ],
)
def test_ocrbench_looks_for_the_truth_inside(answer: str, truths: Sequence[str], kind: str, is_right: bool) -> None:
    assert ocrbench(answer, truths, kind=kind) == is_right


def test_ocrbench_tells_five_groups_of_a_thousand_questions() -> None:
    sums: dict[str, int] = {}
    for kind, count in OCRBENCH_QUESTIONS.items():
        sums[ocrbench_group(kind)] = sums.get(ocrbench_group(kind), 0) + count
    assert list(sums.values()) == [300, 200, 200, 200, 100]


@pytest.mark.parametrize(
    ("answer", "truth", "is_right", "is_official"),
    [
        ("Es sind 3,5 kg.", "3,5 KG", True, True),
        ("3.5", "3.5", True, False),  # the benchmark's script keeps the stop of the truth
        ("35", "3.5", True, False),
        ("kg", "3,5 kg", False, False),
    ],
)
def test_mtvqa_looks_for_the_truth_inside(answer: str, truth: str, is_right: bool, is_official: bool) -> None:
    assert mtvqa(answer, [truth]) == is_right
    assert mtvqa(answer, [truth], is_official=True) == is_official


@pytest.mark.parametrize(
    ("answer", "truths", "is_right"),
    [
        ("The voltage is 3.50 V", ["3.5"], True),
        ("The voltage is 3.50 V", ["3.51"], False),
        ("So R = 12 ohms", ["12"], True),
        ("12", ["12.004"], True),  # both are rounded to two decimals
        ("1,200 people", ["1200"], True),
        ("It is twelve", ["12", "twelve"], True),
        ("Of 4 and 5, the answer is 5", ["4"], False),
        ("vitamin", ["a"], False),  # a single letter must stand at a space
        ("it is b c", ["b"], True),
        ("", ["a"], False),
    ],
)
def test_open_answers_of_mmmu(answer: str, truths: Sequence[str], is_right: bool) -> None:
    """Checked against the copy of MMMU's script in lmms-eval on 60,000 random texts, too."""
    assert open_accuracy(answer, truths) == is_right
