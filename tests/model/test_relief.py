"""A GPU whose memory is too small, played by a vision tower that refuses many patches at once."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from clickwright.errors import ModelUnavailable
from clickwright.model import Conversation, Decoding, Engine, Message, Picture
from clickwright.model.checkpoint.weights import load_network
from clickwright.model.decoder import Cache
from clickwright.model.processor import Processor
from clickwright.model.together import Together, _Asked
from torch import Tensor, nn

SHORT = Decoding(max_new_tokens=4)
LARGE = 6 * 10  # patches of a picture of 84 x 140
SMALLER = "half the pixels .* max_pixels="


class Narrow(nn.Module):
    """A tower for which there is memory for so many patches only."""

    def __init__(self, tower: nn.Module, most: int) -> None:
        super().__init__()
        self.tower, self.most = tower, most
        self.fits = lambda: True
        self.seen: list[int] = []

    def forward(self, patches: Tensor, grids: object) -> Tensor:
        self.seen.append(patches.shape[0])
        if patches.shape[0] > self.most or not self.fits():
            raise torch.OutOfMemoryError("CUDA out of memory")
        return self.tower(patches, grids)


@pytest.fixture
def scarce(engine: Engine, checkpoint: Path) -> Engine:
    """An engine with a network of its own, on a GPU that has memory for one large picture."""
    network = load_network(checkpoint, engine.config, device=engine.device, dtype=engine.dtype)
    network.model.visual = Narrow(network.visual, LARGE)
    return Engine("scarce", network, engine.tokenizer, engine.processor, default_system=engine.default_system)


def with_budget(engine: Engine, max_pixels: int) -> Engine:
    """An engine that was given this budget from its beginning."""
    look = replace(engine.processor.look, budget=replace(engine.processor.look.budget, max_pixels=max_pixels))
    processor = Processor(engine.config.vision, look)
    return Engine("plain", engine.network, engine.tokenizer, processor, default_system=engine.default_system)


def shrink(scarce: Engine, most: int) -> None:
    """Memory is taken by something else."""
    scarce.network.visual.most = most


def asked(*seeds: int, height: int = 84, width: int = 140) -> Conversation:
    pixels = [np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8) for seed in seeds]
    turns = (Message("user", (Picture(one), "Where?")) for one in pixels)
    return Conversation(messages=(Message("system", ("You click.",)), *turns))


def test_a_picture_that_is_too_large_is_read_at_half_the_pixels(scarce, engine):
    before = scarce.generate(asked(1), SHORT)
    shrink(scarce, LARGE - 1)
    with pytest.warns(RuntimeWarning, match=SMALLER):
        after = scarce.generate(asked(2), SHORT)
    assert (before.is_halved, after.is_halved) == (False, True)
    assert 0 < after.visual_tokens <= before.visual_tokens / 2
    # It equals an engine that was given this budget, whose answers are not called halved.
    most = scarce.processor.look.budget.max_pixels
    assert most == LARGE // 4 // 2 * 28**2
    plain = with_budget(engine, most).generate(asked(2), SHORT)
    assert (plain.token_ids, plain.visual_tokens, plain.is_halved) == (after.token_ids, after.visual_tokens, False)


def test_later_pictures_are_read_small_at_once_and_it_is_told_once(scarce):
    shrink(scarce, LARGE - 1)
    with pytest.warns(RuntimeWarning, match=SMALLER):
        scarce.generate(asked(1), SHORT)
    scarce.network.visual.seen.clear()
    assert scarce.generate(asked(2), SHORT).is_halved
    assert max(scarce.network.visual.seen) <= LARGE / 2


def test_nothing_read_at_the_old_budget_is_taken_for_what_is_read_at_the_new_one(scarce, engine):
    sessions = [scarce.session(), scarce.session()]
    for session in sessions:
        session.generate(asked(1), SHORT)
    branch = sessions[1].fork()
    shrink(scarce, LARGE - 1)
    with pytest.warns(RuntimeWarning, match=SMALLER):
        grown = sessions[0].generate(asked(1, 2), SHORT)
    assert grown.reused_tokens == 0
    plain = with_budget(engine, scarce.processor.look.budget.max_pixels)
    for conversation in (asked(1, 2), asked(1)):
        expected = plain.session().generate(conversation, SHORT)
        for session in (*sessions, branch):
            assert session.generate(conversation, SHORT).token_ids == expected.token_ids


def test_every_memory_is_given_back(scarce):
    session = scarce.session()
    session.generate(asked(1), SHORT)
    scarce.generate(asked(1), SHORT)
    shrink(scarce, 0)
    with pytest.warns(RuntimeWarning), pytest.raises(ModelUnavailable):
        scarce.generate(asked(2), SHORT)
    assert session.memory.known == []
    assert session.memory.cache.length == 0
    shrink(scarce, LARGE)
    assert scarce.generate(asked(1), SHORT).reused_tokens == 0


def test_what_does_not_fit_at_half_the_pixels_either_ends_in_one_sentence(scarce):
    shrink(scarce, 8)
    with (
        pytest.warns(RuntimeWarning, match=SMALLER),
        pytest.raises(ModelUnavailable, match="give a smaller max_pixels"),
    ):
        scarce.generate(asked(1), SHORT)
    budget = scarce.processor.look.budget
    scarce.network.visual.seen.clear()
    with pytest.raises(ModelUnavailable) as error:  # and no warning, which would be an error here
        scarce.generate(asked(1), SHORT)
    assert "\n" not in str(error.value)
    assert len(scarce.network.visual.seen) == 2  # with what was kept, and without
    assert scarce.processor.look.budget == budget  # it is halved once
    shrink(scarce, LARGE)
    assert scarce.generate(asked(1), SHORT).token_ids


def test_several_that_do_not_fit_together_are_each_answered_alone_at_full_size(scarce, engine, monkeypatch):
    def full(caches: object) -> Cache:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(Cache, "together", full)
    sessions = [scarce.session(), scarce.session()]
    with pytest.raises(ModelUnavailable, match="together: ask fewer at once"):  # and no warning
        scarce.generate_batch([asked(1), asked(2)], SHORT, sessions=sessions)
    shared = Together(scarce)
    batch = [_Asked(session, asked(seed), SHORT) for seed, session in enumerate(sessions)]
    shared._answer(batch)
    for seed, one in enumerate(batch):
        assert not one.answer.result().is_halved
        assert one.answer.result().token_ids == engine.session().generate(asked(seed), SHORT).token_ids


def test_what_fits_once_others_have_given_back_theirs_is_read_at_full_size(scarce, engine):
    other = scarce.session()
    other.generate(asked(1), SHORT)
    tower = scarce.network.visual
    tower.fits = lambda: not other.memory.known
    answer = scarce.session().generate(asked(2), SHORT)
    assert not answer.is_halved
    assert tower.seen == [LARGE] * 3  # the other's, and twice its own
    assert answer.token_ids == engine.session().generate(asked(2), SHORT).token_ids


def test_text_is_told_once(scarce):
    shrink(scarce, LARGE - 1)
    told: list[str] = []
    with pytest.warns(RuntimeWarning, match=SMALLER):
        answer = scarce.generate(asked(1), SHORT, on_text=told.append)
    assert "".join(told) == answer.text


def test_a_picture_that_cannot_be_smaller_is_tried_once_more_and_no_warning_is_given(scarce):
    shrink(scarce, 0)
    with pytest.raises(ModelUnavailable):
        scarce.generate(asked(1, height=56, width=56), SHORT)
    assert len(scarce.network.visual.seen) == 2
    assert not scarce.processor.look.is_halved


def fail(monkeypatch: pytest.MonkeyPatch, scarce: Engine, *, at: tuple[int, ...]) -> None:
    """Memory does not do for these passes of the decoder, counted from 1 on."""
    read, passes = scarce._reader.read, iter(range(1, 1000))

    def narrow(*given: object, **named: object) -> Tensor:
        if next(passes) in at:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return read(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(scarce._reader, "read", narrow)


def test_an_answer_that_memory_does_not_do_for_is_begun_anew(scarce, engine, monkeypatch):
    fail(monkeypatch, scarce, at=(3,))
    told: list[str] = []
    once = replace(SHORT, drafts=0)
    answer = scarce.generate(asked(1), once, on_text=told.append)
    assert not answer.is_halved
    assert "".join(told).endswith(answer.text)
    assert answer.token_ids == engine.session().generate(asked(1), once).token_ids


def test_an_answer_for_which_it_does_not_do_again_is_begun_with_smaller_pictures(scarce, engine, monkeypatch):
    fail(monkeypatch, scarce, at=(3, 6))
    once = replace(SHORT, drafts=0)
    with pytest.warns(RuntimeWarning, match=SMALLER):
        answer = scarce.generate(asked(1), once)
    assert answer.is_halved
    plain = with_budget(engine, scarce.processor.look.budget.max_pixels)
    assert answer.token_ids == plain.generate(asked(1), once).token_ids


def test_what_does_not_fit_twice_is_not_forked(scarce, monkeypatch):
    session = scarce.session()
    before = session.generate(asked(1), SHORT)

    def full(self: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(type(session.memory.cache), "fork", full)
    with pytest.raises(ModelUnavailable, match="new session"):
        session.fork()
    assert session.generate(asked(1), SHORT).token_ids == before.token_ids


def test_a_session_may_be_forked_by_who_hears_its_answer(engine):
    session, forks = engine.session(), list[object]()
    session.generate(asked(1), SHORT, on_text=lambda text: forks.append(session.fork()))
    assert forks
