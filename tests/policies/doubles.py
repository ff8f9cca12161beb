"""Doubles of published checkpoints: random weights of their architecture, behind their own tokens."""

import json
from pathlib import Path

from clickwright.policies.profiles import Profile

from ..model.agents import add_pointer, pointer_weights
from ..model.conftest import SMALL_MARKS, TEMPLATE, random_oracle, tiny_config

SMALL_VOCABULARY = 512
"""Bytes, Qwen's marks and those of a profile."""


def write_weights(folder: Path, *, knows_words: bool = True) -> Path:
    """The network that all doubles share, as transformers saves it. Random, of Qwen2-VL's architecture and tiny.

    One that knows no words goes with the tokenizer of `bytes_alone`, and writes three hundred times as fast.
    """
    config = (
        tiny_config()
        if knows_words
        else tiny_config(
            SMALL_MARKS, vocab_size=SMALL_VOCABULARY, bos_token_id=256, eos_token_id=258, max_position_embeddings=16384
        )
    )
    random_oracle(config, seed=5).save_pretrained(folder)
    return folder


def write_double(profile: Profile, folder: Path, weights: Path, tokenizer: Path) -> Path:
    """A checkpoint that only its tokens tell apart from others: those given, and the marks of the profile behind them.

    It has a pointer head where the profile points with one.
    """
    for name in ("config.json", "model.safetensors"):
        (folder / name).symlink_to(weights / name)
    told = json.loads(tokenizer.read_text("utf-8"))
    form, known = told["added_tokens"][-1], {token["content"] for token in told["added_tokens"]}
    new = [mark for mark in profile.marks if mark not in known]
    told["added_tokens"] += [form | {"id": form["id"] + n, "content": mark} for n, mark in enumerate(new, 1)]
    (folder / "tokenizer.json").write_text(json.dumps(told), "utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps({"chat_template": TEMPLATE}))
    (folder / "preprocessor_config.json").write_text(json.dumps({"min_pixels": 3136, "max_pixels": 200704}))
    if profile.ground and profile.ground.has_head:
        add_pointer(folder, pointer_weights())
    return folder
