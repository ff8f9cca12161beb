"""MathVista by rules: what is found in the words, and how it is compared."""

import pytest
from clickwright.benchmarks.metrics.mathvista import Problem, extracted, mathvista
from hypothesis import given
from hypothesis import strategies as st

CITY = Problem(truth="tokyo", choices=("hong kong", "osaka", "shanghai", "tokyo"))
WHOLE = Problem(truth="14", kind="integer")
TENTHS = Problem(truth="1.2", kind="float", precision=1)
YEARS = Problem(truth="[2007, 2008]", kind="list")
FREE = Problem(truth="blue", kind="text")


@pytest.mark.parametrize(
    ("answer", "problem", "short", "is_right"),
    [
        ("tokyo", CITY, "tokyo", True),
        ("D", CITY, "D", True),
        ("The correct answer is (D) tokyo.", CITY, "D", True),
        ("B", CITY, "B", False),
        ("Answer: Tokyo", CITY, "D", True),
        ("tokio", CITY, "tokio", True),  # the nearest option, as the script has it
        ("", CITY, "", False),
        ("Neither of these four, for all that can be told from the picture of a plane", CITY, "", False),
        ("14", WHOLE, "14", True),
        ("14.0", WHOLE, "14.0", True),
        ("The number missing in the sequence is 14.", WHOLE, "14", True),
        ("From 10 and 4 follows: the answer is 14 apples", WHOLE, "14", True),
        ("1,400", WHOLE, "1400", False),
        ("fourteen", WHOLE, "", False),  # GPT-4 would understand it
        ("0.6 of 2 is 1.2", TENTHS, "1.2", True),
        ("1.18", TENTHS, "1.18", True),
        ("12e-1", TENTHS, "12e-1", True),
        ("nan", TENTHS, "nan", False),
        ("$1.25", TENTHS, "1.25", True),  # 1.25 is 1.2 in binary, as Python rounds and the script does
        ("-1.2", TENTHS, "-1.2", False),
        ("It peaked between [2007, 2008].", YEARS, "[2007, 2008]", True),
        ("between 2007 and 2008", YEARS, "", False),  # likewise
        ('The answer is "blue".', FREE, "blue", True),
        ("Answer: blue.", FREE, "blue", True),
    ],
)
def test_the_short_answer_is_found(answer: str, problem: Problem, short: str, is_right: bool) -> None:
    assert extracted(answer, problem) == short
    assert mathvista(answer, problem) == is_right


@given(st.text(max_size=40) | st.text("0123456789.,-[] is=answer", max_size=40))
def test_no_words_are_too_odd(answer: str) -> None:
    for problem in (CITY, WHOLE, TENTHS, YEARS, FREE):
        assert mathvista(answer, problem) in (0, 1)
