"""Mind2Web: the element, the operation as words, and both for a step."""

import string

CLICKS = ("CLICK", "HOVER", "ENTER")
"""Counted as one operation, as Mind2Web itself does."""


def operation(word: str, value: str = "") -> str:
    """An operation as it is compared: its name, and in lower case what is typed or selected."""
    name = "CLICK" if word in CLICKS else word
    return name if name == "CLICK" else f"{name} {value.lower()}"


def operation_f1(said: str, right: str, *, drop_punctuation: bool = False) -> float:
    """F1 over the sets of words of two operations; 1 where both are empty.

    `calculate_f1` in agent_tasks/mind2web_test.py of SeeClick, which has it from Mind2Web. With `drop_punctuation` as
    offline_evaluation/Multimodal-Mind2Web/eval.py of UGround: in lower case, and without words that are nothing but
    a piece of `string.punctuation`.
    """
    if drop_punctuation:
        said, right = said.lower(), right.lower()
    one, other = set(said.split()), set(right.split())
    if drop_punctuation:
        one, other = ({word for word in words if word not in string.punctuation} for words in (one, other))
    if not one or not other:
        return float(not one and not other)
    return 2 * len(one & other) / (len(one) + len(other))
