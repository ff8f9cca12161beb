"""VQA accuracy, the measure of TextVQA: how many of ten people gave the answer, after small differences are undone."""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

AGREED = 3
"""So many of the others have to agree for a full mark."""

_CONTRACTED = (
    "ain't",
    "aren't",
    "can't",
    "could've",
    "couldn't",
    "couldn't've",
    "didn't",
    "doesn't",
    "don't",
    "hadn't",
    "hadn't've",
    "hasn't",
    "haven't",
    "he'd",
    "he'd've",
    "he's",
    "how'd",
    "how'll",
    "how's",
    "isn't",
    "it'd",
    "it'd've",
    "it'll",
    "ma'am",
    "mightn't",
    "mightn't've",
    "might've",
    "mustn't",
    "must've",
    "needn't",
    "not've",
    "o'clock",
    "oughtn't",
    "'ow's'at",
    "shan't",
    "she'd've",
    "should've",
    "shouldn't",
    "shouldn't've",
    "somebody'd've",
    "somebody'll",
    "somebody's",
    "someone'd",
    "someone'd've",
    "someone'll",
    "someone's",
    "something'd",
    "something'd've",
    "something'll",
    "that's",
    "there'd",
    "there'd've",
    "there're",
    "there's",
    "they'd",
    "they'd've",
    "they'll",
    "they're",
    "they've",
    "'twas",
    "wasn't",
    "we'd've",
    "we've",
    "weren't",
    "what'll",
    "what're",
    "what's",
    "what've",
    "when's",
    "where'd",
    "where's",
    "where've",
    "who'd",
    "who'd've",
    "who'll",
    "who's",
    "who've",
    "why'll",
    "why're",
    "why's",
    "won't",
    "would've",
    "wouldn't",
    "wouldn't've",
    "y'all",
    "y'all'll",
    "y'all'd've",
    "you'd",
    "you'd've",
    "you'll",
    "you're",
    "you've",
)
"""What is written together, for where one apostrophe of it is missing. `its`, `well` and the like are their own words.

i'm, i've and i'd've stand in the script's table with a capital, which no word has by then, so they are never found.
"""


def _one_apostrophe_less(word: str) -> list[str]:
    return [word[:n] + word[n + 1 :] for n, letter in enumerate(word) if letter == "'"]


CONTRACTIONS: dict[str, str] = {less: word for word in _CONTRACTED for less in _one_apostrophe_less(word)}
CONTRACTIONS["somebody'd"] = "somebodyd"  # the one entry of the script that goes the other way
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NUMBERS: Mapping[str, str] = {word: str(n) for n, word in enumerate(_WORDS)} | {"none": "0"}
ARTICLES = frozenset(("a", "an", "the"))
PUNCTUATION = ';/[]"{}()=+\\_-><@`,?!'
MAX_PERIODS = 32
"""The script hands a flag of `re` to the place of a count, and so takes away no more."""
_PERIOD = re.compile(r"\.(?!\d)")


def vqa_accuracy(answer: str, truths: Sequence[str]) -> float:
    """How well an answer agrees with those of the people who were asked, 0 to 1.

    The mean, over leaving out each of them once, of min(1, agreeing / 3): of ten people four have to agree for a
    full mark. Source: TextVQA's evaluation, facebookresearch/mmf,
    pythia/tasks/processors.py (EvalAIAnswerProcessor); as in lmms_eval/tasks/textvqa/utils.py.
    """
    told, others = processed(answer), [processed(truth) for truth in truths]
    agreeing = sum(other == told for other in others)
    if not agreeing:
        return 0.0
    with_me = min(Fraction(1), Fraction(agreeing - 1, AGREED)) * agreeing
    without_me = min(Fraction(1), Fraction(agreeing, AGREED)) * (len(others) - agreeing)
    return float((with_me + without_me) / len(others))


def processed(text: str) -> str:
    """A text as answers are compared: no case, articles, number words, punctuation, or apostrophes forgotten."""
    text = text.lower().replace(",", "").replace("?", "").replace("'s", " 's").strip()
    text = text.replace("\n", " ").replace("\t", " ").strip()
    words = [NUMBERS.get(word, word) for word in _without_punctuation(text).lower().split()]
    return " ".join(CONTRACTIONS.get(word, word) for word in words if word not in ARTICLES)


def _without_punctuation(text: str) -> str:
    """A mark at the edge of a word goes; everywhere, where it does so anywhere; else a space takes its place."""
    kept = text
    for mark in PUNCTUATION:
        kept = kept.replace(mark, "" if f"{mark} " in text or f" {mark}" in text else " ")
    return _PERIOD.sub("", kept, count=MAX_PERIODS)
