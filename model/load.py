"""From the name of a checkpoint to an engine that answers."""

from dataclasses import replace
from pathlib import Path

import torch

from ..errors import ModelUnavailable, UsageError
from .chat import read_default_system
from .config import read_config
from .engine import Engine
from .processor import Budget, Processor, read_look
from .tokenizer import read_tokenizer
from .weights import checkpoint_folder, load_network

_DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def load_model(
    name: str | Path,
    *,
    device: str | None = None,
    dtype: str | None = None,
    min_pixels: int | None = None,
    max_pixels: int | None = None,
) -> Engine:
    """The checkpoint of this name: clickwright/mini, a local folder, or a name on the hub.

    Without a device it is the GPU where there is one. float32 is the default on a CPU, bfloat16 elsewhere. The pixel
    budget is the checkpoint's own unless given. Raises UsageError for what cannot be meant, ModelUnavailable for a
    checkpoint that cannot be had or is broken.
    """
    place = choose_device(device)
    folder = checkpoint_folder(name)
    config = read_config(folder)
    look = read_look(folder)
    budget = Budget(
        min_pixels=look.budget.min_pixels if min_pixels is None else min_pixels,
        max_pixels=look.budget.max_pixels if max_pixels is None else max_pixels,
    )
    tokenizer = read_tokenizer(folder)
    network = load_network(folder, config, device=place, dtype=choose_dtype(dtype, place))
    processor = Processor(config.vision, replace(look, budget=budget))
    return Engine(str(name), network, tokenizer, processor, default_system=read_default_system(folder))


def choose_device(name: str | None) -> torch.device:
    """The device of this name, by default the GPU where there is one. Raises UsageError, or ModelUnavailable."""
    try:
        device = torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))
    except RuntimeError:
        raise UsageError(f"{name!r} is not a device; known are cpu and cuda, or cuda:1 for the second") from None
    if device.type not in ("cpu", "cuda"):
        raise UsageError(f"the device {name} is not supported; known are cpu and cuda")
    if device.type == "cuda" and not torch.cuda.is_available():
        raise ModelUnavailable("no CUDA device can be used here; choose the device cpu")
    return device


def choose_dtype(name: str | None, device: torch.device) -> torch.dtype:
    """The precision of this name, by default what the device is quick at. Raises UsageError."""
    if name is None:
        return torch.float32 if device.type == "cpu" else torch.bfloat16
    if name not in _DTYPES:
        raise UsageError(f"{name!r} is not a precision; known are {', '.join(_DTYPES)}")
    return _DTYPES[name]
