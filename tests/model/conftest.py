"""A random Qwen2-VL with the true Qwen BPE, small enough to be compared with transformers' in a second."""

import json
from pathlib import Path

import pytest
import torch
from clickwright.model.load import load_model
from transformers import Qwen2VLConfig, Qwen2VLForConditionalGeneration

TEMPLATE = "{{ '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}"


def tiny_config(**text: object) -> Qwen2VLConfig:
    rope = {"rope_type": "default", "type": "mrope", "mrope_section": [2, 3, 3], "rope_theta": 1e4}
    decoder = {
        "hidden_size": 64,
        "intermediate_size": 96,
        "num_hidden_layers": 3,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "vocab_size": 151936,
        "max_position_embeddings": 4096,
        "tie_word_embeddings": True,
        "rope_parameters": rope,
    }
    tower = {"depth": 2, "embed_dim": 64, "num_heads": 4, "hidden_size": 64, "mlp_ratio": 2}
    whole = decoder | text
    return Qwen2VLConfig(text_config=whole, vision_config=tower, tie_word_embeddings=whole["tie_word_embeddings"])


def random_oracle(config: Qwen2VLConfig, seed: int = 0) -> Qwen2VLForConditionalGeneration:
    torch.manual_seed(seed)
    oracle = Qwen2VLForConditionalGeneration(config).float().eval()
    with torch.no_grad():
        for name, parameter in oracle.named_parameters():
            parameter.normal_(1 if "norm" in name and "weight" in name else 0, 0.12)
    return oracle


@pytest.fixture(scope="session")
def oracle() -> Qwen2VLForConditionalGeneration:
    torch.set_num_threads(1)
    return random_oracle(tiny_config())


@pytest.fixture(scope="session")
def checkpoint(oracle, qwen_tokenizer_file: Path, tmp_path_factory) -> Path:
    """The oracle's weights as transformers saves them, with the true tokenizer."""
    folder = tmp_path_factory.mktemp("tiny")
    oracle.save_pretrained(folder)
    (folder / "tokenizer.json").symlink_to(qwen_tokenizer_file)
    (folder / "tokenizer_config.json").write_text(json.dumps({"chat_template": TEMPLATE}))
    (folder / "preprocessor_config.json").write_text(json.dumps({"min_pixels": 3136, "max_pixels": 200704}))
    return folder


@pytest.fixture(scope="session")
def engine(checkpoint: Path):
    return load_model(checkpoint, device="cpu", dtype="float32")
