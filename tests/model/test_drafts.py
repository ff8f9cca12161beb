"""Drafts: what repeats takes fewer passes, and no answer changes by it."""

import numpy as np
import pytest
from clickwright.model import Conversation, Decoding, Grammar, Message, Picture
from clickwright.model.drafts import Drafts
from hypothesis import given
from hypothesis import strategies as st

SCHEMA = {
    "type": "object",
    "properties": {"x": {"type": "integer", "minimum": 0, "maximum": 999}, "what": {"type": "string", "maxLength": 8}},
    "required": ["x", "what"],
    "additionalProperties": False,
}
WAYS = {
    "greedy": Decoding(max_new_tokens=24),
    "sampled": Decoding(max_new_tokens=24, temperature=0.7, seed=3),
    "greedy in a grammar": Decoding(max_new_tokens=40, grammar=Grammar.of_schema(SCHEMA)),
    "sampled in a grammar": Decoding(max_new_tokens=40, temperature=0.9, seed=1, grammar=Grammar.of_schema(SCHEMA)),
    "to a stop string": Decoding(max_new_tokens=24, stop=("e",)),
}


def asked(seed: int, *before: str) -> Conversation:
    """A picture and a question, behind turns that were answered so."""
    pixels = np.random.default_rng(seed).integers(0, 256, (56, 84, 3), np.uint8)
    turns = [(Message("user", ("And?",)), Message("assistant", (answer,))) for answer in before]
    last = Message("user", (Picture(pixels), 'What is "x" of {"x": 512, "what": "a red one"}, and {"x": 4'))
    return Conversation(messages=(*(message for turn in turns for message in turn), last))


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_an_answer_is_the_same_with_drafts_and_without(engine, way):
    """Also on a trajectory, whose cache has to be right behind guesses that were wrong."""
    from dataclasses import replace

    drafted, plain = engine.session(), engine.session()
    before: list[str] = []
    for turn in range(4):
        conversation = asked(turn % 2, *before)
        one = drafted.generate(conversation, WAYS[way])
        other = plain.generate(conversation, replace(WAYS[way], drafts=0))
        assert one.token_ids == other.token_ids
        assert (one.text, one.finish) == (other.text, other.finish)
        assert one.reused_tokens >= other.reused_tokens  # a guess may have held the end of the turn too
        assert one.logprobs == pytest.approx(other.logprobs, abs=1e-3)
        assert one.passes <= other.passes
        before.append(one.text)


def test_what_was_answered_before_takes_fewer_passes(engine):
    session = engine.session()
    decoding = Decoding(max_new_tokens=24)
    first = session.generate(asked(5), decoding)
    again = session.generate(asked(5), decoding)
    assert again.token_ids == first.token_ids
    assert again.passes <= 1 + len(first.token_ids) / 6 < first.passes


def test_a_guess_goes_on_as_the_longest_and_latest_match_did():
    drafts = Drafts([1, 2, 3, 4, 9, 2, 3, 5], [[7, 1, 2, 3, 6], [8, 2, 3, 0]], 5)
    assert drafts.after([1, 2, 3]) == [6]  # the end of an answer is the end of a guess
    assert drafts.after([50, 2, 3]) == [0]  # the latest of several
    assert drafts.after([9]) == [2, 3]  # a short match, a short guess
    assert drafts.after([5]) == []
    assert drafts.after([]) == []
    assert drafts.after([77]) == []
    assert Drafts([1, 2, 3], [], 0).after([1]) == []


TOKENS = st.lists(st.integers(0, 5), max_size=30)


@given(prompt=TOKENS, answers=st.lists(TOKENS, max_size=4), written=TOKENS, count=st.integers(1, 6))
def test_a_guess_was_read_before_behind_the_last_token(prompt, answers, written, count):
    guess = Drafts(prompt, answers, count).after(written)
    assert len(guess) <= count
    if guess:
        spelt = [written[-1], *guess]
        texts = [prompt, *answers]
        assert any(text[n : n + len(spelt)] == spelt for text in texts for n in range(len(text)))
