"""Kernels for NVIDIA's GPUs, in Triton, which comes with torch's builds for these: nothing of it is imported elsewhere.

Each does what a few operations of torch do, in float32 between its 16 bits, and is used where `serve` says so.
"""

import warnings
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from importlib.util import find_spec

import torch
from torch import Tensor


def serve(x: Tensor) -> bool:
    """Whether kernels can take the place of torch's operations on this: it is on a GPU, and no gradient is wanted."""
    return x.is_cuda and not torch.is_grad_enabled() and are_built(x.device)


@cache
def are_built(device: torch.device) -> bool:
    """Whether kernels can be compiled for this device; a RuntimeWarning says why not, where one would expect it."""
    if device.type != "cuda" or torch.version.cuda is None or find_spec("triton") is None:
        return False
    try:
        from .limits import fault

        told = fault(device)
    except ImportError as error:
        told = str(error)
    if told:
        warnings.warn(
            f"the GPU answers several times slower than it could, since its kernels cannot be compiled: {told}; "
            "Triton needs a C compiler and Python's headers (Debian: apt install gcc python3-dev)",
            RuntimeWarning,
            stacklevel=2,
        )
    return not told


def on_its_device(x: Tensor) -> AbstractContextManager[object]:
    """Triton starts kernels on the current device: this makes it the one where x is."""
    return torch.cuda.device(x.device) if x.is_cuda else nullcontext()
