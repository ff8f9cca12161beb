"""Which option is read out of an answer, by each benchmark's own way."""

import pytest
from clickwright.benchmarks.metrics.choices import (
    first_alone,
    first_word,
    kit_choice,
    lettered,
    mmmu_choice,
    strict_choice,
    video_mme_choice,
)
from hypothesis import given
from hypothesis import strategies as st

PETS = lettered(["a cat", "a dog", "cats", "Two dogs"])
READERS = (strict_choice, kit_choice, mmmu_choice, video_mme_choice, first_word, first_alone)


@pytest.mark.parametrize(
    ("answer", "strict", "kit", "mmmu", "video_mme", "word", "alone"),
    [
        ("B", "B", "B", "B", "B", "B", "B"),
        (" (B) ", "B", "B", "B", "B", "B", "B"),
        ("B.", "B", "B", "B", "B", "B", "B"),
        ("B. a dog", "B", "B", "B", "B", "B", "B"),
        ("B. a cow", None, "B", "B", "B", "B", "B"),
        ("b", None, None, None, None, "B", None),
        ("A dog", None, "A", "A", "A", "A", "A"),  # an article at the start of a short answer is a letter to all
        ("The answer is (C).", None, "C", "C", "C", None, "C"),
        ("a dog", None, "B", None, None, "A", None),
        ("It must be a dog, I think", None, "B", "B", None, None, None),
        ("Both A and C", None, None, "C", "B", None, "A"),
        ("**D**", None, "D", None, "D", None, "D"),
        ("Best answer: C", None, "C", "C", "C", None, "C"),
        ("Z", None, None, None, None, None, None),
        ("", None, None, None, None, None, None),
        ("(", None, None, None, None, None, None),
    ],
)
def test_an_option_is_read(answer: str, strict, kit, mmmu, video_mme, word, alone) -> None:
    """`kit` and `mmmu` agree with VLMEvalKit's and lmms-eval's own functions, also on 60,000 random texts."""
    assert [read(answer, PETS) for read in READERS] == [strict, kit, mmmu, video_mme, word, alone]


@given(st.text(max_size=60) | st.text("AaBb(). cdogts:*", max_size=60), st.lists(st.text(max_size=5), max_size=6))
def test_reading_never_raises_and_names_an_option_or_none(answer: str, texts: list[str]) -> None:
    options = lettered(texts)
    for read in READERS:
        assert read(answer, options) in (None, *options)


@given(st.lists(st.text("abcdefg ", min_size=3, max_size=9), min_size=2, max_size=6, unique=True), st.data())
def test_the_letter_alone_is_read_by_all(texts: list[str], data: st.DataObject) -> None:
    options = lettered(texts)
    letter = data.draw(st.sampled_from(sorted(options)))
    assert {read(letter, options) for read in READERS} == {letter}
