"""MathVista without a language model: the answer is sought in the words by rules, then compared as its script does.

MathVista's script lets GPT-4 copy the short answer out of the model's words. Where the answer is a letter, an option or
a number alone, no judge is asked there either, and both agree. Where the model reasons first, these rules take what
stands behind the last "answer is", else the last number or list; a judge also understands "twice as many, so eight".
Figures by rules are therefore a lower bound of those with a judge.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .choices import kit_choice, lettered
from .edits import edits

Kind = Literal["text", "integer", "float", "list"]

_SAID = re.compile(r"(?:answer|value|result)\s*(?:is|:|=)\s*", re.IGNORECASE)
_QUOTED = re.compile(r'The answer is "(.*)"\.')
_LETTER = re.compile(r"\(([a-zA-Z])\)")
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)?(?:\.\d+)?")
_LIST = re.compile(r"\[[^\[\]]*\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is known of a question."""

    truth: str
    """As it stands in the data: the text of the right option, or the number as text."""
    choices: Sequence[str] = ()
    """Empty for a free answer."""
    kind: Kind = "text"
    precision: int = 0
    """Decimals of a float."""


def mathvista(answer: str, problem: Problem) -> float:
    """1.0 where the answer that is found in the words is the true one, else 0.0.

    Source of the comparison: lupantech/MathVista, evaluation/calculate_score.py (normalize_extracted_answer); of what
    is taken without a judge: evaluation/extract_answer.py.
    """
    return float(normalised(extracted(answer, problem), problem) == problem.truth)


def extracted(answer: str, problem: Problem) -> str:
    """The short answer in a model's words; empty where there is none."""
    answer = answer.strip()
    if problem.choices:
        return _option(answer, problem.choices)
    if quoted := _QUOTED.search(answer):
        return quoted[1]
    said = _SAID.split(answer)[-1].strip().rstrip(".")
    match problem.kind:
        case "text":
            return said
        case "list":
            return _last(_LIST, said) or _last(_LIST, answer)
        case "integer" | "float" if _is_number(answer):
            return answer
        case "integer" | "float":
            return (_last(_NUMBER, said) or _last(_NUMBER, answer)).replace(",", "")


def normalised(short: str, problem: Problem) -> str | None:
    """A short answer in the form of the truth: the text of an option, or a number with so many decimals."""
    if problem.choices:
        return _nearest(short, problem.choices) if short else None
    try:
        match problem.kind:
            case "integer":
                return str(int(float(short)))
            case "float":
                return str(round(float(short), problem.precision))
            case "text" | "list":
                return short
    except (ValueError, OverflowError):
        return None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _option(answer: str, choices: Sequence[str]) -> str:
    if answer in choices:
        return answer
    letter = kit_choice(answer, lettered(choices))
    if letter is not None:
        return letter
    said = _SAID.split(answer)[-1].strip().rstrip(".")
    is_short = len(said) <= 2 * max(map(len, choices))
    return said if is_short or _LETTER.search(said) else ""


def _nearest(short: str, choices: Sequence[str]) -> str:
    """The option of that letter, else the one whose text is nearest."""
    found = _LETTER.search(short)
    letter = found[1].upper() if found else short
    return lettered(choices).get(letter) or min(choices, key=lambda choice: edits(short, choice))


def _last(pattern: re.Pattern[str], text: str) -> str:
    return next((found for found in reversed(pattern.findall(text)) if found.strip("-.")), "")
