"""Linear weights of the decoder kept in 8 or 4 bits, by torchao. The arithmetic stays in floats: less memory."""

import logging
from typing import Any, Literal, cast, get_args

import torch
from torch import nn

from ...errors import ModelUnavailable, UsageError

Quantisation = Literal["int8", "int4", "fp8"]
_LAYERS = "model.language_model.layers."
_GROUPS = (64, 32)
"""Inputs that share a scale and a zero in int4: the first that divides a weight. 64 of them cost 4.5 bits a weight."""
_CAPABILITIES: dict[Quantisation, tuple[tuple[int, int], str]] = {
    "int4": ((8, 0), "NVIDIA's Ampere"),
    "fp8": ((8, 9), "NVIDIA's Ada or Hopper"),
}
"""The compute capability that a GPU needs at least, and what it is called."""


def in_decoder_layer(name: str) -> bool:
    """Whether a weight of `Qwen2VL` belongs to a layer of the decoder. Only linear ones of these are quantised."""
    return name.startswith(_LAYERS)


def find_quantisation(name: str, dtype: torch.dtype) -> Quantisation:
    """The quantisation of this name. Raises UsageError for what cannot be meant, ModelUnavailable without torchao."""
    wanted = next((one for one in get_args(Quantisation) if one == name), None)
    if wanted is None:
        raise UsageError(f"{name!r} is not a quantisation; known are {', '.join(get_args(Quantisation))}")
    if wanted == "int4" and dtype != torch.bfloat16:
        raise UsageError("int4 computes in bfloat16 only: leave the precision out, or ask for bfloat16")
    _torchao()
    return wanted


def require_device(wanted: Quantisation, device: torch.device) -> None:
    """Raises UsageError or ModelUnavailable where weights on this device cannot be quantised so."""
    if wanted == "fp8" and device.type == "cpu":
        raise UsageError("fp8 needs a GPU; int8 takes the same memory on a CPU")
    if wanted in _CAPABILITIES and device.type == "cuda":
        least, named = _CAPABILITIES[wanted]
        if torch.cuda.get_device_capability(device) < least:
            raise ModelUnavailable(f"{wanted} needs a GPU of {named} or a later one, which {device} is not; try int8")


def quantise(linear: nn.Linear, wanted: Quantisation) -> None:
    """Replace the weight of a layer by its quantised form, on the device where it is."""
    api = _torchao()
    api.quantize_(linear, _recipe(api, linear, wanted))


def _recipe(api: Any, linear: nn.Linear, wanted: Quantisation) -> object:
    match wanted:
        case "int8":
            return api.Int8WeightOnlyConfig(set_inductor_config=False)
        case "fp8":
            return api.Float8WeightOnlyConfig(set_inductor_config=False)
        case "int4":
            group = next((size for size in _GROUPS if linear.in_features % size == 0), None)
            if group is None:
                raise UsageError(f"int4 needs weights of a multiple of {_GROUPS[-1]} inputs, not {linear.in_features}")
            if linear.weight.device.type == "cuda":
                return api.Int4WeightOnlyConfig(
                    group_size=group, int4_packing_format="tile_packed_to_4d", set_inductor_config=False
                )
            # None of the packings outside the prototypes runs on a CPU.
            from torchao.prototype.quantization import int4  # pyright: ignore[reportMissingTypeStubs]

            return cast(Any, int4).PrototypeInt4WeightOnlyConfig(group_size=group, set_inductor_config=False)


def _torchao() -> Any:
    """torchao's API, imported without its talk of extensions for other builds of torch, of which nothing here is."""
    silenced = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        from torchao import quantization  # pyright: ignore[reportMissingTypeStubs]
    except ImportError:
        raise ModelUnavailable('quantised weights need torchao: pip install "clickwright[quantize]"') from None
    finally:
        logging.disable(silenced)
    return cast(Any, quantization)
