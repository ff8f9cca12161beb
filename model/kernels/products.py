"""Products of a few rows with a matrix: as quick as the matrix can be read, with what comes before and behind."""

from dataclasses import dataclass, replace
from typing import Self

import torch.nn.functional as F
import triton
import triton.language as tl
from torch import Tensor

from .limits import shared_bytes
from .matrix import Matrix

MOST_ROWS = 16
"""Rows for which reading the matrix takes longer than the arithmetic, in one tile of the tensor cores."""
_WIDE = 65536
"""Outputs of a vocabulary."""


@dataclass(frozen=True, slots=True)
class Tiling:
    """How a product is shared out: outputs of a program, inputs that it reads at a time, its warps, loads ahead."""

    outputs: int
    inputs: int
    warps: int
    stages: int = 1

    def fitting(self, values: int, most_bytes: int) -> Self:
        """The same with as many loads ahead as fit: each is a tile of the rows and one or two of weights.

        `values` is the width of one in bytes, `most_bytes` the shared memory of a program.
        """
        ahead = most_bytes // ((16 + 2 * self.outputs) * self.inputs * values)
        return replace(self, stages=max(1, min(self.stages, ahead)))


def tiling(matrix: Matrix, rows: int) -> Tiling:
    """The quickest that was found for a matrix of this shape on an H200; the next ones are 1 to 3 % behind."""
    outputs, inputs = matrix.values.shape
    if rows > 1:
        return Tiling(128, 64, 4, 5) if outputs > _WIDE else Tiling(32, 256, 4, 4)
    if outputs > _WIDE:
        return Tiling(2, 512, 2)
    return Tiling(4, 512, 4) if outputs > inputs else Tiling(2, 512, 2)


def product(
    x: Tensor,
    matrix: Matrix,
    out: Tensor,
    *,
    norm: Tensor | None = None,
    epsilon: float = 0.0,
    added: Tensor | None = None,
    gate: Matrix | None = None,
    tiles: Tiling | None = None,
) -> Tensor:
    """x times the matrix, into `out`, with a norm before it, and a sum or a gate behind it.

    The norm is that of the root mean square, with `epsilon`; `added` may be `out`; with a gate it is
    silu(x gate^T) * (x matrix^T). Dimensions: x (rows, inputs) contiguous, rows at most `MOST_ROWS`; out and added
    (rows, outputs) of the same strides.
    """
    rows, inputs = x.shape
    assert rows <= MOST_ROWS
    if norm is not None and rows > 1:  # worked out in every program it would cost more than a kernel of its own
        x, norm = F.rms_norm(x, (inputs,), norm, epsilon), None
    beside, tiles = gate or matrix, tiles or tiling(matrix, rows).fitting(x.itemsize, shared_bytes(x))
    given = (matrix.scales, beside.values, beside.scales, norm, matrix.bias, added)
    _product[triton.cdiv(out.shape[-1], tiles.outputs),](
        x, matrix.values, *(x if one is None else one for one in given), out,
        inputs, out.shape[-1], out.stride(0), epsilon,
        ROWS=rows, SCALED=matrix.scales is not None, NORMED=norm is not None, BIASED=matrix.bias is not None,
        ADDED=added is not None, GATED=gate is not None, EVEN=inputs % tiles.inputs == 0, OUTPUTS=tiles.outputs,
        INPUTS=tiles.inputs, STAGES=tiles.stages, num_warps=tiles.warps,
    )  # fmt: skip
    return out


@triton.jit
def _product(
    x_at, weight_at, scale_at, gate_at, gate_scale_at, norm_at, bias_at, added_at, out_at,
    width, outputs, stride, epsilon,
    ROWS: tl.constexpr, SCALED: tl.constexpr, NORMED: tl.constexpr, BIASED: tl.constexpr, ADDED: tl.constexpr,
    GATED: tl.constexpr, EVEN: tl.constexpr, OUTPUTS: tl.constexpr, INPUTS: tl.constexpr, STAGES: tl.constexpr,
):  # fmt: skip
    output = tl.program_id(0) * OUTPUTS + tl.arange(0, OUTPUTS)
    is_output = output < outputs
    begin = tl.where(is_output, output, 0).to(tl.int64)[:, None] * width
    if ROWS == 1:
        total, gate = _one_row(
            x_at, weight_at + begin, gate_at + begin, norm_at, width, epsilon,
            NORMED, GATED, EVEN, OUTPUTS, INPUTS,
        )  # fmt: skip
    else:
        total, gate = _some_rows(
            x_at, weight_at + begin, gate_at + begin, width, ROWS, GATED, EVEN, OUTPUTS, INPUTS, STAGES
        )
    if SCALED:
        total *= tl.load(scale_at + output, mask=is_output, other=0.0)[None, :]
    if BIASED:
        total += tl.load(bias_at + output, mask=is_output, other=0.0).to(tl.float32)[None, :]
    if GATED:
        if SCALED:
            gate *= tl.load(gate_scale_at + output, mask=is_output, other=0.0)[None, :]
        total *= gate * tl.sigmoid(gate)
    row = tl.arange(0, 1 if ROWS == 1 else 16)[:, None]
    to, there = row * stride + output[None, :], (row < ROWS) & is_output[None, :]
    if ADDED:
        total += tl.load(added_at + to, mask=there, other=0.0).to(tl.float32)
    tl.store(out_at + to, total, mask=there)


@triton.jit
def _one_row(
    x_at, weight_at, gate_at, norm_at, width, epsilon, NORMED: tl.constexpr, GATED: tl.constexpr, EVEN: tl.constexpr,
    OUTPUTS: tl.constexpr, INPUTS: tl.constexpr,
):  # fmt: skip
    """Both products. Dimensions: weight_at and gate_at (outputs, 1); returns (1, outputs) twice."""
    square = tl.zeros((INPUTS,), tl.float32)
    total, gate = tl.zeros((OUTPUTS, INPUTS), tl.float32), tl.zeros((OUTPUTS, INPUTS), tl.float32)
    for start in range(0, width, INPUTS):
        place = start + tl.arange(0, INPUTS)
        x = tl.load(x_at + place, mask=place < width, other=0.0).to(tl.float32)
        if NORMED:
            square += x * x
            x *= tl.load(norm_at + place, mask=place < width, other=0.0).to(tl.float32)
        total += _tile(weight_at, place, width, EVEN).to(tl.float32) * x[None, :]
        if GATED:
            gate += _tile(gate_at, place, width, EVEN).to(tl.float32) * x[None, :]
    scale = tl.rsqrt(tl.sum(square, 0) / width + epsilon) if NORMED else 1.0
    return tl.sum(total, 1)[None, :] * scale, tl.sum(gate, 1)[None, :] * scale


@triton.jit
def _some_rows(
    x_at, weight_at, gate_at, width, ROWS: tl.constexpr, GATED: tl.constexpr, EVEN: tl.constexpr,
    OUTPUTS: tl.constexpr, INPUTS: tl.constexpr, STAGES: tl.constexpr,
):  # fmt: skip
    """Both products. Dimensions: weight_at and gate_at (outputs, 1); returns (16, outputs) twice."""
    row = tl.arange(0, 16)[:, None]
    total, gate = tl.zeros((16, OUTPUTS), tl.float32), tl.zeros((16, OUTPUTS), tl.float32)
    for start in tl.range(0, width, INPUTS, num_stages=STAGES):
        place = start + tl.arange(0, INPUTS)
        x = tl.load(x_at + row * width + place[None, :], mask=(row < ROWS) & (place < width)[None, :], other=0.0)
        weight = tl.trans(_tile(weight_at, place, width, EVEN).to(x.dtype))
        total = tl.dot(x, weight, total, input_precision="ieee")
        if GATED:
            weight = tl.trans(_tile(gate_at, place, width, EVEN).to(x.dtype))
            gate = tl.dot(x, weight, gate, input_precision="ieee")
    return total, gate


@triton.jit
def _tile(weight_at, place, width, EVEN: tl.constexpr):
    """Inputs of some outputs. Dimensions: weight_at (outputs, 1), place (inputs,)."""
    if EVEN:
        weight = tl.load(weight_at + place[None, :])
    else:
        weight = tl.load(weight_at + place[None, :], mask=(place < width)[None, :], other=0.0)
    return weight
