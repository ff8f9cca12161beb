"""Whether a network's short passes can be recorded on its GPU, and started at once from then on."""

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor, nn

from .decoder import Cache
from .kernels import are_built
from .kernels.matrix import Matrix
from .qwen2_vl import Qwen2VL

LEAST_HEAD_DIM = 16
ALIGNED = 16
"""Inputs of a weight, in multiples of which kernels read."""


class Passes(Protocol):
    """Recorded passes of a decoder over a few tokens of text. `most_tokens` is how many they take at once."""

    most_tokens: int

    def logits(self, ids: Sequence[int], place: int, cache: Cache) -> Tensor:
        """Scores behind each of these tokens, which join the cache. `place` is the position of the first.

        Dimensions: (ids, vocab) float32.
        """
        ...


def find_passes(network: Qwen2VL) -> Passes | None:
    """Those of a network whose decoder lies whole on one GPU of NVIDIA's; None for others.

    Its linear weights may have 8 bits with a scale for each row, as int8 and fp8 have.
    """
    if not (_is_simple(network) and are_built(network.decoder.embed_tokens.weight.device)):
        return None
    from .graphs import Graphs

    return Graphs(network)


def _is_simple(network: Qwen2VL) -> bool:
    weight, width = network.decoder.embed_tokens.weight, network.config.text.head_dim
    linear = [part for part in (*network.decoder.modules(), network.lm_head) if isinstance(part, nn.Linear)]
    return (
        weight.device.type == "cuda"
        and torch.cuda.get_device_capability(weight.device) >= (8, 0)
        and weight.dtype in (torch.bfloat16, torch.float16, torch.float32)
        and width >= LEAST_HEAD_DIM
        and width & (width - 1) == 0
        and all(_is_read(Matrix.of(part), weight) for part in linear)
    )


def _is_read(matrix: Matrix | None, beside: Tensor) -> bool:
    """Whether kernels can read it where it is, in the place of the other weights and of their kind."""
    if matrix is None or matrix.values.device != beside.device or matrix.values.shape[1] % ALIGNED:
        return False
    return matrix.scales is not None or matrix.values.dtype == beside.dtype
