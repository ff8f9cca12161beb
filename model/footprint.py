"""What a checkpoint needs of memory: weights, keys and values, features, and the peak of what is computed.

The peaks are read off the code of the tower and the decoder: the largest set of tensors that are alive at once. They
are what torch's allocator hands out, to a twentieth, and a lower bound of what a process takes: the process of a CPU
was measured to take a third more for the peak of the tower, and a GPU adds workspaces and its allocator's gaps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from ..screen import Size
from .config import QWEN2_VL_2B, QWEN2_VL_7B, QWEN2_VL_72B, ModelConfig, TextConfig, VisionConfig
from .decoder import capacity
from .features import FEATURE_BYTES
from .processor import Budget

Precision = Literal["float32", "bfloat16", "fp8", "int8", "int4"]
"""fp8, int8 and int4 are those of the weights of the decoder's layers; all else is then in bfloat16."""
PRECISIONS: tuple[Precision, ...] = get_args(Precision)

FAMILY: Mapping[str, ModelConfig] = {
    "Qwen/Qwen2-VL-2B-Instruct": QWEN2_VL_2B,
    "Qwen/Qwen2-VL-7B-Instruct": QWEN2_VL_7B,
    "Qwen/Qwen2-VL-72B-Instruct": QWEN2_VL_72B,
}

SYSTEM_TOKENS = 1200
"""Tokens of a system text with its tool schemas and of a task, about."""
TURN_TOKENS = 100
"""Tokens of text and answer beside each screenshot, about."""

_BITS: Mapping[Precision, int] = {"float32": 32, "bfloat16": 16, "fp8": 8, "int8": 8, "int4": 4}
_ROW_SCALE_BYTES = 4
"""Of each row of a matrix in fp8 or int8."""
_GROUP, _GROUP_SCALE_BYTES = 64, 4
"""Of so many int4 values in a row: a scale and a zero point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Something counted for each part of a network: parameters, or bytes. A tied network has no head, few a pointer."""

    layers: int
    embeddings: int
    head: int
    tower: int
    pointer: int = 0

    @property
    def total(self) -> int:
        return self.layers + self.embeddings + self.head + self.tower + self.pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Bytes that a checkpoint needs for what it is to read. `activations` come on top of the cache."""

    weights: int
    cache: int
    features: int
    activations: int

    @property
    def total(self) -> int:
        return self.weights + self.cache + self.features + self.activations


def parameters(config: ModelConfig) -> Parts:
    """How many parameters each part has."""
    text = config.text
    embeddings = text.vocab_size * text.hidden_size
    layers = text.num_hidden_layers * (_linear_values(text) + _vector_values(text)) + text.hidden_size
    head = 0 if text.tie_word_embeddings else embeddings
    pointer = _pointer_values(text.hidden_size) if config.has_pointer else 0
    return Parts(layers=layers, embeddings=embeddings, head=head, tower=_tower_values(config.vision), pointer=pointer)


def weight_bytes(config: ModelConfig, precision: Precision) -> Parts:
    """The bytes of each part's weights."""
    count, text, value = parameters(config), config.text, _value_bytes(precision)
    linears = text.num_hidden_layers * _linear_values(text)
    match precision:
        case "float32" | "bfloat16":
            scales = 0
        case "fp8" | "int8":
            scales = text.num_hidden_layers * _linear_rows(text) * _ROW_SCALE_BYTES
        case "int4":
            scales = linears // _GROUP * _GROUP_SCALE_BYTES
    return Parts(
        layers=linears * _BITS[precision] // 8 + scales + (count.layers - linears) * value,
        embeddings=count.embeddings * value,
        head=count.head * value,
        tower=count.tower * value,
        pointer=count.pointer * value,
    )


def fused_bytes(config: ModelConfig, precision: Precision) -> int:
    """The bytes of the weights that `Decoder.fuse` copies: those of queries, keys and values, gate and up."""
    text = config.text
    values = (text.hidden_size + 1) * (text.hidden_size + 2 * _kv_width(text))
    values += 2 * text.hidden_size * text.intermediate_size
    return text.num_hidden_layers * values * _value_bytes(precision)


def token_bytes(config: ModelConfig, precision: Precision) -> int:
    """The bytes of one token's keys and values in all layers."""
    text = config.text
    return 2 * text.num_hidden_layers * _kv_width(text) * _value_bytes(precision)


def cache_bytes(config: ModelConfig, precision: Precision, tokens: int) -> int:
    """The bytes of a cache that has read so many tokens, with the room that it keeps for more."""
    return token_bytes(config, precision) * capacity(tokens)


def tower_peak(config: ModelConfig, precision: Precision, patches: int) -> int:
    """The most bytes alive while the tower looks at a still of so many patches, which are counted too."""
    tower, value = config.vision, _value_bytes(precision)
    # In widths of the tower: the block's input and the normalised one, then the inner width twice for QuickGELU, or
    # queries, keys and values while queries and keys are turned.
    block = int(tower.embed_dim * (2 + max(2 * tower.mlp_ratio, 3 + 2 * _turning(precision)))) * value
    rotation = 2 * 4 * (tower.embed_dim // tower.num_heads)
    return patches * (block + rotation + tower.patch_values // tower.temporal_patch_size * value)


def prefill_peak(config: ModelConfig, precision: Precision, tokens: int, *, visual: int = 0, before: int = 0) -> int:
    """The most bytes alive while the decoder reads so many tokens behind `before` others, beside its cache.

    `visual` of them are a picture's, whose features stand beside them. A head that points takes less, after that.
    """
    text, value = config.text, _value_bytes(precision)
    width, kv, seen = text.hidden_size, _kv_width(text), before + tokens if before else 0
    # The embeddings, the layer's input and the normalised one are always among them.
    mlp = 4 * width + 4 * text.intermediate_size  # the sum of input and attention; gate, up, and both after SiLU
    turning = 4 * width + 2 * kv + _turning(precision) * (width + kv)  # queries, keys and values; the first two turned
    attending = 5 * width + seen  # queries turned, what they see, and the mask as numbers
    rotation = 2 * 4 * text.head_dim
    return tokens * (max(mlp, turning, attending) * value + rotation) + feature_bytes(config, precision, visual)


def feature_bytes(config: ModelConfig, precision: Precision, tokens: int) -> int:
    """The bytes of the features of pictures of so many tokens."""
    return tokens * config.vision.hidden_size * _value_bytes(precision)


def need(
    config: ModelConfig,
    precision: Precision,
    size: Size,
    budget: Budget | None = None,
    *,
    rest: Precision | None = None,
    screenshots: int = 1,
    system_tokens: int = SYSTEM_TOKENS,
) -> Need:
    """What it takes to read so many screenshots of one size, one after the other with the ones before remembered.

    `rest` is the precision of all but the weights of the decoder's layers, which else follows from theirs. Raises
    UsageError for a size that no picture can have.
    """
    rest = rest or precision
    around, budget = weight_bytes(config, rest), budget or Budget()
    tower = config.vision
    read = budget.resized(size, factor=tower.factor)
    patches = read.width * read.height // tower.patch_size**2
    visual = patches // tower.spatial_merge_size**2
    turn = visual + TURN_TOKENS
    before = system_tokens + (screenshots - 1) * turn
    first = prefill_peak(config, rest, system_tokens + turn, visual=visual)
    last = prefill_peak(config, rest, turn, visual=visual, before=before) if screenshots > 1 else 0
    cache = cache_bytes(config, rest, before + turn)
    kept = cache_bytes(config, rest, before) if screenshots > 1 else 0  # while the tower looks
    one = feature_bytes(config, rest, visual)
    return Need(
        weights=weight_bytes(config, precision).layers + around.total - around.layers,
        cache=cache,
        features=max(one, min(screenshots * one, FEATURE_BYTES)),
        activations=max(first, last, tower_peak(config, rest, patches) + kept - cache),
    )


def _value_bytes(precision: Precision) -> int:
    return 4 if precision == "float32" else 2


def _turning(precision: Precision) -> int:
    """Tensors alive in `rotate`, in values of this precision: the product, its other half and their sum."""
    return 3 if precision == "float32" else 2 + 1 + 2 + 2  # the other half once more in float32


def _kv_width(text: TextConfig) -> int:
    return text.num_key_value_heads * text.head_dim


def _linear_values(text: TextConfig) -> int:
    """Of the matrices of one layer."""
    width = text.hidden_size
    return 2 * width * (width + _kv_width(text)) + 3 * width * text.intermediate_size


def _linear_rows(text: TextConfig) -> int:
    return 3 * text.hidden_size + 2 * _kv_width(text) + 2 * text.intermediate_size


def _vector_values(text: TextConfig) -> int:
    """Of the biases and norms of one layer."""
    return 3 * text.hidden_size + 2 * _kv_width(text)


def _pointer_values(width: int) -> int:
    """Eight matrices with a bias each, four of them of its attention, and a norm."""
    return 8 * width * (width + 1) + 2 * width


def _tower_values(tower: VisionConfig) -> int:
    width, inner = tower.embed_dim, int(tower.embed_dim * tower.mlp_ratio)
    block = 4 * width * (width + 1) + 2 * width * inner + inner + width + 4 * width
    merged = width * tower.spatial_merge_size**2
    merger = 2 * width + merged * (merged + 1) + (merged + 1) * tower.hidden_size
    return tower.patch_values * width + tower.depth * block + merger
