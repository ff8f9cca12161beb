"""The network and the engine against transformers' Qwen2-VL on the same random float32 weights."""

import numpy as np
import pytest
import torch
from clickwright.model import Conversation, Decoding, Message, Picture, Video
from clickwright.model.clock import Clock
from clickwright.model.decoder import Cache
from clickwright.model.pixels import normalised

NEW_TOKENS = 8
COMPARED_TOKENS = 512
"""Scores of so many tokens at the end are compared: over 152,000 words each, those of a long video fill gigabytes."""
TALK = Message("user", ("Which of the two is larger?",))


def picture(seed: int, height: int, width: int) -> Picture:
    return Picture(np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8))


def video(seed: int, frames: int, height: int = 364, width: int = 364) -> Video:
    return Video(np.random.default_rng(seed).integers(0, 256, (frames, height, width, 3), np.uint8))


CASES = {
    "text": Conversation(messages=(TALK,)),
    "one image": Conversation(messages=(Message("user", (picture(1, 84, 140), "What is this?")),)),
    "two images": Conversation(
        messages=(Message("user", (picture(1, 84, 140), "and", picture(2, 168, 56), "differ how?")),)
    ),
    "an image that is resized": Conversation(messages=(Message("user", ("See: ", picture(3, 333, 701))),)),
    "a video": Conversation(messages=(Message("user", (video(4, 3), "What happens?")),)),
    # As many tokens wide as it has pairs of frames: transformers 5.23 agrees on where the text behind it goes on.
    "a video of 64 frames": Conversation(messages=(Message("user", (video(5, 64, 112, 896), "What happens?")),)),
    "a prefix": Conversation(messages=(Message("user", (picture(1, 84, 140), "Where?")),), prefix="<|box_start|>("),
}


def oracle_inputs(engine, prompt) -> dict[str, torch.Tensor]:
    """What transformers needs to see the same prompt: both frames of a still, and which token is which."""
    ids = torch.tensor([prompt.ids])
    kinds = (ids == engine.config.image_token_id).int() + 2 * (ids == engine.config.video_token_id).int()
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "mm_token_type_ids": kinds}
    for shown in prompt.pictures:
        patches = engine.processor.patches(shown.seen)
        assert patches.grid == shown.grid
        values = normalised(patches.values, engine.processor.look, device=engine.device, dtype=torch.float32)
        if values.shape[1] == 588:
            values = values.view(-1, 3, 1, 196).repeat(1, 1, 2, 1).flatten(1)
        name = "pixel_values" if patches.values.shape[1] == 588 else "pixel_values_videos"
        grid = "image_grid_thw" if name == "pixel_values" else "video_grid_thw"
        for key, more in ((name, values), (grid, torch.tensor([patches.grid]))):
            inputs[key] = torch.cat([inputs[key], more]) if key in inputs else more
    return inputs


def our_logits(engine, prompt) -> torch.Tensor:
    features = engine._features_of(prompt.pictures, Clock(engine.device))
    with torch.inference_mode():
        hidden = engine.network.decoder(
            engine.network.embed(torch.tensor([prompt.ids]), features), prompt.positions[:, None]
        )
        return engine.network.logits(hidden[:, -COMPARED_TOKENS:])


def greedy(oracle, inputs) -> list[int]:
    out = oracle.generate(**inputs, max_new_tokens=NEW_TOKENS, do_sample=False, pad_token_id=151643)
    return out[0, inputs["input_ids"].shape[1] :].tolist()


@pytest.mark.parametrize("name", CASES)
def test_logits_and_greedy_tokens_are_those_of_transformers(engine, oracle, name):
    prompt = engine.prompt(CASES[name])
    inputs = oracle_inputs(engine, prompt)
    with torch.inference_mode():
        theirs = oracle(**inputs, logits_to_keep=COMPARED_TOKENS).logits
        ours = our_logits(engine, prompt)
    assert theirs.abs().max() > 1  # or equality would say nothing
    assert (ours - theirs).abs().max() < 1e-4
    engine.forget()
    answer = engine.generate(CASES[name], Decoding(max_new_tokens=NEW_TOKENS))
    expected = greedy(oracle, inputs)
    assert list(answer.token_ids) == [token for token in expected if token not in engine.config.eos_token_ids]


def test_a_video_longer_than_wide_is_read_as_transformers_does_at_the_same_positions(engine, oracle):
    """32 pairs of frames, 13 tokens wide: behind them transformers 5.23 goes on at 13, which was never trained."""
    prompt = engine.prompt(Conversation(messages=(Message("user", (video(6, 64, 280, 364), "What happens?")),)))
    inputs = oracle_inputs(engine, prompt)
    kinds, grids = inputs["mm_token_type_ids"], inputs["video_grid_thw"]
    theirs, _ = oracle.model.get_rope_index(inputs["input_ids"], kinds, video_grid_thw=grids)
    behind = int(kinds[0].nonzero()[-1]) + 1
    assert torch.equal(theirs[:, 0, :behind], prompt.positions[:, :behind])
    assert (prompt.positions[:, behind:] - theirs[:, 0, behind:]).unique().tolist() == [32 - 13]
    with torch.inference_mode():
        expected = oracle(**inputs, position_ids=prompt.positions[:, None], logits_to_keep=COMPARED_TOKENS).logits
    assert (our_logits(engine, prompt) - expected).abs().max() < 1e-4


def test_the_logprobs_are_those_of_the_oracle(engine, oracle):
    engine.forget()
    answer = engine.generate(CASES["one image"], Decoding(max_new_tokens=4))
    inputs = oracle_inputs(engine, engine.prompt(CASES["one image"]))
    with torch.inference_mode():
        first = oracle(**inputs).logits[0, -1].log_softmax(-1)
    assert answer.logprobs[0] == pytest.approx(float(first.max()), abs=1e-4)


def test_a_batch_answers_as_each_prompt_does_alone(engine):
    names = ["text", "one image", "two images"]
    decoding = Decoding(max_new_tokens=NEW_TOKENS)
    alone = [engine.generate(CASES[name], decoding).token_ids for name in names]
    together = engine.generate_batch([CASES[name] for name in names], decoding)
    assert [answer.token_ids for answer in together] == alone


def test_a_sampled_batch_answers_as_each_prompt_does_alone(engine):
    asked = [CASES["text"], CASES["one image"]]
    warm = Decoding(max_new_tokens=NEW_TOKENS, temperature=1.2, seed=4)
    alone = [engine.generate(one, warm).token_ids for one in asked]
    assert [answer.token_ids for answer in engine.generate_batch(asked, warm)] == alone


def test_prefill_and_step_by_step_decoding_agree(engine):
    prompt = engine.prompt(CASES["two images"])
    whole = our_logits(engine, prompt)
    with torch.inference_mode():
        features = engine._features_of(prompt.pictures, Clock(engine.device))
        embeds = engine.network.embed(torch.tensor([prompt.ids]), features)
        cache = Cache(engine.config.text.num_hidden_layers)
        cut = len(prompt.ids) - 3
        engine.network.decoder(embeds[:, :cut], prompt.positions[:, None, :cut], None, cache)
        for n in range(cut, len(prompt.ids)):
            hidden = engine.network.decoder(embeds[:, n : n + 1], prompt.positions[:, None, n : n + 1], None, cache)
    assert (engine.network.logits(hidden[:, -1]) - whole[:, -1]).abs().max() < 1e-4
