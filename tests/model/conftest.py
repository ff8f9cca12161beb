"""A random Qwen2-VL with the true Qwen BPE, small enough to be compared in a second, and others of its kin."""

import json
import os
from pathlib import Path

import pytest
import torch
from clickwright.model.load import load_model
from transformers import (
    AutoModelForImageTextToText,
    PreTrainedConfig,
    Qwen2_5_VLConfig,
    Qwen2VLConfig,
    Qwen2VLForConditionalGeneration,
    Qwen3VLConfig,
)

from .agents import bytes_alone, with_marks, write_agent

DEVICE = os.environ.get("CLICKWRIGHT_TEST_DEVICE", "cpu")
"""Where the engines of these tests are: most hold on a GPU as well. It is never so in continuous integration."""
if DEVICE != "cpu":  # else it would be a mode of its own, which every operation passes through
    torch.set_default_device(DEVICE)

TEMPLATE = "{{ '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}"

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{% if loop.first and message.role != 'system' %}"
    "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n{% endif %}"
    "<|im_start|>{{ message.role }}\n"
    "{% for part in message.content %}"
    "{% if part.type == 'image' %}<|vision_start|><|image_pad|><|vision_end|>"
    "{% elif part.type == 'video' %}<|vision_start|><|video_pad|><|vision_end|>"
    "{% else %}{{ part.text }}{% endif %}{% endfor %}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SMALL_TEXT = {
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "vocab_size": 512,
    "max_position_embeddings": 16384,
    "tie_word_embeddings": True,
    "rope_parameters": {"rope_type": "default", "mrope_section": [2, 3, 3], "rope_theta": 1e4},
}
SMALL_MARKS = {"vision_start_token_id": 265, "vision_end_token_id": 266, "image_token_id": 268, "video_token_id": 269}
"""Where `bytes_alone` puts them."""
SMALL_TOWER = {"depth": 1, "hidden_size": 64, "intermediate_size": 64, "num_heads": 4, "out_hidden_size": 64}


def tiny_config(marks: dict[str, int] | None = None, **text: object) -> Qwen2VLConfig:
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
    is_tied = whole["tie_word_embeddings"]
    return Qwen2VLConfig(text_config=whole, vision_config=tower, tie_word_embeddings=is_tied, **(marks or {}))


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
    return load_model(checkpoint, device=DEVICE, dtype="float32")


@pytest.fixture(scope="session")
def small_tokenizer_file(qwen_tokenizer_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small") / "tokenizer.json"
    path.write_text(bytes_alone(qwen_tokenizer_file), "utf-8")
    return path


def write_processor(folder: Path, tokenizer: Path, *, patch_size: int = 14, first_mark: int = 151643) -> Path:
    """The files of a processor as they lie beside weights on the hub, a generation config that warms included."""
    (folder / "tokenizer.json").symlink_to(tokenizer)
    told = {"tokenizer_class": "Qwen2Tokenizer", "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(told))
    (folder / "chat_template.jinja").write_text(CHAT_TEMPLATE)
    look = {"image_processor_type": "Qwen2VLImageProcessor", "min_pixels": 3136, "max_pixels": 200704}
    look |= {"patch_size": patch_size, "temporal_patch_size": 2, "merge_size": 2}
    (folder / "preprocessor_config.json").write_text(json.dumps(look))
    warm = {"do_sample": True, "temperature": 0.1, "top_p": 0.01, "repetition_penalty": 1.9}
    ends = {"eos_token_id": [first_mark + 2, first_mark]}
    (folder / "generation_config.json").write_text(json.dumps(warm | ends))
    return folder


@pytest.fixture(scope="session")
def qwen2(checkpoint: Path, qwen_tokenizer_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkpoint that our own engine reads too."""
    folder = tmp_path_factory.mktemp("qwen2")
    for name in ("config.json", "model.safetensors"):
        (folder / name).symlink_to(checkpoint / name)
    return write_processor(folder, qwen_tokenizer_file)


@pytest.fixture(scope="session")
def small_qwen2(small_tokenizer_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that knows no words: transformers takes seconds to read Qwen's."""
    folder = tmp_path_factory.mktemp("small_qwen2")
    random_oracle(tiny_config(SMALL_MARKS, vocab_size=512, bos_token_id=256, eos_token_id=258)).save_pretrained(folder)
    return write_processor(folder, small_tokenizer_file, first_mark=256)


@pytest.fixture(scope="session")
def agent_tokenizer_file(qwen_tokenizer_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Qwen's tokenizer with the marks of Aguvis and GUI-Actor."""
    path = tmp_path_factory.mktemp("agent_tokenizer") / "tokenizer.json"
    path.write_text(with_marks(qwen_tokenizer_file), "utf-8")
    return path


@pytest.fixture(scope="session")
def agent_checkpoint(qwen2: Path, agent_tokenizer_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same network with that tokenizer, and without a head."""
    return write_agent(tmp_path_factory.mktemp("agent"), qwen2, agent_tokenizer_file)


@pytest.fixture(scope="session")
def agent(agent_checkpoint: Path):
    return load_model(agent_checkpoint, device=DEVICE, dtype="float32")


def small_checkpoint(kind: type[PreTrainedConfig], tower: dict[str, object], folder: Path, tokenizer: Path) -> Path:
    """A random checkpoint that knows bytes and marks only."""
    config = kind(text_config=SMALL_TEXT, vision_config=tower, tie_word_embeddings=True, **SMALL_MARKS)
    torch.manual_seed(0)
    network = AutoModelForImageTextToText.from_config(config).float()
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            parameter.normal_(1 if "norm" in name and "weight" in name else 0, 0.12)
    network.save_pretrained(folder)
    return write_processor(folder, tokenizer, patch_size=config.vision_config.patch_size, first_mark=256)


@pytest.fixture(scope="session")
def qwen2_5(small_tokenizer_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    tower = SMALL_TOWER | {"fullatt_block_indexes": [0]}
    return small_checkpoint(Qwen2_5_VLConfig, tower, tmp_path_factory.mktemp("qwen2_5"), small_tokenizer_file)


@pytest.fixture(scope="session")
def qwen3(small_tokenizer_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    tower = SMALL_TOWER | {"deepstack_visual_indexes": [0], "num_position_embeddings": 64}
    return small_checkpoint(Qwen3VLConfig, tower, tmp_path_factory.mktemp("qwen3"), small_tokenizer_file)
