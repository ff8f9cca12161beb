"""Open answers of MMMU: texts and numbers that are sought in the answer's last words."""

import re
from collections.abc import Iterator, Sequence

Fact = str | float

_SENTENCES = re.compile(r"\.\s(?=[A-Z])|\n")
_INDICATORS = ("could be ", "so ", "is ", "thus ", "therefore ", "final ", "answer ", "result ")
_TRIVIAL = frozenset(":,.!?;'")
_NUMBERS = (
    re.compile(r"-?\b\d{1,3}(?:,\d{3})+\b"),
    re.compile(r"-?\d+(?:\.\d+)?[eE][+-]?\d+"),
    re.compile(r"-?(?:\d+\.\d+|\.\d+|\d+\b)(?![eE][+-]?\d+)(?![,\d])"),
)
"""With commas in the thousands, with an exponent, and any other."""


def open_accuracy(answer: str, truths: Sequence[str]) -> float:
    """1.0 where an open answer holds one of the truths, else 0.0.

    Of each sentence, what follows the last "is", "answer", "so" and the like counts, and the numbers in it. A text is
    right where it contains a true text, a number where it is a true one, both rounded to two decimals. Source:
    MMMU-Benchmark/MMMU, eval/eval_utils.py (parse_open_response, eval_open).
    """
    true = [fact for truth in truths for fact in _facts(truth)]
    return float(any(_holds(told, true) for told in _told(answer)))


def _holds(told: Fact, true: Sequence[Fact]) -> bool:
    if isinstance(told, str):
        return any(isinstance(fact, str) and fact in told for fact in true)
    return told in true


def _told(answer: str) -> Iterator[Fact]:
    for words in _key_words(answer):
        yield from _facts(words)
        for pattern in _NUMBERS:
            for number in pattern.findall(words):
                yield from _facts(number)


def _key_words(answer: str) -> list[str]:
    """The ends of its sentences that may hold the answer; all of it where there is none."""
    whole = answer.strip().strip(".").lower()
    sentences = _SENTENCES.split(whole)
    found: list[str] = []
    for n, sentence in enumerate(sentences, 1):
        marks = (*_INDICATORS, "=") if n == len(sentences) else _INDICATORS
        shortest = ""
        for end in (sentence.rpartition(mark)[2].strip() for mark in marks if mark in sentence):
            if not shortest or len(end) < len(shortest):  # an empty end is forgotten at the next, as in the script
                shortest = end
        if shortest and shortest not in _TRIVIAL:
            found.append(shortest)
    return found or [whole]


def _facts(text: str) -> Sequence[Fact]:
    """A number, rounded to two decimals; or a text in lower case. A single character must have a space beside it."""
    text = text.strip()
    try:
        return (round(float(text.replace(",", "")), 2),)
    except ValueError:
        text = text.lower()
    return (f" {text}", f"{text} ") if len(text) == 1 else (text,)
