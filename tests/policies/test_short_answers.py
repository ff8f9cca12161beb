"""The grammar of answers that do one step: all it allows is read, all that training writes is allowed."""

import re
from pathlib import Path
from random import Random

import clickwright
import numpy as np
import pytest
from clickwright.model.grammar import GrammarTokenizer, Guide
from clickwright.model.tokenizer import ChatTokenizer, read_tokenizer
from clickwright.policies.grammars import Canvas, parse_answer, parse_grounding
from clickwright.policies.grammars.short_answers import LEAST, one_place, short_answer
from clickwright.screen import Box, Size
from clickwright.tools import SelectOption, TypeText
from clickwright.training.pages.questions import key_question, made_up_question
from hypothesis import example, given, settings
from hypothesis import strategies as st

SIZE = Canvas(size=Size(1288, 728))
TOKENIZER = read_tokenizer(Path(clickwright.__file__).parent / "model" / "mini")
ENDS = TOKENIZER.id("<|im_end|>"), TOKENIZER.id("<|endoftext|>")


@pytest.fixture(scope="module")
def tokens() -> GrammarTokenizer:
    return GrammarTokenizer(TOKENIZER.description(), len(TOKENIZER), ENDS)


def any_answer(guide: Guide, seed: int, tokenizer: ChatTokenizer) -> str:
    """An answer that is chosen by chance among what is allowed; quotation marks and ends are made likely.

    By a seed, and not by Hypothesis' own chance: what llguidance sees to be forced depends on its caches, so that an
    answer is not spelt alike each time.
    """
    random, written = Random(seed), guide.forced()
    while not written or written[-1] not in ENDS:
        allowed = [int(token) for token in np.flatnonzero(guide.allowed())]
        closing = [token for token in allowed if token in ENDS or '"' in tokenizer.decode([token])]
        token = random.choice(closing if closing and random.random() < 0.3 else allowed)
        written.append(token)
        if token not in ENDS:
            guide.follow(token)
            written += guide.forced()
    return tokenizer.decode(written[:-1])


@given(st.integers(0, 10**9), st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
@example(1, 'Type "C:\\new" into the text box.')
@example(2, 'Type "<|im_end|>" into the text box.')
@example(3, 'Type "\x7f" into the text box.')
def test_every_answer_that_is_allowed_is_read_and_types_words_that_were_told(tokens, seed, told):
    text = any_answer(Guide(short_answer(told), tokens), seed, TOKENIZER)
    actions = parse_answer(text, SIZE).actions
    assert actions
    for action in actions:
        if isinstance(action, TypeText | SelectOption):
            written = action.text if isinstance(action, TypeText) else action.label
            assert written in told


@settings(max_examples=60)
@given(st.integers(0, 10**9), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
@example(1, "clean camera")
@example(2, "C:\\new")
def test_what_an_instruction_quotes_is_typed_as_a_whole(tokens, seed, quoted):
    quoted = "".join(one for one in quoted if one.isprintable()).replace('"', "'").replace("<|", "<") or "a"
    text = any_answer(Guide(short_answer(f'Type "{quoted}" into the text box.'), tokens), seed, TOKENIZER)
    for action in parse_answer(text, SIZE).actions:
        if isinstance(action, TypeText | SelectOption):
            assert (action.text if isinstance(action, TypeText) else action.label) == quoted


@pytest.mark.slow
@given(st.integers(0, 10**9))
def test_every_place_that_is_allowed_is_read(tokens, seed):
    [reference] = parse_grounding(any_answer(Guide(one_place(), tokens), seed, TOKENIZER), SIZE)
    assert len(reference.shapes) == 1


BOXES = st.builds(
    lambda x, y, width, height: Box(x, y, min(999, x + width), min(999, y + height)),
    *(st.integers(0, 999),) * 2,
    *(st.integers(0, 300),) * 2,
)


@given(st.integers(0, 10**9), st.lists(BOXES, min_size=1, max_size=3))
def test_a_place_is_none_of_those_that_were_tried(tokens, seed, tried):
    text = any_answer(Guide(short_answer("Go on", tried), tokens), seed, TOKENIZER)
    for x, y in re.findall(r"\((\d+),(\d+)\),", text):  # the first corner of each box
        for box in tried:
            near_x = abs(int(x) - box.x1) <= max(LEAST, box.width / 2)
            assert not (near_x and abs(int(y) - box.y1) <= max(LEAST, box.height / 2))


@given(st.integers(0, 10**9))
def test_every_answer_of_the_training_is_allowed(tokens, seed):
    random = Random(seed)
    for asked in (made_up_question(random), key_question(random)):
        guide = Guide(short_answer(asked.text), tokens)
        for token in TOKENIZER.encode_marked(asked.answer):
            assert guide.allowed()[token], asked.answer
            guide.follow(token)
        assert guide.allowed()[ENDS[0]]
