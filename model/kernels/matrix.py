"""A weight as kernels read it: numbers as wide as the rest, or bytes with a scale for each row."""

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor, nn

_BYTES = (torch.int8, torch.float8_e4m3fn)


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Dimensions: values (outputs, inputs), scales (outputs,) float32 where the values are bytes, bias (outputs,)."""

    values: Tensor
    scales: Tensor | None = None
    bias: Tensor | None = None

    @classmethod
    def of(cls, linear: nn.Linear) -> Self | None:
        """The weight of a layer; None where it is packed in another way, spread, or brought when it is needed."""
        weight, bias = linear.weight, linear.bias
        if hasattr(linear, "_hf_hook"):
            return None
        if type(weight) in (Tensor, nn.Parameter):
            return cls(weight.detach(), None, bias)
        values, scales = getattr(weight, "qdata", None), getattr(weight, "scale", None)
        told = [getattr(weight, name, None) for name in ("act_quant_kwargs", "act_pre_scale")]
        zeros = getattr(weight, "zero_point", None)
        if not isinstance(values, Tensor) or not isinstance(scales, Tensor) or values.dtype not in _BYTES:
            return None
        if values.dim() != 2 or scales.numel() != len(values) or any(one is not None for one in told):
            return None
        if isinstance(zeros, Tensor) and bool(zeros.any()):
            return None
        return cls(values.contiguous(), scales.flatten().float(), bias)

    def rows(self, first: int, end: int) -> Self:
        """Some of the outputs."""
        place = slice(first, end)
        scales, bias = (None if one is None else one[place] for one in (self.scales, self.bias))
        return type(self)(self.values[place], scales, bias)
