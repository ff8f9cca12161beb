"""Lines such as `CLICK <point>[[x, y]]</point>`, as the scripts of OS-Atlas compare them (eval/eval_scripts)."""

import re
from math import hypot
from typing import Literal

NEAR = 0.14 * 1000
"""How far a point may be, in thousandths of the screen's width and height."""
_NUMBER = re.compile(r"\d+")

Rules = Literal["android_control", "odyssey"]


def line(word: str, inner: str = "") -> str:
    """A line of an action with something in brackets, as `TYPE [hello]`; the word alone where there is nothing."""
    return f"{word} [{inner}]" if inner else word


def point_line(word: str, x: int, y: int) -> str:
    """A line of an action at a place in thousandths of the screen."""
    return f"{word} <point>[[{x},{y}]]</point>"


def word_of(line: str) -> str:
    """The kind of action of a line."""
    return line.split(" ")[0].strip(":")


def is_match(said: str, right: str, rules: Rules) -> bool:
    """Whether a line is right, by android_control/evaluation_unify.py or odyssey/evaluation_unify.py.

    Both: the kind equal, a point within 140 of 1000. AndroidControl: a text or the name of an app whose first word is
    the same, all others to the letter. GUI-Odyssey: F1 above 0.5 over the words of the whole line, its TYPE included;
    a scroll to the letter; of all others the kind.
    """
    word = word_of(right)
    if word_of(said) != word:
        return False
    if word in ("CLICK", "LONG_PRESS"):
        return _is_near(said, right)
    if rules == "odyssey":
        return set_f1(said, right) > 0.5 if word == "TYPE" else said == right or word != "SCROLL"
    return said == right or (word in ("OPEN_APP", "TYPE") and set_f1(_first(said), _first(right)) > 0.5)


def set_f1(one: str, other: str) -> float:
    """F1 over the sets of words in lower case; 0 where one has none."""
    left, right = set(one.lower().split()), set(other.lower().split())
    common = len(left & right)
    return 2 * common / (len(left) + len(right)) if common else 0.0


def _is_near(said: str, right: str) -> bool:
    one, other = ([int(number) for number in _NUMBER.findall(text[:200])[:3]] for text in (said, right))
    return len(one) == 2 and len(other) >= 2 and hypot(one[0] - other[0], one[1] - other[1]) <= NEAR


def _first(line: str) -> str:
    words = line.split()
    return words[1] if len(words) > 1 else ""
