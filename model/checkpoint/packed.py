"""Checkpoints whose linear weights are packed as small integers: what AutoAWQ and AutoGPTQ write, turned into floats.

Both keep (q - zero) * scale: for every weight a q of 4 or 8 bits, for every group of inputs one zero and one scale for
each output. They differ in the direction of packing, in the order within a word and in how a zero is written.
"""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from ...errors import ModelUnavailable
from ..packing import Packing

PARTS = ("qweight", "qzeros", "scales", "g_idx")
"""The last word of the tensors that stand in for a packed weight."""
_KINDS = {
    "qweight": (torch.int32,),
    "qzeros": (torch.int32,),
    "scales": (torch.float16, torch.bfloat16, torch.float32),
    "g_idx": (torch.int32, torch.int64),
}
_AWQ_PLACES = [0, 4, 1, 5, 2, 6, 3, 7]
"""Which field of a word holds each of its eight outputs in turn: AWQ writes even outputs before odd ones."""


def unpack(packing: Packing, parts: Mapping[str, Tensor], shape: Sequence[int], name: str) -> Tensor:
    """The weight in float32 from its parts, exactly as (q - zero) * scale. Dimensions: `shape`, (outputs, inputs).

    `parts` has the keys of PARTS, g_idx where there is one; `name` is for messages. Raises ModelUnavailable for parts
    that are missing, or not of the shape and type that the packing gives them.
    """
    _require_parts(packing, parts, shape, name)
    groups = _groups(packing, parts, shape[1], name)
    scales = parts["scales"].float()
    if packing.method == "awq":
        numbers = _fields(parts["qweight"], packing.bits, 1, _AWQ_PLACES)
        zeros = _fields(parts["qzeros"], packing.bits, 1, _AWQ_PLACES)
    else:
        numbers = _fields(parts["qweight"], packing.bits, 0)
        # The offset turns over within the field: a zero of 0 is written as the largest number.
        zeros = (_fields(parts["qzeros"], packing.bits, 1) + packing.zero_offset) & (2**packing.bits - 1)
    return ((numbers - zeros[groups]) * scales[groups]).T.contiguous()


def _fields(words: Tensor, bits: int, axis: int, places: Sequence[int] | None = None) -> Tensor:
    """The integers in words, lowest bits first or in the order of `places`. One axis gets 32 / bits times as long."""
    shifts = torch.arange(0, 32, bits, device=words.device, dtype=words.dtype)
    shifts = shifts if places is None else shifts[list(places)]
    spread = words.unsqueeze(axis + 1) >> (shifts if axis == 1 else shifts[:, None])
    return (spread & (2**bits - 1)).flatten(axis, axis + 1)


def _groups(packing: Packing, parts: Mapping[str, Tensor], inputs: int, name: str) -> Tensor:
    """The group of each input. Dimensions: (inputs,), int64."""
    told = parts.get("g_idx")
    if told is None or packing.method == "awq":
        if not packing.is_ordered:
            raise ModelUnavailable(f"{name} lacks g_idx, without which desc_act leaves its groups unknown")
        size = inputs if packing.group_size == -1 else packing.group_size
        return torch.arange(inputs, device=parts["scales"].device) // size
    groups = told.long()
    if groups.min() < 0 or groups.max() >= packing.groups(inputs):
        raise ModelUnavailable(f"{name}.g_idx names groups beyond the {packing.groups(inputs)} that there are")
    return groups


def _require_parts(packing: Packing, parts: Mapping[str, Tensor], shape: Sequence[int], name: str) -> None:
    outputs, inputs = shape
    groups, fields = packing.groups(inputs), packing.fields
    if outputs % fields or (packing.method == "gptq" and inputs % fields):
        raise ModelUnavailable(f"{name} of {list(shape)} cannot be packed by {fields} integers in a word")
    wanted = {
        "qweight": [inputs, outputs // fields] if packing.method == "awq" else [inputs // fields, outputs],
        "qzeros": [groups, outputs // fields],
        "scales": [groups, outputs],
    }
    if "g_idx" in parts:
        wanted["g_idx"] = [inputs]
    for part, dimensions in wanted.items():
        if part not in parts:
            raise ModelUnavailable(f"{name} lacks {part}, without which its packed weights cannot be read")
        found = parts[part]
        if list(found.shape) != dimensions:
            raise ModelUnavailable(
                f"{name}.{part} is {list(found.shape)}, but {packing.method} of {packing.bits} bits in groups of "
                f"{packing.group_size} asks for {dimensions}"
            )
        if found.dtype not in _KINDS[part]:
            raise ModelUnavailable(f"{name}.{part} holds numbers of type {str(found.dtype).removeprefix('torch.')}")
