"""The numbers of a Qwen2-VL checkpoint, read from every form in which its config.json is found."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from ..errors import ModelUnavailable
from .packing import Packing, parse_packing


@dataclass(frozen=True, slots=True, kw_only=True)
class VisionConfig:
    """The vision tower. `hidden_size` is the width of what it hands to the decoder, `embed_dim` its own."""

    hidden_size: int
    depth: int = 32
    embed_dim: int = 1280
    num_heads: int = 16
    mlp_ratio: float = 4
    in_channels: int = 3
    patch_size: int = 14
    spatial_merge_size: int = 2
    temporal_patch_size: int = 2

    @property
    def patch_values(self) -> int:
        """Floats in one patch: channel, frame, y, x."""
        return self.in_channels * self.temporal_patch_size * self.patch_size**2

    @property
    def factor(self) -> int:
        """Pixels along the side of one merged token: 28."""
        return self.patch_size * self.spatial_merge_size


@dataclass(frozen=True, slots=True, kw_only=True)
class TextConfig:
    """The decoder. `mrope_section` says how many rotary frequencies follow time, height and width."""

    hidden_size: int
    intermediate_size: int
    num_hidden_layers: int
    num_attention_heads: int
    num_key_value_heads: int
    vocab_size: int
    tie_word_embeddings: bool = False
    rms_norm_eps: float = 1e-6
    rope_theta: float = 1e6
    mrope_section: tuple[int, int, int] = (16, 24, 24)
    max_position_embeddings: int = 32768

    @property
    def head_dim(self) -> int:
        return self.hidden_size // self.num_attention_heads


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelConfig:
    """A whole checkpoint. Token ids default to those of Qwen2-VL's own tokenizer.

    `dtype` is the precision in which the file says that the weights are stored; they are floats if not packed.
    `has_pointer` where there is a head that points: the file names its token, and the weights decide.
    """

    vision: VisionConfig
    text: TextConfig
    image_token_id: int = 151655
    video_token_id: int = 151656
    vision_start_token_id: int = 151652
    vision_end_token_id: int = 151653
    eos_token_ids: tuple[int, ...] = field(default=(151645, 151643))
    dtype: str = ""
    packing: Packing | None = None
    has_pointer: bool = False


def _official(hidden: int, intermediate: int, layers: int, heads: int, kv_heads: int, vocab: int) -> ModelConfig:
    text = TextConfig(
        hidden_size=hidden,
        intermediate_size=intermediate,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        vocab_size=vocab,
        tie_word_embeddings=hidden == 1536,
    )
    return ModelConfig(vision=VisionConfig(hidden_size=hidden), text=text)


QWEN2_VL_2B = _official(1536, 8960, 28, 12, 2, 151936)
QWEN2_VL_7B = _official(3584, 18944, 28, 28, 4, 152064)
QWEN2_VL_72B = _official(8192, 29568, 80, 64, 8, 152064)


def read_object(path: Path) -> Mapping[str, Any] | None:
    """What a JSON file holds, None where there is none. Raises ModelUnavailable for one that holds no object."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ModelUnavailable(f"{path} cannot be read: {error}") from None
    if not isinstance(found, dict):
        raise ModelUnavailable(f"{path} is not a JSON object")
    return cast(Mapping[str, Any], found)


def read_config(folder: Path) -> ModelConfig:
    """The configuration of a checkpoint's folder. Raises ModelUnavailable with one sentence for a faulty file."""
    found = read_object(folder / "config.json")
    if found is None:
        raise ModelUnavailable(f"{folder} holds no config.json, so it is not a checkpoint")
    return parse_config(found, read_object(folder / "generation_config.json"))


def parse_config(found: Mapping[str, Any], generation: Mapping[str, Any] | None = None) -> ModelConfig:
    """The configuration in a config.json: flat as on the hub, or nested as transformers 5 writes it.

    `generation` is what a generation_config.json holds, of which the tokens that end an answer are added. Raises
    ModelUnavailable for another architecture and for numbers that are missing or cannot be.
    """
    kind = found.get("model_type")
    if kind != "qwen2_vl":
        raise ModelUnavailable(f"the checkpoint is a {kind!r}, not a qwen2_vl model")
    text = _text(_part(found, "text_config") or found, found)
    return ModelConfig(
        vision=_vision(_part(found, "vision_config"), text.hidden_size),
        text=text,
        image_token_id=_integer(found, "image_token_id", 151655),
        video_token_id=_integer(found, "video_token_id", 151656),
        vision_start_token_id=_integer(found, "vision_start_token_id", 151652),
        vision_end_token_id=_integer(found, "vision_end_token_id", 151653),
        eos_token_ids=_ends(
            found.get("eos_token_id", _part(found, "text_config").get("eos_token_id")),
            (generation or {}).get("eos_token_id"),
        ),
        dtype=str(found.get("dtype") or found.get("torch_dtype") or ""),
        packing=parse_packing(_part(found, "quantization_config")),
        has_pointer=found.get("pointer_pad_token_id") is not None,
    )


def _text(part: Mapping[str, Any], whole: Mapping[str, Any]) -> TextConfig:
    rope = _part(part, "rope_parameters") or _part(part, "rope_scaling")
    tied = part.get("tie_word_embeddings", whole.get("tie_word_embeddings", False))
    _require_plain(part, rope)
    config = TextConfig(
        hidden_size=_size(part, "hidden_size"),
        intermediate_size=_size(part, "intermediate_size"),
        num_hidden_layers=_size(part, "num_hidden_layers"),
        num_attention_heads=_size(part, "num_attention_heads"),
        num_key_value_heads=_size(part, "num_key_value_heads"),
        vocab_size=_size(part, "vocab_size"),
        # transformers 5 has moved the flag between the two levels: the outer one counts when it is there.
        tie_word_embeddings=bool(whole.get("tie_word_embeddings", tied)),
        rms_norm_eps=_real(part, "rms_norm_eps", 1e-6),
        rope_theta=_real(rope, "rope_theta", _real(part, "rope_theta", 1e6)),
        mrope_section=_sections(rope),
        max_position_embeddings=_size(part, "max_position_embeddings", 32768),
    )
    if config.hidden_size % config.num_attention_heads or config.num_attention_heads % config.num_key_value_heads:
        raise ModelUnavailable("the config divides its width into heads that do not fit")
    if sum(config.mrope_section) * 2 != config.head_dim:
        raise ModelUnavailable(
            f"mrope_section {list(config.mrope_section)} does not fill half of a head of {config.head_dim}"
        )
    return config


def _vision(part: Mapping[str, Any], text_width: int) -> VisionConfig:
    width = _size(part, "hidden_size", text_width)
    if width != text_width:
        raise ModelUnavailable(f"the vision tower hands over {width} values a token, the decoder reads {text_width}")
    config = VisionConfig(
        hidden_size=width,
        depth=_size(part, "depth", 32),
        embed_dim=_size(part, "embed_dim", 1280),
        num_heads=_size(part, "num_heads", 16),
        mlp_ratio=_real(part, "mlp_ratio", 4),
        in_channels=_size(part, "in_chans", _size(part, "in_channels", 3)),
        patch_size=_size(part, "patch_size", 14),
        spatial_merge_size=_size(part, "spatial_merge_size", 2),
        temporal_patch_size=_size(part, "temporal_patch_size", 2),
    )
    if config.embed_dim % (4 * config.num_heads):  # a half of each head turns by rows and by columns
        raise ModelUnavailable(f"the vision tower cannot divide {config.embed_dim} into {config.num_heads} heads")
    if config.spatial_merge_size != 2:
        raise ModelUnavailable(f"spatial_merge_size is {config.spatial_merge_size}; only 2 can be read")
    return config


def _require_plain(part: Mapping[str, Any], rope: Mapping[str, Any]) -> None:
    """Raises ModelUnavailable for what would change every number and is not computed here."""
    kinds = {str(rope[name]) for name in ("rope_type", "type") if rope.get(name)} - {"default", "mrope"}
    if kinds:
        raise ModelUnavailable(f"rotary positions of the kind {kinds.pop()!r} cannot be read; only Qwen2-VL's own")
    whole = part.get("max_window_layers", 80)
    if part.get("use_sliding_window") and isinstance(whole, int) and whole < _size(part, "num_hidden_layers"):
        raise ModelUnavailable(f"layers from number {whole} on see a sliding window, which cannot be read")


def _sections(rope: Mapping[str, Any]) -> tuple[int, int, int]:
    # The word beside it ("mrope", "default") has changed between versions; the sections themselves have not.
    match rope.get("mrope_section", [16, 24, 24]):
        case [int(time), int(height), int(width)] if min(time, height, width) >= 0:
            return time, height, width
        case other:
            raise ModelUnavailable(f"mrope_section should be three whole numbers, got {other!r}")


def _ends(*told: object) -> tuple[int, ...]:
    """The tokens that any of these eos_token_id names: a number, or a list of some."""
    ends = tuple(dict.fromkeys(end for one in told for end in _ids(one)))
    return (*ends, 151643) if ends == (151645,) else ends or (151645, 151643)


def _ids(told: object) -> tuple[int, ...]:
    match told:
        case int():
            return (told,)
        case list():
            return tuple(one for one in cast(list[object], told) if isinstance(one, int))
        case _:
            return ()


def _part(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part: object = found.get(name) or {}
    if not isinstance(part, Mapping):
        raise ModelUnavailable(f"{name} in the config should be an object, got {part!r}")
    return cast(Mapping[str, Any], part)


def _integer(found: Mapping[str, Any], name: str, default: int | None = None) -> int:
    value = found.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ModelUnavailable(f"the config needs {name} as a whole number, got {value!r}")
    return value


def _size(found: Mapping[str, Any], name: str, default: int | None = None) -> int:
    value = _integer(found, name, default)
    if not value:
        raise ModelUnavailable(f"the config needs {name} above 0")
    return value


def _real(found: Mapping[str, Any], name: str, default: float) -> float:
    value = found.get(name, default)
    if not isinstance(value, int | float) or isinstance(value, bool) or value <= 0:
        raise ModelUnavailable(f"the config needs {name} as a positive number, got {value!r}")
    return float(value)
