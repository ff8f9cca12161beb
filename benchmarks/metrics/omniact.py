"""OmniACT: whether a script has the right calls in the right order, and how near its arguments are.

The paper (arXiv 2402.17553, section 5) as offline_evaluation/OmniACT/eval_action.py of UGround computes it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, hypot, log

from ...screen import Box, Point

_FLOAT_MIN = 2.2250738585072014e-308
"""What nltk takes in place of a precision of 0."""
POINTED = ("click", "rightclick", "doubleclick", "moveto", "dragto")
"""Calls that are judged by where they happen. The published scripts put the right script in lower case first and so
find only `click` of their own list; here all that the paper names count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of pyautogui, by its name in lower case."""

    name: str
    point: Point | None = None
    keys: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What a script is worth. `sequence` is 0 or 1, `action` between; `weight` is what both count in the average."""

    sequence: float
    action: float
    weight: float
    click_penalty: float = 0.0
    key_penalty: float = 0.0
    write_penalty: float = 0.0


def score(said: Sequence[Call], right: Sequence[Call], boxes: Sequence[Box]) -> Script:
    """The scores of a script. The average over scripts is that of `weight` times the score, by the sum of weights.

    A script of n calls weighs n - 0.9. Where the names of the calls differ, or their number, nothing is right.
    """
    weight = len(right) - 0.9
    if [call.name for call in said] != [call.name for call in right]:
        return Script(sequence=0.0, action=0.0, weight=weight)
    clicks = keys = writes = 0.0
    for mine, call in zip(said, right, strict=True):
        if call.name in POINTED:
            clicks += _click_penalty(mine.point, call.point, boxes) / len(right)
        elif call.name in ("press", "hotkey"):
            keys += (set(mine.keys) != set(call.keys)) / len(right)
        elif call.name == "write":
            writes += (1 - letter_bleu(mine.text, call.text)) / len(right)
    return Script(
        sequence=1.0,
        action=max(1 - clicks - keys - writes, 0.0),
        weight=weight,
        click_penalty=clicks,
        key_penalty=keys,
        write_penalty=writes,
    )


def distance_penalty(point: Point, box: Box) -> float:
    """0 in the box; outside, 1 - m / (d + m) at a distance d from it, m being its diagonal."""
    beside = max(abs(box.center.x - point.x) - box.width / 2, 0)
    above = max(abs(box.center.y - point.y) - box.height / 2, 0)
    distance, diagonal = hypot(beside, above), hypot(box.width, box.height)
    return 1 - diagonal / (distance + diagonal) if distance else 0.0


def letter_bleu(said: str, right: str) -> float:
    """BLEU over letters and pairs of letters, both of equal weight, as nltk's `sentence_bleu` gives for two strings.

    Equal texts are worth 1: nltk gives 0 for one letter, which has no pairs.
    """
    if said == right:
        return 1.0
    if not said or not (one := _precision(said, right, 1)):
        return 0.0
    two = _precision(said, right, 2) or _FLOAT_MIN
    short = exp(1 - len(right) / len(said)) if len(said) < len(right) else 1.0
    return short * exp((log(one) + log(two)) / 2)


def _precision(said: str, right: str, n: int) -> float:
    mine, given = (Counter(text[at : at + n] for at in range(len(text) - n + 1)) for text in (said, right))
    return sum((mine & given).values()) / max(mine.total(), 1)


def _click_penalty(point: Point | None, right: Point | None, boxes: Sequence[Box]) -> float:
    """By the box whose centre the right script names. One that names no box costs nothing, as in the scripts."""
    box = next((box for box in boxes if right is not None and box.center == right), None)
    if box is None:
        return 0.0
    return 1.0 if point is None else distance_penalty(point, box)
