"""Contexts of over 32,768 tokens against transformers, in one go and in pieces, and the end of what a model reads."""

import re

import pytest
import torch
from clickwright.errors import UsageError
from clickwright.model import Conversation, Decoding, Message, load_model
from clickwright.model.config import parse_config
from clickwright.model.decoder import PIECE_TOKENS, Cache
from clickwright.model.qwen2_vl import Qwen2VL
from clickwright.model.rotary import mrope_positions
from transformers import Qwen2VLConfig, Qwen2VLForConditionalGeneration

IMAGE, VIDEO = 290, 291
LONG_TOKENS = 32768 + 300
FILM = (127, 4, 260)
"""127 pairs of frames of 2 x 130 tokens: 33,020 together."""
READ_TOKENS = 4096
TEXT = {
    "hidden_size": 32,
    "intermediate_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "vocab_size": 512,
    "max_position_embeddings": 131072,
    "rope_parameters": {"rope_type": "default", "mrope_section": [2, 3, 3], "rope_theta": 1e6},
}
TOWER = {"depth": 1, "embed_dim": 16, "num_heads": 1, "hidden_size": 32, "mlp_ratio": 1, "patch_size": 2}


@pytest.fixture(scope="module")
def pair() -> tuple[Qwen2VL, Qwen2VLForConditionalGeneration]:
    """Our network and transformers' with the same random weights."""
    torch.manual_seed(0)
    config = Qwen2VLConfig(
        text_config=TEXT, vision_config=TOWER, image_token_id=IMAGE, video_token_id=VIDEO, tie_word_embeddings=False
    )
    theirs = Qwen2VLForConditionalGeneration(config).float().eval()
    with torch.no_grad():
        for name, parameter in theirs.named_parameters():
            parameter.normal_(1 if "norm" in name and "weight" in name else 0, 0.2)
    ours = Qwen2VL(parse_config(config.to_dict()))
    ours.load_state_dict(theirs.state_dict())
    return ours.eval(), theirs


def logits_in_pieces(network: Qwen2VL, x: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
    """Logits behind the last token, read some thousand at a time through the cache."""
    cache = Cache(len(network.decoder.layers))
    for some, places in zip(x.split(READ_TOKENS, 1), positions.split(READ_TOKENS, 2), strict=True):
        hidden = network.decoder(some, places, None, cache)
    assert cache.length == x.shape[1]
    return network.logits(hidden[:, -1])


@pytest.mark.slow
@torch.inference_mode()
def test_a_text_of_over_32768_tokens_is_read_as_transformers_does(pair):
    ours, theirs = pair
    ids = torch.randint(0, IMAGE, (1, LONG_TOKENS))
    positions = mrope_positions(ids[0].tolist(), [], (IMAGE, VIDEO))[:, None]
    assert int(positions.max()) == LONG_TOKENS - 1
    expected = theirs(input_ids=ids, logits_to_keep=1).logits[:, -1]
    x = ours.embed(ids)
    whole = ours.logits(ours.decoder(x, positions)[:, -1])
    assert expected.abs().max() > 1
    assert (whole - expected).abs().max() < 1e-4
    assert (logits_in_pieces(ours, x, positions) - expected).abs().max() < 1e-4


@pytest.mark.slow
@torch.inference_mode()
def test_a_film_of_over_32768_tokens_stays_at_small_positions(pair):
    ours, theirs = pair
    frames, rows, columns = FILM
    ids = [*range(20), *[VIDEO] * (frames * rows * columns // 4), *range(20)]
    assert len(ids) > 32768
    positions = mrope_positions(ids, [FILM], (IMAGE, VIDEO))[:, None]
    assert int(positions.max()) == 20 + columns // 2 + 20 - 1
    patches = torch.randn(frames * rows * columns, ours.config.vision.patch_values)
    read = torch.tensor([ids])
    expected = theirs(
        input_ids=read,
        pixel_values_videos=patches,
        video_grid_thw=torch.tensor([FILM]),
        mm_token_type_ids=2 * (read == VIDEO).int(),
        logits_to_keep=1,
    ).logits[:, -1]
    x = ours.embed(read, ours.visual(patches, [FILM]))
    assert (ours.logits(ours.decoder(x, positions)[:, -1]) - expected).abs().max() < 1e-4


@torch.inference_mode()
@pytest.mark.parametrize("before", [1, 700])
def test_what_is_read_in_pieces_behind_others_is_read_as_in_one_go(pair, before):
    """Hidden states of all tokens, at the borders of pieces too, and a cache that can be read on."""
    ours, _ = pair
    x = torch.randn(1, before + 2 * PIECE_TOKENS + 5, 32)
    positions = torch.arange(x.shape[1]).expand(3, 1, -1)
    cache = Cache(1)
    ours.decoder(x[:, :before], positions[..., :before], None, cache)
    hidden = ours.decoder(x[:, before:-1], positions[..., before:-1], None, cache)
    last = ours.decoder(x[:, -1:], positions[..., -1:], None, cache)
    whole = ours.decoder(x, positions)[:, before:]
    assert (torch.cat((hidden, last), 1) - whole).abs().max() < 1e-5


def test_a_conversation_that_grew_by_many_tokens_is_answered_as_from_the_start(engine):
    asked = Message("user", ("Read this.",))
    long = Message("user", (" ".join(f"word{n}" for n in range(900)),))
    decoding = Decoding(max_new_tokens=6)
    engine.forget()
    engine.generate(Conversation(messages=(asked,)), decoding)
    grown = engine.generate(Conversation(messages=(asked, long)), decoding)
    assert grown.reused_tokens > 0
    assert grown.prompt_tokens - grown.reused_tokens > PIECE_TOKENS
    engine.forget()
    fresh = engine.generate(Conversation(messages=(asked, long)), decoding)
    assert fresh.reused_tokens == 0
    assert fresh.token_ids == grown.token_ids
    assert fresh.logprobs == pytest.approx(grown.logprobs, abs=1e-4)


def test_a_prompt_beyond_what_the_checkpoint_reads_is_one_sentence(engine):
    asked = Conversation(messages=(Message("user", ("word " * 5000,)),))
    tokens = len(engine.prompt(asked).ids)
    last = tokens - 1 + 10
    with pytest.raises(UsageError) as caught:
        engine.generate(asked, Decoding(max_new_tokens=10))
    assert f"the prompt of {tokens} tokens and an answer of 10 reach position {last}" in str(caught.value)
    assert str(caught.value).endswith("reads 4096")
    assert "\n" not in str(caught.value)


def test_the_last_position_can_be_used_and_none_behind_it(engine, checkpoint):
    asked = Conversation(messages=(Message("user", ("What is this?",)),))
    full = len(engine.prompt(asked).ids) + 3
    enough, short = (
        load_model(checkpoint, device="cpu", dtype="float32", max_positions=most) for most in (full, full - 1)
    )
    assert enough.generate(asked, Decoding(max_new_tokens=3)).token_ids
    for refused in (short.generate, lambda asked, decoding: short.generate_batch([asked], decoding)):
        with pytest.raises(UsageError, match=re.escape(f"reach position {full - 1}; {checkpoint} reads {full - 1}")):
            refused(asked, Decoding(max_new_tokens=3))
