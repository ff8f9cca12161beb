"""Kernels for NVIDIA's GPUs, in Triton, which comes with torch's builds for these: nothing of it is imported elsewhere.

Each does what a few operations of torch do, in float32 between its 16 bits, and is used where `serve` says so.
"""

from functools import cache
from importlib.util import find_spec

import torch
from torch import Tensor


def serve(x: Tensor) -> bool:
    """Whether kernels can take the place of torch's operations on this: it is on a GPU, and no gradient is wanted."""
    return x.is_cuda and not torch.is_grad_enabled() and has_triton()


@cache
def has_triton() -> bool:
    """Whether there is a compiler for them."""
    return find_spec("triton") is not None
