"""What would read and write its numbers several times over, in one reading and one writing."""

import torch
import triton
import triton.language as tl
from torch import Tensor

from . import on_its_device

_BLOCK = 1024


def rotated(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """As `rotary.rotate`.

    Dimensions: x (batch, n, heads, d), whose last dimension lies together; cos and sin ([batch,] n, 1, d) float32.
    """
    batch, tokens, heads, width = x.shape
    turned = torch.empty_like(x)
    with on_its_device(x):
        _rotate[batch * tokens,](
            x, turned, cos.contiguous(), sin.contiguous(), tokens, cos.numel() // width, heads, width // 2,
            *x.stride()[:3], *turned.stride()[:3],
            HEADS=triton.next_power_of_2(heads), SIDE=triton.next_power_of_2(width // 2),
        )  # fmt: skip
    return turned


def quick_gelu_(x: Tensor) -> Tensor:
    """x * sigmoid(1.702 x), in the place of x, which is contiguous."""
    with on_its_device(x):
        _quick_gelu[triton.cdiv(x.numel(), _BLOCK),](x, x.numel(), BLOCK=_BLOCK)
    return x


def gated(both: Tensor) -> Tensor:
    """silu(gate) * up. Dimensions: both (..., 2 * width) contiguous, the gate first; returns (..., width)."""
    width = both.shape[-1] // 2
    out = both.new_empty(*both.shape[:-1], width)
    blocks = triton.cdiv(width, _BLOCK)
    with on_its_device(both):
        _gate[out.numel() // width, blocks](both, out, width, BLOCK=_BLOCK)
    return out


@triton.jit
def _rotate(
    x_at, out_at, cos_at, sin_at, tokens, angles, heads, side,
    x_batch, x_token, x_head, out_batch, out_token, out_head, HEADS: tl.constexpr, SIDE: tl.constexpr,
):  # fmt: skip
    row = tl.program_id(0).to(tl.int64)
    batch, token = row // tokens, row % tokens
    head, place = tl.arange(0, HEADS)[:, None], tl.arange(0, SIDE)[None, :]
    there = (head < heads) & (place < side)
    angle = row % angles * 2 * side + place
    cos = tl.load(cos_at + angle, mask=place < side, other=0.0)
    sin = tl.load(sin_at + angle + side, mask=place < side, other=0.0)
    begin = x_at + batch * x_batch + token * x_token + head * x_head + place
    low = tl.load(begin, mask=there, other=0.0).to(tl.float32)
    high = tl.load(begin + side, mask=there, other=0.0).to(tl.float32)
    out = out_at + batch * out_batch + token * out_token + head * out_head + place
    tl.store(out, low * cos - high * sin, mask=there)
    tl.store(out + side, high * cos + low * sin, mask=there)


@triton.jit
def _quick_gelu(x_at, count, BLOCK: tl.constexpr):
    place = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    x = tl.load(x_at + place, mask=place < count, other=0.0).to(tl.float32)
    tl.store(x_at + place, x * tl.sigmoid(1.702 * x), mask=place < count)


@triton.jit
def _gate(both_at, out_at, width, BLOCK: tl.constexpr):
    row, place = tl.program_id(0).to(tl.int64), tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    gate = tl.load(both_at + row * 2 * width + place, mask=place < width, other=0.0).to(tl.float32)
    up = tl.load(both_at + row * 2 * width + width + place, mask=place < width, other=0.0).to(tl.float32)
    tl.store(out_at + row * width + place, gate * tl.sigmoid(gate) * up, mask=place < width)
