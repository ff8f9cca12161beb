"""The least time that the arithmetic and the memory traffic of Qwen2-VL take on a machine, from its measured rates."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

from ..model.config import ModelConfig
from ..model.footprint import Precision, parameters, token_bytes, weight_bytes


@dataclass(frozen=True, slots=True)
class Rates:
    """What a machine does in the best case: bytes that it reads, and floating-point operations, in a second."""

    bytes: float
    operations: float


def measured_rates(device: torch.device, dtype: torch.dtype) -> Rates:
    """The best of several copies of a large tensor, read and written, and of several large matrix products."""
    large = device.type == "cuda"
    source = torch.ones((2**30 if large else 2**27) // dtype.itemsize, dtype=dtype, device=device)
    target = torch.empty_like(source)
    width = 8192 if large else 1536
    left, right = (torch.randn(width, width, device=device).to(dtype) for _ in range(2))
    copied = best(lambda: target.copy_(source), device)
    multiplied = best(lambda: left @ right, device)
    return Rates(2 * source.nbytes / copied, 2 * width**3 / multiplied)


def best(work: Callable[[], object], device: torch.device, runs: int = 8) -> float:
    """Seconds of the quickest of several runs, after one that does not count."""
    return min(timed(work, device) for _ in range(runs + 1))


def timed(work: Callable[[], object], device: torch.device) -> float:
    """Seconds of one run."""
    settle(device)
    began = time.perf_counter()
    work()
    settle(device)
    return time.perf_counter() - began


def settle(device: torch.device) -> None:
    """Wait for a GPU."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def look_s(config: ModelConfig, patches: int, rates: Rates) -> float:
    """Of the tower, for one picture: every weight once for each patch, and attention among all of them."""
    tower = config.vision
    merger = (4 * tower.embed_dim) ** 2 + 4 * tower.embed_dim * tower.hidden_size
    inner = int(tower.embed_dim * tower.mlp_ratio)
    block = 4 * tower.embed_dim**2 + 2 * tower.embed_dim * inner
    linear = 2 * patches * (tower.patch_values // 2 * tower.embed_dim + tower.depth * block + merger // 4)
    return (linear + tower.depth * 4 * patches**2 * tower.embed_dim) / rates.operations


def read_s(config: ModelConfig, tokens: int, before: int, rates: Rates) -> float:
    """Of the decoder, for a prompt behind others: logits are worked out for the last token only."""
    text = config.text
    linear = 2 * tokens * parameters(config).layers + 2 * text.vocab_size * text.hidden_size
    seen = tokens * before + tokens * (tokens + 1) / 2
    attended = text.num_hidden_layers * 4 * text.hidden_size * seen
    return max((linear + attended) / rates.operations, _traffic(config, before + tokens, rates))


def write_s(config: ModelConfig, context: int, rates: Rates, precision: Precision = "bfloat16") -> float:
    """Of one token of an answer: every weight and everything remembered is read once."""
    return _traffic(config, context, rates, precision)


def _traffic(config: ModelConfig, context: int, rates: Rates, precision: Precision = "bfloat16") -> float:
    weights = weight_bytes(config, precision)
    head = weights.head or weights.embeddings
    return (weights.layers + head + token_bytes(config, precision) * context) / rates.bytes
