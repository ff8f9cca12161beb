"""What a GPU allows: whether Triton can compile for it, and how large a program may be."""

import subprocess
from functools import cache

import torch
from torch import Tensor
from triton import TritonError

from .elementwise import quick_gelu_


def fault(device: torch.device) -> str:
    """Why no kernel can be compiled for this device, in a line; empty where they can."""
    try:
        quick_gelu_(torch.zeros(16, device=device))
    except torch.OutOfMemoryError:
        raise
    except (TritonError, RuntimeError, OSError, ImportError, subprocess.SubprocessError) as error:
        return next(iter(str(error).strip().splitlines()), type(error).__name__)
    return ""


def shared_bytes(x: Tensor) -> int:
    """How much memory the threads of one program may share where this is; on a CPU, as much as any GPU has."""
    return _shared_bytes(x.device) if x.is_cuda else 2**18


@cache
def _shared_bytes(device: torch.device) -> int:
    told = torch.cuda.get_device_properties(device)
    return getattr(told, "shared_memory_per_block_optin", told.shared_memory_per_block)
