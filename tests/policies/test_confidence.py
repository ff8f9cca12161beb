"""Confidence is read from the tokens that spell an answer, whatever the vocabulary, and spread from their rivals."""

from math import log

import pytest
from clickwright.model import Generation
from clickwright.policies.grammars import Canvas, confidence, places, spread
from clickwright.screen import Size
from hypothesis import given
from hypothesis import strategies as st

CALL = '<tool_call>\n{"name": "computer_use", "arguments": {"action": "wait"}}\n</tool_call>'
CANVAS = Canvas(size=Size(1000, 1000))
Rivals = dict[str, float]


def spelled(*tokens: tuple[str, float] | tuple[str, Rivals]) -> Generation:
    """A generation with the probability of each token, or of it and its rivals; those that were chosen come first."""
    rivals = [shares if isinstance(shares, dict) else {token: shares} for token, shares in tokens]
    return Generation(
        text="".join(token for token, _ in tokens),
        tokens=tuple(token for token, _ in tokens),
        token_ids=tuple(range(len(tokens))),
        logprobs=tuple(log(shares[token]) for (token, _), shares in zip(tokens, rivals, strict=True)),
        top_logprobs=tuple(tuple((token, log(share)) for token, share in shares.items()) for shares in rivals),
    )


def box(*numbers: Rivals) -> Generation:
    """A point or a box; each number is what is chosen, then its rivals."""
    parts: list[tuple[str, Rivals]] = [("<|box_start|>(", {"<|box_start|>(": 1.0})]
    for number in numbers:
        parts += [(next(iter(number)), number), (",", {",": 1.0})]
    return spelled(*parts[:-1], (")", 1.0), ("<|box_end|>", 1.0))


def test_a_coordinate_counts_alike_however_it_is_cut_into_tokens() -> None:
    digits = spelled(
        ("Oh", 0.01), ("<|box_start|>", 1.0), ("(", 1.0), ("1", 0.5), ("2", 0.5), ("3", 1.0), (",", 1.0), ("45", 0.25),
        (")", 1.0), ("<|box_end|>", 1.0),
    )  # fmt: skip
    whole = spelled(("<|box_start|>", 1.0), ("(", 1.0), ("123", 0.25), (",", 1.0), ("45", 0.25), (")<|box_end|>", 1.0))
    for generation in (digits, whole):
        assert confidence(generation, CANVAS) == pytest.approx(0.0625)


def test_coordinates_near_the_one_that_was_written_mean_the_same_place() -> None:
    beside = {"500": 0.2, "501": 0.3, "499": 0.3, "900": 0.2}
    assert confidence(box(beside, {"300": 1.0}), CANVAS) == pytest.approx(0.8)
    # As digits: 5, then 0 or 4, then 0 or 1, and 540 and its like are far away.
    digits = spelled(
        ("<|box_start|>(", 1.0), ("5", 1.0), ("0", {"0": 0.7, "4": 0.3}), ("0", {"0": 0.5, "1": 0.5}),
        (",", 1.0), ("9", 1.0), (")<|box_end|>", 1.0),
    )  # fmt: skip
    assert confidence(digits, CANVAS) == pytest.approx(0.7)


def test_within_half_of_its_box_a_coordinate_means_the_same_place() -> None:
    wide = [{"100": 0.5, "140": 0.5}, {"300": 1.0}, {"200": 1.0}, {"320": 1.0}]
    narrow = [*wide[:2], {"160": 1.0}, wide[3]]
    assert confidence(box(*wide), CANVAS) == pytest.approx(1)
    assert confidence(box(*narrow), CANVAS) == pytest.approx(0.5)


def test_all_places_and_the_call_count() -> None:
    generation = spelled(
        ("<|box_start|>(", 1.0), ("1", 0.9), (",", 1.0), ("2", 0.9), (")<|box_end|>", 1.0),
        ('<tool_call>{"name": "computer_use", "arguments": {"action": "', 1.0), ("left_click", 0.5),
        ('", "coordinate": [', 1.0), ("5", 0.4), (",", 1.0), ("6", 0.5), ("]}}</tool_call>", 1.0),
    )  # fmt: skip
    assert confidence(generation, CANVAS) == pytest.approx(0.9 * 0.9 * 0.5 * 0.4 * 0.5)


def test_without_a_place_confidence_is_that_of_the_call() -> None:
    generation = spelled(("Waiting helps.", 0.01), (CALL[:20], 0.5), (CALL[20:], 0.5))
    assert confidence(generation, CANVAS) == pytest.approx(0.25)


def test_there_is_none_without_probabilities() -> None:
    nothing = Generation(text="<|box_start|>(1,2)<|box_end|>")
    assert confidence(nothing, CANVAS) is None
    assert spread(nothing, Canvas(size=Size(100, 100))) is None


def test_text_without_place_or_call_is_measured_whole() -> None:
    assert confidence(spelled(("I ", 0.25), ("wait", 0.5)), CANVAS) == pytest.approx(0.125)


def test_spread_is_the_deviation_of_the_places_in_pixels() -> None:
    found = spread(box({"500": 0.5, "520": 0.5}, {"300": 1.0}), Canvas(size=Size(2000, 1000)))
    assert found is not None
    assert (found.x, found.y) == (pytest.approx(20), pytest.approx(0))
    assert spread(spelled((CALL, 1.0)), Canvas(size=Size(2000, 1000))) is None


NUMBERS = st.dictionaries(st.integers(0, 999).map(str), st.floats(0.01, 1), min_size=1, max_size=5)


@given(st.lists(NUMBERS, min_size=2, max_size=4))
def test_confidence_is_a_probability_and_spread_no_larger_than_the_screen(numbers: list[Rivals]) -> None:
    shares = [{value: share / sum(number.values()) for value, share in number.items()} for number in numbers]
    generation = box(*shares)
    found, apart = confidence(generation, CANVAS), spread(generation, Canvas(size=Size(1000, 1000)))
    assert found is not None
    assert 0 <= found <= 1
    assert apart is not None
    assert max(apart.x, apart.y) <= 500


def test_spread_is_of_the_places_that_are_known() -> None:
    """Only the likeliest tokens are told: what is missing does not pull the mean towards 0."""
    found = spread(box({"500": 0.2, "520": 0.2}, {"300": 0.6}), Canvas(size=Size(2000, 1000)))
    assert found is not None
    assert found.x == pytest.approx(20 * 1000 / 1000)
    assert found.y == pytest.approx(0)


def test_places_that_lie_together_are_one_wherever_they_lie() -> None:
    for at in (511, 512, 513):  # 8 thousandths are near; 512 is a multiple of 8
        split = {str(at): 0.4, str(at + 1): 0.35, str(at - 1): 0.25}
        ((point, share),) = places(box(split, {"300": 1.0}), CANVAS)
        assert (point.x, point.y, share) == (pytest.approx(at + 0.1), 300, pytest.approx(1.0))


def test_places_are_those_that_might_have_been_written() -> None:
    canvas = Canvas(size=Size(2000, 1000))
    found = places(box({"500": 0.5, "502": 0.1, "700": 0.3}, {"300": 0.9}), canvas)
    assert [(round(point.x), round(point.y)) for point, _ in found] == [(1001, 300), (1400, 300)]
    assert [share for _, share in found] == pytest.approx([0.6 * 0.9, 0.3 * 0.9])
    assert places(spelled((CALL, 1.0)), canvas) == ()


@given(st.lists(NUMBERS, min_size=2, max_size=4))
def test_places_are_on_the_screen_and_no_likelier_than_one(numbers: list[Rivals]) -> None:
    shares = [{value: share / sum(number.values()) for value, share in number.items()} for number in numbers]
    found = places(box(*shares), CANVAS)
    assert all(CANVAS.size.box.contains(point) for point, _ in found)
    assert sum(share for _, share in found) <= 1.0001
    assert [share for _, share in found] == sorted((share for _, share in found), reverse=True)
