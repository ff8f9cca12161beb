"""Whether a network's short passes can be recorded on its GPU, and started at once from then on."""

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor, nn

from .decoder import Cache
from .kernels import has_triton
from .qwen2_vl import Qwen2VL

LEAST_HEAD_DIM = 16


class Passes(Protocol):
    """Recorded passes of a decoder over a few tokens of text. `most_tokens` is how many they take at once."""

    most_tokens: int

    def logits(self, ids: Sequence[int], place: int, cache: Cache) -> Tensor:
        """Scores behind each of these tokens, which join the cache. `place` is the position of the first.

        Dimensions: (ids, vocab) float32, good until the next call.
        """
        ...


def find_passes(network: Qwen2VL) -> Passes | None:
    """Those of a network whose decoder lies whole, fused and in 16 bits on one GPU of NVIDIA's; None for others."""
    if not (has_triton() and _is_simple(network)):
        return None
    from .graphs import Graphs

    return Graphs(network)


def _is_simple(network: Qwen2VL) -> bool:
    weight, width = network.decoder.embed_tokens.weight, network.config.text.head_dim
    linear = [part for part in (*network.decoder.modules(), network.lm_head) if isinstance(part, nn.Linear)]
    return (
        weight.device.type == "cuda"
        and torch.cuda.get_device_capability(weight.device) >= (8, 0)
        and weight.dtype in (torch.bfloat16, torch.float16)
        and all(_is_plain(part.weight, weight) and not hasattr(part, "_hf_hook") for part in linear)
        and network.decoder.is_fused
        and width >= LEAST_HEAD_DIM
        and width & (width - 1) == 0
    )


def _is_plain(weight: Tensor, other: Tensor) -> bool:
    """Whether it is numbers of the same kind in the same place: not packed, and not brought when it is needed."""
    return type(weight) in (Tensor, nn.Parameter) and (weight.device, weight.dtype) == (other.device, other.dtype)
