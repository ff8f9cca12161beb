"""Confidence is read from the tokens that spell a place, whatever the vocabulary."""

from math import log

import pytest
from clickwright.model import Generation
from clickwright.policies.grammars import confidence

CALL = '<tool_call>\n{"name": "computer_use", "arguments": {"action": "wait"}}\n</tool_call>'


def spelled(*tokens: tuple[str, float]) -> Generation:
    """A generation with the probability of each token."""
    return Generation(
        text="".join(token for token, _ in tokens),
        tokens=tuple(token for token, _ in tokens),
        token_ids=tuple(range(len(tokens))),
        logprobs=tuple(log(probability) for _, probability in tokens),
    )


def test_confidence_is_that_of_the_coordinates_however_they_are_cut_into_tokens() -> None:
    digits = spelled(
        ("Oh", 0.01), ("<|box_start|>", 0.5), ("(", 0.9), ("1", 0.5), ("2", 0.5), ("3", 1.0), (",", 0.9), ("45", 0.25),
        (")", 0.9), ("<|box_end|>", 0.1),
    )  # fmt: skip
    whole = spelled(("<|box_start|>", 1.0), ("(", 1.0), ("123", 0.25), (",", 1.0), ("45", 0.25), (")<|box_end|>", 1.0))
    for generation in (digits, whole):
        assert confidence(generation) == pytest.approx(0.25)


def test_confidence_is_that_of_the_least_sure_place() -> None:
    generation = spelled(
        ("<|box_start|>(", 1.0), ("1", 0.9), (",", 1.0), ("2", 0.9), (")<|box_end|>", 1.0),
        ('<tool_call>{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": [', 1.0),
        ("5", 0.4), (",", 1.0), ("6", 0.1), ("]}}</tool_call>", 1.0),
    )  # fmt: skip
    assert confidence(generation) == pytest.approx(0.2)


def test_without_a_place_confidence_is_that_of_the_call() -> None:
    generation = spelled(("Waiting helps.", 0.01), (CALL[:20], 0.5), (CALL[20:], 0.5))
    assert confidence(generation) == pytest.approx(0.5)


def test_a_call_that_leaves_out_its_place_is_measured_by_its_box() -> None:
    generation = spelled(
        ("<|box_start|>(", 1.0), ("1", 0.5), (",", 1.0), ("2", 0.5), (")<|box_end|>", 1.0), (CALL, 0.01)
    )
    assert confidence(generation) == pytest.approx(0.5)


def test_there_is_none_without_probabilities() -> None:
    assert confidence(Generation(text="<|box_start|>(1,2)<|box_end|>")) is None


def test_text_without_place_or_call_is_measured_whole() -> None:
    assert confidence(spelled(("I ", 0.25), ("wait", 0.25))) == pytest.approx(0.25)
