"""An engine that reads some tokens of each surface: as if the others were hidden, and the same ones every time."""

import numpy as np
import pytest
import torch
from clickwright.errors import UsageError
from clickwright.model import Conversation, Decoding, Message, Picture, Video
from clickwright.model.load import load_model
from clickwright.model.open import open_model

SHORT = Decoding(max_new_tokens=6)


def page(shade: int) -> Picture:
    """Flat, with one square on it: 20 tokens, 19 of which are one surface."""
    pixels = np.full((112, 140, 3), shade, np.uint8)
    pixels[28:56, 28:56] = (20, 90, 200)
    return Picture(pixels)


def asked(*shades: int) -> Conversation:
    messages: list[Message] = []
    for number, shade in enumerate(shades):
        if number:
            messages.append(Message("assistant", (f"I click on {number}.",)))
        messages.append(Message("user", (page(shade), f"Step {number}.")))
    return Conversation(messages=tuple(messages))


@pytest.fixture(scope="module")
def thrifty(checkpoint):
    return load_model(checkpoint, device="cpu", dtype="float32", select=0.3)


@pytest.mark.slow
@torch.no_grad()
def test_it_answers_as_if_the_other_tokens_were_hidden(engine, thrifty):
    conversation = asked(250, 90)
    whole, less = engine.prompt(conversation), thrifty.prompt(conversation)
    stays = [n for n, key in enumerate(whole.keys) if not isinstance(key, str)]
    for start, shown in zip(whole.starts, less.pictures, strict=True):
        stays += [start + int(n) for n in shown.kept]
    stays.sort()
    assert [shown.tokens for shown in less.pictures] == [7, 7]  # 0.3 of the page, and the square
    assert less.positions.tolist() == whole.positions[:, stays].tolist()
    assert [less.ids[start - 1 : start + 8] for start in less.starts] == [
        [engine.config.vision_start_token_id, *[engine.config.image_token_id] * 7, whole.ids[whole.starts[0] + 20]]
    ] * 2
    hidden = torch.ones(len(whole.ids), len(whole.ids), dtype=torch.bool).tril()
    hidden[:, [n for n in range(len(whole.ids)) if n not in stays]] = False
    hidden |= torch.eye(len(whole.ids), dtype=torch.bool)
    read = engine.network.decoder(
        engine.network.embed(torch.tensor([whole.ids]), engine._features_of(whole.pictures, _clock())),
        whole.positions[:, None],
        hidden[None, None],
    )
    expected = engine.network.logits(read[0, -1:])
    found, reused = thrifty._read(thrifty.session().memory, less, (), _clock())
    assert reused == 0
    assert torch.allclose(found, expected, atol=1e-4)
    assert not torch.allclose(engine._read(engine.session().memory, whole, (), _clock())[0], expected, atol=1e-2)


def _clock():
    from clickwright.model.clock import Clock

    return Clock(torch.device("cpu"))


def test_what_was_read_stays_known(thrifty):
    session = thrifty.session()
    first = session.generate(asked(250), SHORT)
    again = session.generate(asked(250, 90), SHORT)
    assert first.visual_tokens == 7
    assert again.visual_tokens == 14
    assert again.reused_tokens > first.prompt_tokens - 8  # all but the end of its last turn
    assert again.token_ids == thrifty.session().generate(asked(250, 90), SHORT).token_ids


@pytest.mark.slow
def test_a_share_of_one_reads_all(engine, checkpoint):
    whole = load_model(checkpoint, device="cpu", dtype="float32", select=1.0)
    assert whole.generate(asked(250), SHORT).token_ids == engine.session().generate(asked(250), SHORT).token_ids


def test_videos_are_read_whole_and_pictures_alike_wherever_they_stand(engine, thrifty):
    film = Video(np.full((4, 56, 84, 3), 200, np.uint8))
    shown = Conversation(messages=(Message("user", (page(250), film, page(250), "Which?")),))
    prompt = thrifty.prompt(shown)
    whole = engine.prompt(shown).pictures[1].tokens
    assert [one.tokens for one in prompt.pictures] == [7, whole, 7]
    assert prompt.visual_tokens == 14 + whole
    assert (prompt.pictures[0].kept == prompt.pictures[2].kept).all()
    alone = [thrifty.session().generate(each, SHORT).token_ids for each in (shown, asked(250, 90))]
    assert [one.token_ids for one in thrifty.generate_batch([shown, asked(250, 90)], SHORT)] == alone


@pytest.mark.parametrize("share", [0.0, -1.0, 1.5, float("nan")])
def test_a_share_that_is_none_is_refused_before_anything_is_fetched(share):
    with pytest.raises(UsageError, match="above 0 and up to 1"):
        load_model("nobody/such-a-model", device="cpu", select=share)


def test_another_backend_reads_all():
    with pytest.raises(UsageError, match="leave out select"):
        open_model("some/model", base_url="http://127.0.0.1:1/v1", select=0.5)
