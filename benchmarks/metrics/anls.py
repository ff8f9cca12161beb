"""Average normalised Levenshtein similarity, the measure of DocVQA and InfographicVQA."""

from collections.abc import Sequence

from .edits import edits

THRESHOLD = 0.5
"""Below it, an answer counts as wrong and not as one that was misread."""


def anls(answer: str, truths: Sequence[str], *, threshold: float = THRESHOLD) -> float:
    """How alike an answer is to the nearest of the truths, 0 to 1; 0 below the threshold. No truths: 0.

    Case and the amount of space do not count in the distance, but spaces do in the length that it is divided by, which
    is that of the texts as they came. Source: the script that the DocVQA challenge hands out, a copy of which is
    QwenLM/Qwen-VL, eval_mm/infographicsvqa_eval.py.
    """
    likeness = max((_likeness(answer, truth) for truth in truths), default=0.0)
    return likeness if likeness >= threshold else 0.0


def _likeness(answer: str, truth: str) -> float:
    longest = max(len(answer.upper()), len(truth.upper()))  # upper, as the script has it: ß counts twice
    return 1 - edits(_plain(answer), _plain(truth)) / longest if longest else 1.0


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
