"""Several threads on one engine: each gets the answer that it would get alone, and one's fault is its own."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from clickwright.errors import UsageError
from clickwright.model import Conversation, Decoding, Message
from clickwright.model.engine import Engine
from clickwright.model.together import Together, together

SHORT = Decoding(max_new_tokens=6)


def asked(words: str) -> Conversation:
    return Conversation(messages=(Message("user", (words,)),))


@pytest.mark.slow
def test_threads_get_the_answers_that_each_would_get_alone(engine):
    shared = Together(engine)
    ready = threading.Barrier(4)

    def work(number: int) -> list[tuple[int, ...]]:
        session = shared.session()
        ready.wait()
        decoding = Decoding(max_new_tokens=4 + number, temperature=0.9 * (number % 2), seed=number)
        return [session.generate(asked(f"{number} {turn}"), decoding).token_ids for turn in range(5)]

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(work, range(4)))
    for number, answers in enumerate(found):
        session = engine.session()
        decoding = Decoding(max_new_tokens=4 + number, temperature=0.9 * (number % 2), seed=number)
        assert answers == [session.generate(asked(f"{number} {turn}"), decoding).token_ids for turn in range(5)]


def test_what_waits_while_one_is_answered_is_answered_in_one_batch(engine):
    sizes: list[int] = []

    class Counted(Engine):
        def generate_batch(self, conversations, decoding=None, *, sessions=None):
            sizes.append(len(conversations))
            return super().generate_batch(conversations, decoding, sessions=sessions)

    counted = Counted(engine.name, engine.network, engine.tokenizer, engine.processor)
    shared = Together(counted)
    begun, go = threading.Event(), threading.Event()

    def hold(piece: str) -> None:
        begun.set()
        go.wait(30)

    with ThreadPoolExecutor(4) as threads:
        slow = threads.submit(counted.session().generate, asked("slow"), SHORT, on_text=hold)
        assert begun.wait(30)
        others = [threads.submit(shared.session().generate, asked(f"{n}"), SHORT) for n in range(3)]
        while len(shared._waiting) < 2:  # the third leads, and waits for the engine
            time.sleep(0.01)
        go.set()
        assert all(one.result().new_tokens for one in (slow, *others))
    assert sizes == [2]


def test_one_that_cannot_be_answered_leaves_the_others_their_answers(engine):
    shared = Together(engine)
    ready = threading.Barrier(3)

    def work(words: str) -> tuple[int, ...]:
        session = shared.session()
        ready.wait()
        return session.generate(asked(words), SHORT).token_ids

    with ThreadPoolExecutor(3) as threads:
        good, bad, other = (threads.submit(work, words) for words in ("a", "long " * 40_000, "b"))
        with pytest.raises(UsageError, match="the prompt of"):
            bad.result()
        assert good.result() == engine.session().generate(asked("a"), SHORT).token_ids
        assert other.result() == engine.session().generate(asked("b"), SHORT).token_ids


def test_decodings_must_be_as_many_as_conversations(engine):
    with pytest.raises(UsageError, match="2 conversations need as many decodings, got 1"):
        engine.generate_batch([asked("a"), asked("b")], [SHORT])


def test_a_model_that_is_no_engine_is_left_as_it_is():
    from clickwright.model import ScriptedModel

    model = ScriptedModel(["a"])
    assert together(model) is model
