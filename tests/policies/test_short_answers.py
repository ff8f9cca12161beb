"""The grammar of answers that do one step: all it allows is read, all that training writes is allowed."""

from pathlib import Path
from random import Random

import clickwright
import numpy as np
import pytest
from clickwright.model.grammar import GrammarTokenizer, Guide
from clickwright.model.tokenizer import ChatTokenizer, read_tokenizer
from clickwright.policies.grammars import parse_answer, parse_grounding
from clickwright.policies.grammars.short_answers import ONE_PLACE, short_answer
from clickwright.screen import Size
from clickwright.tools import SelectOption, TypeText
from clickwright.training.questions import key_question, made_up_question
from hypothesis import example, given, settings
from hypothesis import strategies as st

SIZE = Size(1288, 728)
TOKENIZER = read_tokenizer(Path(clickwright.__file__).parent / "model" / "mini")
ENDS = TOKENIZER.id("<|im_end|>"), TOKENIZER.id("<|endoftext|>")


@pytest.fixture(scope="module")
def tokens() -> GrammarTokenizer:
    return GrammarTokenizer(TOKENIZER.description(), len(TOKENIZER), ENDS)


def any_answer(guide: Guide, random: Random, tokenizer: ChatTokenizer) -> str:
    """An answer that is chosen by chance among what is allowed; quotation marks and ends are made likely."""
    written = guide.forced()
    while not written or written[-1] not in ENDS:
        allowed = [int(token) for token in np.flatnonzero(guide.allowed())]
        closing = [token for token in allowed if token in ENDS or '"' in tokenizer.decode([token])]
        token = random.choice(closing if closing and random.random() < 0.3 else allowed)
        written.append(token)
        if token not in ENDS:
            guide.follow(token)
            written += guide.forced()
    return tokenizer.decode(written[:-1])


@settings(deadline=None)  # the whole vocabulary is asked for at each step
@given(st.randoms(use_true_random=False), st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
@example(Random(1), 'Type "C:\\new" into the text box.')
def test_every_answer_that_is_allowed_is_read_and_types_words_that_were_told(tokens, random, told):
    text = any_answer(Guide(short_answer(told), tokens), random, TOKENIZER)
    actions = parse_answer(text, SIZE).actions
    assert actions
    for action in actions:
        if isinstance(action, TypeText | SelectOption):
            written = action.text if isinstance(action, TypeText) else action.label
            assert written in told


@settings(deadline=None)  # the whole vocabulary is asked for at each step
@given(st.randoms(use_true_random=False))
def test_every_place_that_is_allowed_is_read(tokens, random):
    [reference] = parse_grounding(any_answer(Guide(ONE_PLACE, tokens), random, TOKENIZER), SIZE)
    assert len(reference.shapes) == 1


@settings(deadline=None)  # the whole vocabulary is asked for at each step
@given(st.integers(0, 10**9))
def test_every_answer_of_the_training_is_allowed(tokens, seed):
    random = Random(seed)
    for asked in (made_up_question(random), key_question(random)):
        guide = Guide(short_answer(asked.text), tokens)
        for token in TOKENIZER.encode_marked(asked.answer):
            assert guide.allowed()[token], asked.answer
            guide.follow(token)
        assert guide.allowed()[ENDS[0]]
