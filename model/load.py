"""From the name of a checkpoint to an engine that answers."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from ..errors import ModelUnavailable, UsageError
from .chat import read_default_system
from .config import read_config
from .engine import Engine
from .footprint import Precision
from .processor import Processor, read_look
from .room import free_bytes, require_room
from .tokenizer import read_tokenizer
from .weights import checkpoint_folder, load_network

_DTYPES: dict[Precision, torch.dtype] = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def load_model(
    name: str | Path,
    *,
    device: str | None = None,
    dtype: str | None = None,
    min_pixels: int | None = None,
    max_pixels: int | None = None,
) -> Engine:
    """The checkpoint of this name: clickwright/mini, a local folder, or a name on the hub.

    Without a device it is the GPU where there is one. Without a dtype it is bfloat16, but float32 on a CPU that has no
    instructions for products of bfloat16. The pixel budget is the checkpoint's own unless given. Raises UsageError for
    what cannot be meant, ModelUnavailable for a checkpoint that cannot be had or is broken, and for one that does not
    fit into the device's free memory: before its weights are fetched or read.
    """
    place = find_device(device)
    precision = _precision(dtype, place)
    folder = checkpoint_folder(name, weights=False)
    config = read_config(folder)
    look = read_look(folder)
    budget = look.budget.but(min_pixels=min_pixels, max_pixels=max_pixels)
    free = free_bytes(place)
    require_room(str(name), config, precision, budget, device=place, free=free, loadable=tuple(_DTYPES))
    folder = checkpoint_folder(name)
    tokenizer = read_tokenizer(folder)
    try:
        network = load_network(folder, config, device=place, dtype=_DTYPES[precision])
        network.decoder.fuse()
    except torch.OutOfMemoryError:
        raise ModelUnavailable(f"the weights of {name} do not fit into the memory of the GPU {place}") from None
    processor = Processor(config.vision, replace(look, budget=budget))
    return Engine(str(name), network, tokenizer, processor, default_system=read_default_system(folder))


def find_device(name: str | None = None) -> torch.device:
    """The device of this name, the GPU where there is one without. Raises as `load_model` does."""
    try:
        device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))
    except RuntimeError:
        raise UsageError(f"{name!r} is not a device; known are cpu and cuda, or cuda:1 for the second") from None
    if device.type not in ("cpu", "cuda"):
        raise UsageError(f"the device {name} is not supported; known are cpu and cuda")
    if device.type == "cuda" and not torch.cuda.is_available():
        raise ModelUnavailable("no CUDA device can be used here; choose the device cpu")
    return device


def _precision(name: str | None, device: torch.device) -> Precision:
    if name is None:
        return "float32" if device.type == "cpu" and not _multiplies_bfloat16() else "bfloat16"
    for known in _DTYPES:
        if known == name:
            return known
    raise UsageError(f"{name!r} is not a precision; known are {', '.join(_DTYPES)}")


def _multiplies_bfloat16() -> bool:
    """Whether this CPU does. Older versions of torch cannot tell."""
    known: Mapping[str, Any] = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return bool(known.get("avx512_bf16") or known.get("amx_bf16"))
