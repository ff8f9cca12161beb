"""Products of a few rows with a matrix: as quick as the matrix can be read, with what comes before and behind."""

from dataclasses import dataclass

import torch.nn.functional as F
import triton
import triton.language as tl
from torch import Tensor
from triton.language.extra.cuda import gdc_launch_dependents, gdc_wait

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
    """The quickest that was found for a matrix of this shape (an H200; the next ones are 1 to 3 % behind)."""
    outputs, inputs = weight.shape
    if rows > 1:
        return Tiling(128, 64, 4, 5) if outputs > WIDE else Tiling(32, 128, 4, 6)
    if outputs > WIDE:
        return Tiling(2, 512, 2, 1)
    return Tiling(4, 512, 4, 1) if outputs > inputs else Tiling(2, 512, 2, 1)


WIDE = 65536
"""Outputs of a vocabulary."""


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
    overlap: int = 0,
) -> Tensor:
    """x weight^T, with a norm of the root mean square before it, and a bias, a sum or a gate behind it, into `out`.

    Dimensions: x (rows, inputs) with rows at most `MOST_ROWS`, weight (outputs, inputs), all contiguous; norm (inputs,)
    with `epsilon`, bias (outputs,), added (rows, outputs), which may be `out`. `is_gated`: the weight has twice the
    outputs, and out is silu(the first) * the others.
    """
    rows, inputs = x.shape
    if norm is not None and rows > 1:  # worked out in every program it would cost more than a kernel of its own
        x, norm = F.rms_norm(x, (inputs,), norm, epsilon), None
    outputs = out.shape[-1]
    given = [one if one is not None else x for one in (norm, bias, added)]
    _product[triton.cdiv(outputs, tiling.outputs),](
        x, weight, *given, out, inputs, outputs, epsilon,
        ROWS=rows, NORMED=norm is not None, BIASED=bias is not None, ADDED=added is not None, GATED=is_gated,
        EVEN=inputs % tiling.inputs == 0, OUTPUTS=tiling.outputs, INPUTS=tiling.inputs, STAGES=tiling.stages,
        OVERLAP=overlap, num_warps=tiling.warps, launch_pdl=overlap > 0,
    )  # fmt: skip
    return out


@triton.jit
def _product(
    x_at, weight_at, norm_at, bias_at, added_at, out_at, width, outputs, epsilon,
    ROWS: tl.constexpr, NORMED: tl.constexpr, BIASED: tl.constexpr, ADDED: tl.constexpr, GATED: tl.constexpr,
    EVEN: tl.constexpr, OUTPUTS: tl.constexpr, INPUTS: tl.constexpr, STAGES: tl.constexpr, OVERLAP: tl.constexpr,
):  # fmt: skip
    if ROWS == 1:
        _one_row(
            x_at, weight_at, norm_at, bias_at, added_at, out_at, width, outputs, epsilon,
            NORMED, BIASED, ADDED, GATED, EVEN, OUTPUTS, INPUTS, OVERLAP,
        )  # fmt: skip
    else:
        _some_rows(
            x_at, weight_at, bias_at, added_at, out_at, width, outputs,
            ROWS, BIASED, ADDED, GATED, EVEN, OUTPUTS, INPUTS, STAGES, OVERLAP,
        )  # fmt: skip


@triton.jit
def _one_row(
    x_at, weight_at, norm_at, bias_at, added_at, out_at, width, outputs, epsilon,
    NORMED: tl.constexpr, BIASED: tl.constexpr, ADDED: tl.constexpr, GATED: tl.constexpr, EVEN: tl.constexpr,
    OUTPUTS: tl.constexpr, INPUTS: tl.constexpr, OVERLAP: tl.constexpr,
):  # fmt: skip
    output = tl.program_id(0) * OUTPUTS + tl.arange(0, OUTPUTS)
    is_output = output < outputs
    begin = weight_at + tl.where(is_output, output, 0).to(tl.int64)[:, None] * width
    behind = outputs.to(tl.int64) * width
    square = tl.zeros((INPUTS,), tl.float32)
    total = tl.zeros((OUTPUTS, INPUTS), tl.float32)
    other = tl.zeros((OUTPUTS, INPUTS), tl.float32)
    place = tl.arange(0, INPUTS)
    weight = _tile(begin, place, width, EVEN)
    if GATED:
        weight2 = _tile(begin + behind, place, width, EVEN)
    if OVERLAP > 0:
        gdc_launch_dependents()
        gdc_wait()
    for start in range(0, width, INPUTS):
        place = start + tl.arange(0, INPUTS)
        x = tl.load(x_at + place, mask=place < width, other=0.0).to(tl.float32)
        if NORMED:
            square += x * x
            x *= tl.load(norm_at + place, mask=place < width, other=0.0).to(tl.float32)
        total += weight.to(tl.float32) * x[None, :]
        following = place + INPUTS
        weight = _next(begin, following, width)
        if GATED:
            other += weight2.to(tl.float32) * x[None, :]
            weight2 = _next(begin + behind, following, width)
    first, second = tl.sum(total, 1), tl.sum(other, 1)
    if NORMED:
        scale = tl.rsqrt(tl.sum(square, 0) / width + epsilon)
        first *= scale
        second *= scale
    if BIASED:
        first += tl.load(bias_at + output, mask=is_output, other=0.0).to(tl.float32)
    if GATED:
        first = first * tl.sigmoid(first) * second
    if ADDED:
        first += tl.load(added_at + output, mask=is_output, other=0.0).to(tl.float32)
    tl.store(out_at + output, first, mask=is_output)


@triton.jit
def _some_rows(
    x_at, weight_at, bias_at, added_at, out_at, width, outputs,
    ROWS: tl.constexpr, BIASED: tl.constexpr, ADDED: tl.constexpr, GATED: tl.constexpr, EVEN: tl.constexpr,
    OUTPUTS: tl.constexpr, INPUTS: tl.constexpr, STAGES: tl.constexpr, OVERLAP: tl.constexpr,
):  # fmt: skip
    output, row = tl.program_id(0) * OUTPUTS + tl.arange(0, OUTPUTS), tl.arange(0, 16)
    is_output, is_row = output < outputs, row < ROWS
    begin = weight_at + tl.where(is_output, output, 0).to(tl.int64)[:, None] * width
    behind = outputs.to(tl.int64) * width
    total = tl.zeros((16, OUTPUTS), tl.float32)
    other = tl.zeros((16, OUTPUTS), tl.float32)
    if OVERLAP > 0:
        gdc_launch_dependents()
        gdc_wait()
    for start in tl.range(0, width, INPUTS, num_stages=STAGES):
        place = start + tl.arange(0, INPUTS)
        there = is_row[:, None] & (place < width)[None, :]
        x = tl.load(x_at + row[:, None] * width + place[None, :], mask=there, other=0.0)
        total = tl.dot(x, tl.trans(_tile(begin, place, width, EVEN)), total)
        if GATED:
            other = tl.dot(x, tl.trans(_tile(begin + behind, place, width, EVEN)), other)
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
def _tile(begin, place, width, EVEN: tl.constexpr):
    """Inputs of some outputs. Dimensions: begin (outputs, 1), place (inputs,)."""
    if EVEN:
        weight = tl.load(begin + place[None, :])
    else:
        weight = tl.load(begin + place[None, :], mask=(place < width)[None, :], other=0.0)
    return weight


@triton.jit
def _next(begin, place, width):
    return tl.load(begin + place[None, :], mask=(place < width)[None, :], other=0.0)
