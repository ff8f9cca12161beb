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
def _shared_bytes(device: torch.device) -> int:
    return torch.cuda.get_device_properties(device).shared_memory_per_block_optin


def shared_bytes(x: Tensor) -> int:
    """How much memory the threads of one program may share where this is."""
    return _shared_bytes(x.device) if x.is_cuda else 2**20


@cache
def has_triton() -> bool:
    """Whether there is a compiler for them."""
    return find_spec("triton") is not None
