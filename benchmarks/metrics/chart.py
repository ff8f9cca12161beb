"""Relaxed accuracy, the measure of ChartQA."""

from collections.abc import Sequence

TOLERANCE = 0.05
"""Of the true number: what a careful reader of an axis may be off by."""


def relaxed_accuracy(answer: str, truths: Sequence[str], *, tolerance: float = TOLERANCE) -> float:
    """1.0 where an answer is one of the truths, or a number within 5 % of it; else 0.0.

    A number may end in %, and is then a hundredth of what stands there: 12% is no 12. A true number of 0 has no
    tolerance and is compared as text; so are all that are no numbers, in any case. Spaces around the answer do not
    count. Source: google-research/pix2struct, pix2struct/metrics.py (relaxed_correctness), which follows section 5.1
    of the ChartQA paper; QwenLM/Qwen-VL, eval_mm/evaluate_vqa.py uses it.
    """
    return float(any(_is_near(answer.strip(), truth, tolerance) for truth in truths))


def _is_near(answer: str, truth: str, tolerance: float) -> bool:
    told, true = _number(answer), _number(truth)
    if told is None or not true:
        return answer.lower() == truth.lower()
    return abs(told - true) / abs(true) <= tolerance


def _number(text: str) -> float | None:
    try:
        return float(text.rstrip("%")) / 100 if text.endswith("%") else float(text)
    except ValueError:
        return None
