"""A trained learner to a checkpoint in the ordinary layout, without the heads that only training needs, and back."""

import json
from pathlib import Path

import torch
from torch import Tensor

from ...model.config import ModelConfig
from ...model.qwen2_vl import Qwen2VL
from ..shown import PAGE_PX
from ..tensors import OF_TORCH, read_tensors, write_tensors
from .packing import Vocabulary
from .sizes import USUAL, mini_config
from .vocabulary import build_tokenizer, write_tokenizer

MAX_PIXELS = PAGE_PX[0] * PAGE_PX[1]
"""The largest picture it was trained on; larger screens are made smaller."""
SHARD_BYTES = 16_000_000


def export(average: dict[str, Tensor], out: Path, size: str = USUAL) -> int:
    """Write averaged weights in bfloat16, the configuration and the tokenizer. Returns the parameters."""
    out.mkdir(parents=True, exist_ok=True)
    kept = {
        _hub_name(name.removeprefix("net.")): value.to("cpu", torch.bfloat16).contiguous()
        for name, value in average.items()
        if name.startswith("net.")
    }
    _write_shards(kept, out)
    vocabulary = Vocabulary(build_tokenizer())
    _write(out / "config.json", _config(mini_config(vocabulary, size)))
    _write(out / "generation_config.json", {"do_sample": False, "eos_token_id": list(_eos(vocabulary))})
    _write(out / "preprocessor_config.json", {"min_pixels": 56 * 56, "max_pixels": MAX_PIXELS, **_PIXELS})
    _write(out / "clickwright.json", {"profile": "mini"})
    write_tokenizer(out)
    return sum(value.numel() for value in kept.values())


def _write_shards(tensors: dict[str, Tensor], out: Path) -> None:
    """One file, or several with an index where it would be larger than `SHARD_BYTES`."""
    for old in (*out.glob("model*.safetensors"), *out.glob("model.safetensors.index.json")):
        old.unlink()
    shards, room = [dict[str, Tensor]()], SHARD_BYTES
    for name, value in tensors.items():
        if value.nbytes > room and shards[-1]:
            shards.append({})
            room = SHARD_BYTES
        shards[-1][name] = value
        room -= value.nbytes
    if len(shards) == 1:
        write_tensors(shards[0], out / "model.safetensors", metadata=OF_TORCH)
        return
    places: dict[str, str] = {}
    for number, shard in enumerate(shards, 1):
        file = f"model-{number:05}-of-{len(shards):05}.safetensors"
        write_tensors(shard, out / file, metadata=OF_TORCH)
        places |= dict.fromkeys(shard, file)
    total = sum(value.nbytes for value in tensors.values())
    _write(out / "model.safetensors.index.json", {"metadata": {"total_size": total}, "weight_map": places})


_PIXELS = {
    "patch_size": 14,
    "temporal_patch_size": 2,
    "merge_size": 2,
    "image_mean": [0.48145466, 0.4578275, 0.40821073],
    "image_std": [0.26862954, 0.26130258, 0.27577711],
    "image_processor_type": "Qwen2VLImageProcessor",
}


def begin(net: Qwen2VL, folder: Path) -> None:
    """Give a network the weights of an exported folder. Tokens that came later begin like words nobody has seen."""
    named = {_hub_name(name): name for name in net.state_dict()}
    files = sorted(folder.glob("model*.safetensors"))
    held = {named[name]: value.float() for file in files for name, value in read_tensors(file).items()}
    (table,) = (name for name in held if name.endswith("embed_tokens.weight"))
    rows = net.state_dict()[table].clone().cpu()
    known = held[table][1000:]  # words, in the main: those before are numbers, on their curves
    rows[: len(held[table])] = held[table]
    rows[len(held[table]) :] = torch.randn_like(rows[len(held[table]) :]) * known.std(0) + known.mean(0)
    net.load_state_dict(held | {table: rows})


def _hub_name(name: str) -> str:
    """The name on disk, as the published checkpoints have it."""
    return name.replace("model.visual.", "visual.", 1).replace("model.language_model.", "model.", 1)


def _eos(vocabulary: Vocabulary) -> tuple[int, int]:
    return vocabulary.id("<|im_end|>"), vocabulary.id("<|endoftext|>")


def _config(config: ModelConfig) -> dict[str, object]:
    text, vision = config.text, config.vision
    return {
        "architectures": ["Qwen2VLForConditionalGeneration"],
        "model_type": "qwen2_vl",
        "hidden_size": text.hidden_size,
        "intermediate_size": text.intermediate_size,
        "num_hidden_layers": text.num_hidden_layers,
        "num_attention_heads": text.num_attention_heads,
        "num_key_value_heads": text.num_key_value_heads,
        "vocab_size": text.vocab_size,
        "tie_word_embeddings": text.tie_word_embeddings,
        "rms_norm_eps": text.rms_norm_eps,
        "rope_theta": text.rope_theta,
        "rope_scaling": {"type": "mrope", "mrope_section": list(text.mrope_section)},
        "max_position_embeddings": text.max_position_embeddings,
        "hidden_act": "silu",
        "use_sliding_window": False,
        "torch_dtype": "bfloat16",
        "bos_token_id": None,
        "eos_token_id": config.eos_token_ids[0],
        "pad_token_id": config.eos_token_ids[1],
        "image_token_id": config.image_token_id,
        "video_token_id": config.video_token_id,
        "vision_start_token_id": config.vision_start_token_id,
        "vision_end_token_id": config.vision_end_token_id,
        "vision_config": {
            "model_type": "qwen2_vl",
            "depth": vision.depth,
            "embed_dim": vision.embed_dim,
            "num_heads": vision.num_heads,
            "mlp_ratio": vision.mlp_ratio,
            "hidden_size": vision.hidden_size,
            "in_chans": vision.in_channels,
            "patch_size": vision.patch_size,
            "spatial_merge_size": vision.spatial_merge_size,
            "temporal_patch_size": vision.temporal_patch_size,
        },
    }


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", "utf-8")
