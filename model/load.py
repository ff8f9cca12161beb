"""From the name of a checkpoint to an engine that answers."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from ..errors import ModelUnavailable, UsageError
from .chat import read_default_system
from .checkpoint.devices import DeviceMap, require_gpu, require_map
from .checkpoint.quantise import find_quantisation, require_device
from .checkpoint.weights import checkpoint_folder, load_network
from .config import ModelConfig, read_config
from .engine import Engine
from .features import FEATURE_BYTES
from .footprint import Precision
from .processor import Processor, read_look
from .room import free_bytes, require_room
from .selection import Selection
from .tokenizer import IMAGE_PAD, TURN_END, VIDEO_PAD, ChatTokenizer, read_tokenizer

DTYPES: dict[Precision, torch.dtype] = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def load_model(
    name: str | Path,
    *,
    device: str | None = None,
    dtype: str | None = None,
    min_pixels: int | None = None,
    max_pixels: int | None = None,
    quantize: str | None = None,
    device_map: DeviceMap | None = None,
    select: float = 1.0,
    max_positions: int | None = None,
    feature_bytes: int = FEATURE_BYTES,
) -> Engine:
    """The checkpoint of this name: clickwright/mini, a local folder, or a name on the hub.

    Without a device it is the GPU where there is one. Without a dtype it is bfloat16, but float32 on a CPU that has no
    instructions for products of bfloat16, unless weights are quantised. The pixel budget is the checkpoint's own
    unless given.

    `quantize` keeps the linear weights of the decoder's layers in fewer bits: "int8", "int4", or "fp8" on a GPU.
    With `select` below 1 only that share of each surface of one colour of a still is read, at random but always the
    same of the same picture: for checkpoints that were trained so.
    `max_positions` takes the place of the most that the checkpoint says it reads, for contexts longer than in training;
    a picture takes as many as its longer side has tokens. Features of pictures are kept up to `feature_bytes`.
    `device_map` spreads the network, by itself ("auto") or as told: modules of `Qwen2VL` to "cuda:0", "cpu" or "disk".
    Raises UsageError for what cannot be meant, ModelUnavailable for a checkpoint that cannot be had or is broken, for
    a library or a device that is not there, and for what does not fit into the device's free memory: before its
    weights are fetched or read.
    """
    if device is not None and device_map is not None:
        raise UsageError("give a device or a device_map, not both")
    selection = Selection(select)
    place = find_device(device)
    precision = find_precision(dtype, place, quantize)
    kept = _require_known(precision, place, quantize, device_map)
    folder = checkpoint_folder(name, weights=False)
    config = read_config(folder)
    if max_positions is not None:
        config = replace(config, text=replace(config.text, max_position_embeddings=max_positions))
    look = read_look(folder)
    budget = look.budget.but(min_pixels=min_pixels, max_pixels=max_pixels)
    if device_map is None:
        free, floats = free_bytes(place), tuple(DTYPES)
        require_room(str(name), config, kept, budget, device=place, free=free, loadable=floats, rest=precision)
    tokenizer = read_tokenizer(folder)
    config = replace(config, eos_token_ids=_ends(config, tokenizer))
    _require_marks(folder, config, tokenizer)
    folder = checkpoint_folder(name)
    network = load_network(
        folder, config, device=place, dtype=DTYPES[precision], quantize=quantize, device_map=device_map, fused=True
    )
    return Engine(
        str(name),
        network,
        tokenizer,
        Processor(config.vision, replace(look, budget=budget)),
        default_system=read_default_system(folder),
        feature_bytes=feature_bytes,
        selection=selection,
    )


def _require_known(
    precision: Precision, place: torch.device, quantize: str | None, device_map: DeviceMap | None
) -> Precision:
    """The precision of the weights of the decoder's layers. Raises for what can never be, whatever the checkpoint."""
    if device_map is not None:
        require_map(device_map)
    if quantize is None:
        return precision
    kept = find_quantisation(quantize, DTYPES[precision])
    if device_map is None or place.type == "cpu":  # without a GPU no map has one
        require_device(kept, place)
    return kept


def _ends(config: ModelConfig, tokenizer: ChatTokenizer) -> tuple[int, ...]:
    """The tokens that end an answer: the end of a turn as every prompt has it, and those that the files name."""
    return tuple(dict.fromkeys((tokenizer.id(TURN_END), *config.eos_token_ids)))


def _require_marks(folder: Path, config: ModelConfig, tokenizer: ChatTokenizer) -> None:
    for mark, told in ((IMAGE_PAD, config.image_token_id), (VIDEO_PAD, config.video_token_id)):
        if tokenizer.has(mark) and tokenizer.id(mark) != told:
            found = tokenizer.id(mark)
            raise ModelUnavailable(f"{mark} is token {told} in the config of {folder}, but {found} in its tokenizer")


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
    if device.type == "cuda":
        require_gpu(device)
    return device


def find_precision(name: str | None, device: torch.device, quantize: str | None = None) -> Precision:
    """The precision of this name, without one what the device is quick at. Raises UsageError."""
    if name is None:
        is_wide = device.type == "cpu" and quantize is None and not _multiplies_bfloat16()
        return "float32" if is_wide else "bfloat16"
    for known in DTYPES:
        if known == name:
            return known
    raise UsageError(f"{name!r} is not a precision; known are {', '.join(DTYPES)}")


def _multiplies_bfloat16() -> bool:
    """Whether this CPU does. Older versions of torch cannot tell."""
    known: Mapping[str, Any] = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return bool(known.get("avx512_bf16") or known.get("amx_bf16"))
