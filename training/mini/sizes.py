"""The architecture of clickwright/mini: Qwen2-VL's, small, in three sizes."""

import json
from dataclasses import dataclass
from pathlib import Path

from ...model.config import ModelConfig, TextConfig, VisionConfig
from .packing import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Widths and depths: of the decoder, whose heads are 64 wide, and of the vision tower with four heads."""

    width: int
    inner: int
    keys: int
    tower: int
    depth: int = 4
    layers: int = 5


USUAL = "usual"
SIZES = {
    "small": Size(width=192, inner=512, keys=1, tower=160),
    USUAL: Size(width=256, inner=704, keys=2, tower=192),
    "large": Size(width=384, inner=1024, keys=2, tower=256),
}
"""4.5, 7.2 and 14 million parameters."""


def mini_config(vocabulary: Vocabulary, size: str = USUAL) -> ModelConfig:
    """The configuration of one of `SIZES`.

    The rotary base is small too: at 10,000 the frequencies that follow the width turn by 0.15 over a whole page of
    46 columns, which a small model cannot read.
    """
    shape = SIZES[size]
    text = TextConfig(
        hidden_size=shape.width,
        intermediate_size=shape.inner,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.width // 64,
        num_key_value_heads=shape.keys,
        vocab_size=(vocabulary.size + 63) // 64 * 64,
        tie_word_embeddings=True,
        rope_theta=25.0,
        mrope_section=(8, 12, 12),
        max_position_embeddings=8192,
    )
    return ModelConfig(
        vision=VisionConfig(hidden_size=shape.width, depth=shape.depth, embed_dim=shape.tower, num_heads=4),
        text=text,
        image_token_id=vocabulary.image,
        video_token_id=vocabulary.id("<|video_pad|>"),
        vision_start_token_id=vocabulary.vision_start,
        vision_end_token_id=vocabulary.vision_end,
        eos_token_ids=(vocabulary.id("<|im_end|>"), vocabulary.id("<|endoftext|>")),
    )


def size_in(checkpoint: Path) -> str:
    """The size of an exported checkpoint. Raises ValueError, in one sentence, for a shape that none of them has."""
    config = json.loads((checkpoint / "config.json").read_text("utf-8"))
    shape = config["hidden_size"], config["vision_config"]["embed_dim"], config["num_hidden_layers"]
    for name, size in SIZES.items():
        if shape == (size.width, size.tower, size.layers):
            return name
    raise ValueError(f"the model in {checkpoint} has another shape than any of {', '.join(SIZES)}")
