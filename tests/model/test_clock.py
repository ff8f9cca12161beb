"""What each part of an answer's time is counted as."""

import time
from types import SimpleNamespace

import torch
from clickwright.model import Conversation, Decoding, Engine, Message
from clickwright.model.clock import Clock


def test_what_is_prepared_within_a_part_does_not_count_as_that_part(monkeypatch):
    clock = Clock(torch.device("cpu"), _last=0.0)
    monkeypatch.setattr("clickwright.model.clock.time", SimpleNamespace(perf_counter=iter([1.0, 4.0, 6.0]).__next__))
    assert clock.preparing(lambda: "patches") == "patches"
    assert (clock.process_s, clock.spent()) == (3.0, 3.0)


def test_each_prompt_of_a_batch_is_timed(engine, monkeypatch):
    read, asked = Engine.prompt, Conversation(messages=(Message("user", ("Where?",)),))

    def slowly(self: Engine, conversation: Conversation):
        time.sleep(0.05)
        return read(self, conversation)

    monkeypatch.setattr(Engine, "prompt", slowly)
    answers = engine.generate_batch([asked, asked], Decoding(max_new_tokens=1))
    assert min(answer.timings.process_s for answer in answers) >= 0.05
