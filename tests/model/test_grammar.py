"""Answers that are kept to a grammar: always legal, forced parts without the model, alone and together."""

import json

import numpy as np
import pytest
from clickwright.errors import UsageError
from clickwright.model import Conversation, Decoding, Grammar, Message, Picture

PLACE = Grammar(
    r"""start: "The place is " <|box_start|> "(" NUMBER "," NUMBER ")" <|box_end|> " at last."
NUMBER: /[0-9]|[1-9][0-9]{1,2}/"""
)


def _asked(seed: int) -> Conversation:
    pixels = np.random.default_rng(seed).integers(0, 256, (84, 140, 3), np.uint8)
    return Conversation(messages=(Message("user", (Picture(pixels), f"Where is number {seed}?")),))


ASKED = [_asked(seed) for seed in range(3)]


def test_an_answer_is_what_its_grammar_allows(engine):
    answer = engine.generate(ASKED[0], Decoding(max_new_tokens=40, grammar=PLACE))
    head, _, tail = answer.text.partition("<|box_start|>")
    assert head == "The place is "
    assert tail.endswith(")<|box_end|> at last.")
    x, y = tail.partition(")")[0].removeprefix("(").split(",")
    assert 0 <= int(x) < 1000
    assert 0 <= int(y) < 1000
    assert answer.finish == "end"


def test_what_is_forced_takes_no_pass_of_the_decoder_and_is_certain(engine):
    answer = engine.generate(ASKED[0], Decoding(max_new_tokens=40, grammar=PLACE, drafts=0))
    forced = [logprob == 0 for logprob in answer.logprobs]
    chosen = len(answer.token_ids) - sum(forced)
    assert 2 <= chosen <= 8  # two numbers of one to three digits, and where each ends
    assert answer.passes == chosen  # the first one was over the prompt and what is forced behind it
    assert answer.passes < len(answer.token_ids)
    text = engine.tokenizer.decode(answer.token_ids)
    assert engine.tokenizer.encode_marked(text) == list(answer.token_ids)  # tokens as the tokenizer itself cuts them


def test_what_is_chosen_is_what_single_passes_would_choose(engine):
    """Filling in several tokens at once leaves the cache as reading them one by one does."""
    alone = engine.generate(ASKED[1], Decoding(max_new_tokens=40, grammar=PLACE))
    engine.forget()
    cut = alone.text.index("(") + 1
    again = engine.generate(
        Conversation(messages=ASKED[1].messages, prefix=alone.text[:cut]),
        Decoding(max_new_tokens=40, grammar=Grammar(r'start: /[0-9]{1,3},[0-9]{1,3}/ ")" <|box_end|> " at last."')),
    )
    assert alone.text[:cut] + again.text == alone.text


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_answers_of_a_batch_are_those_of_each_alone(engine, temperature):
    decoding = Decoding(max_new_tokens=40, grammar=PLACE, temperature=temperature, seed=5)
    together = engine.generate_batch(ASKED, decoding)
    alone = [engine.generate(conversation, decoding) for conversation in ASKED]
    assert [answer.text for answer in together] == [answer.text for answer in alone]
    assert [answer.token_ids for answer in together] == [answer.token_ids for answer in alone]
    assert len({answer.text for answer in alone}) > 1


def test_the_next_answer_may_reuse_what_a_constrained_one_left(engine):
    decoding = Decoding(max_new_tokens=40, grammar=PLACE)
    first = engine.generate(ASKED[2], decoding)
    warm = engine.generate(ASKED[2], decoding)
    engine.forget()
    assert first.text == warm.text == engine.generate(ASKED[2], decoding).text


def test_a_json_schema_is_kept_to(engine):
    schema = {
        "type": "object",
        "properties": {"colour": {"enum": ["red", "green"]}, "count": {"type": "integer", "minimum": 0, "maximum": 9}},
        "required": ["colour", "count"],
        "additionalProperties": False,
    }
    answer = engine.generate(ASKED[0], Decoding(max_new_tokens=80, grammar=Grammar.of_schema(schema)))
    said = json.loads(answer.text)
    assert said["colour"] in ("red", "green")
    assert said["count"] in range(10)


def test_the_token_limit_holds_within_what_is_forced(engine):
    answer = engine.generate(ASKED[0], Decoding(max_new_tokens=2, grammar=PLACE))
    assert answer.finish == "length"
    assert len(answer.token_ids) == 2


def test_a_grammar_that_cannot_be_read_is_one_sentence(engine):
    with pytest.raises(UsageError, match="the grammar cannot be read") as caught:
        engine.generate(ASKED[0], Decoding(grammar=Grammar("start: nothing")))
    assert "\n" not in str(caught.value)
