"""Products of a few rows with a matrix: as quick as the matrix can be read, with what comes before and behind."""

from dataclasses import dataclass

import triton
import triton.language as tl
from torch import Tensor

MOST_ROWS = 16
"""Rows for which reading the matrix takes longer than the arithmetic, in one tile of the tensor cores."""


@dataclass(frozen=True, slots=True)
class Tiling:
    """How a product is shared out: outputs of a program, inputs that it reads at a time, its warps, loads ahead."""

    outputs: int
    inputs: int
    warps: int
    stages: int


def tiling(weight: Tensor, rows: int) -> Tiling:
    """The quickest that was found for a matrix of this shape."""
    if rows == 1:
        return Tiling(4, 512, 4, 1)
    return Tiling(16, 128, 4, 4)


def product(
    x: Tensor,
    weight: Tensor,
    out: Tensor,
    tiling: Tiling,
    *,
    norm: Tensor | None = None,
    epsilon: float = 0.0,
    bias: Tensor | None = None,
    added: Tensor | None = None,
    is_gated: bool = False,
) -> Tensor:
    """x weight^T, with a norm of the root mean square before it, and a bias, a sum or a gate behind it, into `out`.

    Dimensions: x (rows, inputs) with rows at most `MOST_ROWS`, weight (outputs, inputs), all contiguous; norm (inputs,)
    with `epsilon`, bias (outputs,), added (rows, outputs), which may be `out`. `is_gated`: the weight has twice the
    outputs, and out is silu(the first) * the others.
    """
    outputs = out.shape[-1]
    given = [one if one is not None else x for one in (norm, bias, added)]
    _product[triton.cdiv(outputs, tiling.outputs),](
        x, weight, *given, out, x.shape[-1], outputs, epsilon,
        ROWS=x.shape[0], NORMED=norm is not None, BIASED=bias is not None, ADDED=added is not None, GATED=is_gated,
        EVEN=x.shape[-1] % tiling.inputs == 0, OUTPUTS=tiling.outputs, INPUTS=tiling.inputs, STAGES=tiling.stages,
        num_warps=tiling.warps,
    )  # fmt: skip
    return out


@triton.jit
def _product(
    x_at, weight_at, norm_at, bias_at, added_at, out_at, width, outputs, epsilon,
    ROWS: tl.constexpr, NORMED: tl.constexpr, BIASED: tl.constexpr, ADDED: tl.constexpr, GATED: tl.constexpr,
    EVEN: tl.constexpr, OUTPUTS: tl.constexpr, INPUTS: tl.constexpr, STAGES: tl.constexpr,
):  # fmt: skip
    TILE: tl.constexpr = 1 if ROWS == 1 else 16
    output = tl.program_id(0) * OUTPUTS + tl.arange(0, OUTPUTS)
    row = tl.arange(0, TILE)
    is_output, is_row = output < outputs, row < ROWS
    begin = weight_at + tl.where(is_output, output, 0).to(tl.int64) * width
    gate_offset = outputs.to(tl.int64) * width
    square = tl.zeros((TILE, INPUTS), tl.float32)
    if ROWS == 1:
        total = tl.zeros((OUTPUTS, INPUTS), tl.float32)
        other = tl.zeros((OUTPUTS, INPUTS), tl.float32)
    else:
        total = tl.zeros((TILE, OUTPUTS), tl.float32)
        other = tl.zeros((TILE, OUTPUTS), tl.float32)
    for start in tl.range(0, width, INPUTS, num_stages=STAGES):
        place = start + tl.arange(0, INPUTS)
        is_place = tl.full((INPUTS,), True, tl.int1) if EVEN else place < width
        x = tl.load(x_at + row[:, None] * width + place[None, :], mask=is_row[:, None] & is_place[None, :], other=0.0)
        if EVEN:
            weight = tl.load(begin[:, None] + place[None, :])
        else:
            weight = tl.load(begin[:, None] + place[None, :], mask=is_place[None, :], other=0.0)
        if NORMED:
            wide = x.to(tl.float32)
            square += wide * wide
            norm = tl.load(norm_at + place, mask=is_place, other=0.0).to(tl.float32)
            x = (wide * norm[None, :]).to(weight.dtype)
        total = _further(total, x, weight, ROWS)
        if GATED:
            if EVEN:
                weight = tl.load(begin[:, None] + gate_offset + place[None, :])
            else:
                weight = tl.load(begin[:, None] + gate_offset + place[None, :], mask=is_place[None, :], other=0.0)
            other = _further(other, x, weight, ROWS)
    if ROWS == 1:
        total = tl.sum(total, 1)[None, :]
        other = tl.sum(other, 1)[None, :]
    if NORMED:
        scale = tl.rsqrt(tl.sum(square, 1) / width + epsilon)[:, None]
        total = total * scale
        other = other * scale
    if BIASED:
        total += tl.load(bias_at + output, mask=is_output, other=0.0).to(tl.float32)[None, :]
    if GATED:
        total = total * tl.sigmoid(total) * other
    there = is_row[:, None] & is_output[None, :]
    to = row[:, None] * outputs + output[None, :]
    if ADDED:
        total += tl.load(added_at + to, mask=there, other=0.0).to(tl.float32)
    tl.store(out_at + to, total, mask=there)


@triton.jit
def _further(total, x, weight, ROWS: tl.constexpr):
    if ROWS == 1:
        total += weight.to(tl.float32) * x.to(tl.float32)
    else:
        total = tl.dot(x, tl.trans(weight), total)
    return total
