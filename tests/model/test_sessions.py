"""Sessions: what was read is not read again, trajectories do not disturb each other, and nothing changes by it."""

from itertools import count

import numpy as np
import pytest
from clickwright.errors import UsageError
from clickwright.model import Conversation, Decoding, Grammar, Message, Picture
from clickwright.model.features import Features
from torch import zeros

SHORT = Decoding(max_new_tokens=6)


def picture(seed: int, height: int = 84, width: int = 140) -> Picture:
    return Picture(np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8))


def asked(*seeds: int) -> Conversation:
    """A trajectory: a system text, then one screenshot and one answer a turn, the last one still to be given."""
    messages = [Message("system", ("You click on what is asked for.",))]
    for number, seed in enumerate(seeds):
        if number:
            messages.append(Message("assistant", (f"I click on {number}.",)))
        messages.append(Message("user", (picture(seed), f"Step {number}.")))
    return Conversation(messages=tuple(messages))


@pytest.fixture
def alone(engine):
    """The answer to a conversation that is read from its beginning."""
    return lambda conversation, decoding=SHORT: engine.session().generate(conversation, decoding).token_ids


def test_a_trajectory_that_grows_reads_each_token_once(engine):
    session, read = engine.session(), 0
    for turns in range(1, 5):
        forced = Grammar(f'start: "I click on {turns}."')  # what the next prompt says that the model wrote
        answer = session.generate(asked(*range(turns)), Decoding(grammar=forced))
        assert answer.reused_tokens == read
        read = answer.prompt_tokens + len(answer.token_ids) + 1  # the end of the turn was forced too
    assert answer.reused_tokens > 0.7 * answer.prompt_tokens


def test_a_screen_that_has_not_changed_is_not_looked_at_and_that_is_told(engine):
    engine.forget()
    session = engine.session()
    looked = [session.generate(asked(*seeds), SHORT).looked for seeds in ((11,), (11,), (11, 12), (12, 12))]
    assert looked == [1, 0, 1, 0]
    engine.forget()
    both = engine.generate_batch([asked(11), asked(11, 12)], SHORT)
    assert [one.looked for one in both] == [1, 1]
    assert both[0].timings.vision_s != both[1].timings.vision_s
    assert both[0].timings.decode_s == both[1].timings.decode_s


def test_what_the_model_wrote_itself_is_not_read_again(engine):
    session = engine.session()
    first = asked(1)
    said = session.generate(first, SHORT)
    if engine.tokenizer.encode_marked(said.text) != list(said.token_ids):
        pytest.fail("choose another picture: this answer is not spelt as a tokenizer spells it")
    answer = Message("assistant", (said.text,))
    second = Conversation(messages=(*first.messages, answer, Message("user", (picture(2), "And now?"))))
    # All but the last token written, which ended the answer and was never read.
    assert session.generate(second, SHORT).reused_tokens == said.prompt_tokens + len(said.token_ids) - 1


def test_going_back_to_an_earlier_turn_and_on_in_another_way_equals_reading_anew(engine, alone):
    session = engine.session()
    for conversation in (asked(1, 2, 3), asked(1), asked(1, 4), asked(1, 2, 3, 5)):
        assert session.generate(conversation, SHORT).token_ids == alone(conversation)


def test_screenshots_that_left_the_history_are_forgotten_and_the_rest_is_right(engine, alone):
    session = engine.session()
    session.generate(asked(1, 2, 3, 4), SHORT)
    conversation = asked(3, 4, 5)
    answer = session.generate(conversation, SHORT)
    assert answer.token_ids == alone(conversation)
    assert 0 < answer.reused_tokens < engine.prompt(conversation).starts[0] + 1


def test_another_picture_of_the_same_size_is_not_mistaken_for_the_one_before(engine, alone):
    session = engine.session()
    session.generate(asked(1), SHORT)
    answer = session.generate(asked(77), SHORT)
    assert answer.reused_tokens <= engine.prompt(asked(77)).starts[0]
    assert answer.token_ids == alone(asked(77))


def test_interleaved_sessions_do_not_disturb_each_other(engine, alone):
    sessions = [engine.session() for _ in range(3)]
    seeds = [[1], [1], [7]]
    for more in range(10, 13):
        for session, seen in zip(sessions, seeds, strict=True):
            conversation = asked(*seen)
            answer = session.generate(conversation, SHORT)
            assert answer.token_ids == alone(conversation)
            assert (answer.reused_tokens > 0) == (more > 10)
            seen.append(more + len(seen))
    engine.forget()  # the engine's own memory, not theirs
    assert sessions[0].generate(asked(*seeds[0]), SHORT).reused_tokens > 0


def test_a_fork_goes_on_alone(engine, alone):
    session = engine.session()
    session.generate(asked(1, 2), SHORT)
    branch = session.fork()
    for conversation in (asked(1, 2, 3), asked(1, 2, 4)):
        for one in (branch, session):
            answer = one.generate(conversation, SHORT)
            assert answer.token_ids == alone(conversation)
            assert answer.reused_tokens > engine.prompt(asked(1)).starts[0]


def test_a_fork_of_nothing_and_a_forgotten_session_begin_anew(engine, alone):
    session = engine.session()
    assert session.fork().generate(asked(1), SHORT).token_ids == alone(asked(1))
    session.generate(asked(1), SHORT)
    session.forget()
    answer = session.generate(asked(1), SHORT)
    assert (answer.reused_tokens, answer.token_ids) == (0, alone(asked(1)))


@pytest.mark.parametrize("decoding", [SHORT, Decoding(max_new_tokens=6, temperature=1.2, seed=4)])
def test_sessions_that_are_decoded_together_answer_as_each_does_alone(engine, alone, decoding):
    sessions = [engine.session() for _ in range(3)]
    sessions[1].generate(asked(1, 2), SHORT)
    for turn in range(1, 4):
        conversations = [asked(*range(length, length + turn)) for length in (1, 2, 5)]
        together = engine.generate_batch(conversations, decoding, sessions=sessions)
        for conversation, answer in zip(conversations, together, strict=True):
            assert answer.token_ids == alone(conversation, decoding)
            assert (answer.reused_tokens > engine.prompt(conversation).starts[0]) == (turn > 1)
    # What a batch wrote is remembered as if it had been written alone.
    conversation = asked(*range(5, 9))
    assert sessions[2].generate(conversation, SHORT).token_ids == alone(conversation)


def test_sessions_of_a_batch_must_match_it(engine, checkpoint):
    from clickwright.model.load import load_model

    session = engine.session()
    for conversations, sessions in (([asked(1)], []), ([asked(1), asked(2)], [session, session])):
        with pytest.raises(UsageError, match="as many different sessions"):
            engine.generate_batch(conversations, SHORT, sessions=sessions)
    with pytest.raises(UsageError, match="only be used with the engine that made it"):
        load_model(checkpoint, device="cpu", dtype="float32").generate_batch([asked(1)], SHORT, sessions=[session])


def test_a_session_is_a_model_with_its_engines_name(engine):
    assert engine.session().name == engine.name


def test_features_are_kept_up_to_their_bytes_and_the_oldest_leave_first():
    features, calls = Features(3 * 40), count()

    def look():
        next(calls)
        return zeros(10)

    for name in ("a", "b", "c", "a", "d", "a", "c"):  # d drives b out, which was not asked for longest
        features.of(name, look)
    assert next(calls) == 4
    features.of("b", look)
    assert next(calls) == 6  # the one read here, and b's
    assert features.bytes == 3 * 40
    features.of("large", lambda: zeros(100))
    assert features.bytes == 400  # one is always kept: it is in use
    features.clear()
    assert features.bytes == 0
