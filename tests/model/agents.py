"""Checkpoints trained for screens: marks beside Qwen's own, and a head that points."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers.pre_tokenizers import ByteLevel

RECIPIENT, DIFF_MARKER, POINTER_START, POINTER_END, POINTER_PAD = range(151657, 151662)
MARKS = {
    "<|recipient|>": RECIPIENT,
    "<|diff_marker|>": DIFF_MARKER,
    "<|pointer_start|>": POINTER_START,
    "<|pointer_end|>": POINTER_END,
    "<|pointer_pad|>": POINTER_PAD,
}
POINT = "<|recipient|>os\npyautogui.click(<|pointer_start|><|pointer_pad|><|pointer_end|>)"
WIDTH = 64
"""Of the decoder in tests/model/conftest.py."""


def with_marks(tokenizer: Path) -> str:
    """The text of a tokenizer.json with the marks of agents behind those that it has."""
    told = json.loads(tokenizer.read_text("utf-8"))
    form = told["added_tokens"][-1]
    told["added_tokens"] += [form | {"id": number, "content": mark} for mark, number in MARKS.items()]
    return json.dumps(told)


def bytes_alone(tokenizer: Path) -> str:
    """The text of a tokenizer.json with the same marks, but no words, only bytes, so that it loads in no time."""
    told = json.loads(tokenizer.read_text("utf-8"))
    told["model"] |= {"vocab": {letter: n for n, letter in enumerate(sorted(ByteLevel.alphabet()))}, "merges": []}
    for n, added in enumerate(told["added_tokens"]):
        added["id"] = 256 + n
    return json.dumps(told)


def pointer_weights(seed: int = 0) -> dict[str, torch.Tensor]:
    """A random head, under the names and in the shapes of its checkpoints."""
    torch.manual_seed(seed)
    square, row = (WIDTH, WIDTH), (WIDTH,)
    shapes = {"self_attention.in_proj_weight": (3 * WIDTH, WIDTH), "self_attention.in_proj_bias": (3 * WIDTH,)}
    shapes |= {"self_attention.out_proj.weight": square, "self_attention.out_proj.bias": row}
    shapes |= {"layer_norm.weight": row, "layer_norm.bias": row}
    for side in ("enc", "dec"):
        for layer in (0, 2):
            shapes |= {f"projection_{side}.{layer}.weight": square, f"projection_{side}.{layer}.bias": row}
    return {f"multi_patch_pointer_head.{name}": torch.randn(shape) * 0.3 for name, shape in shapes.items()}


def write_agent(folder: Path, checkpoint: Path, tokenizer: Path, **config: object) -> Path:
    """A checkpoint with the weights of another and the tokenizer of an agent."""
    told = json.loads((checkpoint / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps(told | config))
    (folder / "model.safetensors").symlink_to(checkpoint / "model.safetensors")
    (folder / "tokenizer.json").symlink_to(tokenizer)
    for name in ("tokenizer_config.json", "preprocessor_config.json", "chat_template.jinja", "generation_config.json"):
        if (checkpoint / name).exists():
            (folder / name).symlink_to(checkpoint / name)
    return folder


def add_pointer(folder: Path, weights: dict[str, torch.Tensor]) -> Path:
    """The same checkpoint with a head in a file of its own."""
    save_file(weights, folder / "pointer.safetensors")
    from safetensors import safe_open

    with safe_open(folder / "model.safetensors", framework="pt") as stored:
        homes = dict.fromkeys(stored.keys(), "model.safetensors")
    homes |= dict.fromkeys(weights, "pointer.safetensors")
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": homes}))
    return folder
