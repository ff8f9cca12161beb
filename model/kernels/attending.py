"""Attention of a few new tokens behind many that are kept: the many are shared out over the whole GPU.

Nothing here depends on where the trajectory is kept or how long it is but by `told`, a tensor on the GPU, so that one
CUDA graph serves every step of every trajectory. It holds the number of tokens kept, the position of the first new one,
the tokens that there is room for, then the addresses of each layer's keys, then those of its values: int64.
"""

import triton
import triton.language as tl
from torch import Tensor

from .limits import shared_bytes

LENGTH, PLACE, ROOM, KEYS = range(4)
_BLOCK = 64
PROGRAMS = 128
"""About as many as a GPU of this kind has multiprocessors."""


def splits(kv_heads: int) -> int:
    """Among how many programs the tokens of one head are shared out."""
    return triton.next_power_of_2(max(1, PROGRAMS // kv_heads))


def keep(projected: Tensor, query: Tensor, told: Tensor, frequencies: Tensor, layer: int, layers: int) -> None:
    """Turn queries and keys by their positions; queries go to `query`, keys and values behind those that are kept.

    Dimensions: projected (rows, heads + 2 * kv heads, d), query (rows, heads, d), frequencies (d / 2,) float32.
    """
    rows, all_heads, width = projected.shape
    heads = query.shape[1]
    _keep[rows, all_heads](
        projected, query, told, frequencies, layer, HEADS=heads, SHARED=(all_heads - heads) // 2, SIDE=width // 2,
        LAYERS=layers, LENGTH=LENGTH, PLACE=PLACE, ROOM=ROOM, KEYS=KEYS, num_warps=1,
    )  # fmt: skip


def attend(
    query: Tensor, told: Tensor, parts: Tensor, weights: Tensor, out: Tensor, layer: int, layers: int, kv_heads: int
) -> None:
    """What the new tokens see of themselves and all before them, into `out`.

    Dimensions: query and out (rows, heads, d); what each program found is left in parts (splits, rows, heads, d) and
    weights (splits, rows, heads, 2), both float32.
    """
    rows, heads, width = query.shape
    group, shares = heads // kv_heads, parts.shape[0]
    tile = max(16, triton.next_power_of_2(group * rows))
    ahead = shared_bytes(query) // (width * query.itemsize) - 2 * tile  # beside the queries and their shares
    block = _BLOCK if ahead >= 2 * _BLOCK else _BLOCK // 2
    _attend[kv_heads, shares](
        query, told, parts, weights, layer, width**-0.5, HEADS=heads, GROUP=group, WIDTH=width, ROWS=rows,
        TILE=tile, BLOCK=block, SPLITS=shares, LAYERS=layers, LENGTH=LENGTH, ROOM=ROOM, KEYS=KEYS,
        num_warps=4 if tile < 128 else 8, num_stages=max(1, min(3, ahead // (2 * block))),
    )  # fmt: skip
    _join[rows * heads,](parts, weights, out, rows * heads, WIDTH=width, SPLITS=shares, num_warps=4)


@triton.jit
def _keep(
    projected_at, query_at, told_at, frequencies_at, layer, HEADS: tl.constexpr, SHARED: tl.constexpr,
    SIDE: tl.constexpr, LAYERS: tl.constexpr, LENGTH: tl.constexpr, PLACE: tl.constexpr, ROOM: tl.constexpr,
    KEYS: tl.constexpr,
):  # fmt: skip
    row, head = tl.program_id(0), tl.program_id(1)
    side = tl.arange(0, SIDE)
    begin = projected_at + (row * (HEADS + 2 * SHARED) + head) * 2 * SIDE + side
    low, high = tl.load(begin), tl.load(begin + SIDE)
    room, token = tl.load(told_at + ROOM), tl.load(told_at + LENGTH) + row
    kind = query_at.dtype
    if head >= HEADS + SHARED:
        values = _address(told_at + KEYS + LAYERS + layer, kind)
        to = values + ((head - HEADS - SHARED) * room + token) * 2 * SIDE + side
    else:
        angle = (tl.load(told_at + PLACE) + row).to(tl.float32) * tl.load(frequencies_at + side)
        cos, sin = tl.cos(angle), tl.sin(angle)
        wide_low, wide_high = low.to(tl.float32), high.to(tl.float32)
        low = (wide_low * cos - wide_high * sin).to(low.dtype)
        high = (wide_high * cos + wide_low * sin).to(high.dtype)
        if head >= HEADS:
            keys = _address(told_at + KEYS + layer, kind)
            to = keys + ((head - HEADS) * room + token) * 2 * SIDE + side
        else:
            to = query_at + (row * HEADS + head) * 2 * SIDE + side
    tl.store(to, low)
    tl.store(to + SIDE, high)


@triton.jit
def _attend(
    query_at, told_at, parts_at, weights_at, layer, scale, HEADS: tl.constexpr, GROUP: tl.constexpr,
    WIDTH: tl.constexpr, ROWS: tl.constexpr, TILE: tl.constexpr, BLOCK: tl.constexpr, SPLITS: tl.constexpr,
    LAYERS: tl.constexpr, LENGTH: tl.constexpr, ROOM: tl.constexpr, KEYS: tl.constexpr,
):  # fmt: skip
    shared, split = tl.program_id(0), tl.program_id(1)
    room, length = tl.load(told_at + ROOM), tl.load(told_at + LENGTH)
    kind = query_at.dtype
    keys_at = _address(told_at + KEYS + layer, kind) + shared * room * WIDTH
    values_at = _address(told_at + KEYS + LAYERS + layer, kind) + shared * room * WIDTH
    which, width = tl.arange(0, TILE), tl.arange(0, WIDTH)
    row = which // GROUP
    is_query = which < GROUP * ROWS
    own = row * HEADS + shared * GROUP + which % GROUP
    query = tl.load(query_at + own[:, None] * WIDTH + width[None, :], mask=is_query[:, None], other=0.0)
    blocks = tl.cdiv(tl.cdiv(length + ROWS, BLOCK), SPLITS)
    begin = split * blocks * BLOCK
    end = tl.minimum(begin + blocks * BLOCK, length + ROWS)
    highest = tl.full((TILE,), float("-inf"), tl.float32)
    total = tl.zeros((TILE,), tl.float32)
    seen = tl.zeros((TILE, WIDTH), tl.float32)
    for start in range(begin, end, BLOCK):
        token = start + tl.arange(0, BLOCK)
        place = token[:, None] * WIDTH + width[None, :]
        key = tl.load(keys_at + place, mask=(token < end)[:, None], other=0.0)
        score = tl.dot(query, tl.trans(key), input_precision="ieee") * scale
        score = tl.where((token[None, :] <= length + row[:, None]) & (token < end)[None, :], score, float("-inf"))
        higher = tl.maximum(highest, tl.max(score, 1))
        base = tl.where(higher == float("-inf"), 0.0, higher)
        share, kept = tl.exp(score - base[:, None]), tl.exp(highest - base)
        value = tl.load(values_at + place, mask=(token < end)[:, None], other=0.0)
        seen = tl.dot(share.to(value.dtype), value, seen * kept[:, None], input_precision="ieee")
        total = total * kept + tl.sum(share, 1)
        highest = higher
    out = split * ROWS * HEADS + own
    tl.store(parts_at + out[:, None] * WIDTH + width[None, :], seen, mask=is_query[:, None])
    tl.store(weights_at + out * 2, highest, mask=is_query)
    tl.store(weights_at + out * 2 + 1, total, mask=is_query)


@triton.jit
def _address(told_at, kind: tl.constexpr):
    """Where something is kept; what torch allocates begins at a multiple of 16 bytes at least."""
    return tl.multiple_of(tl.load(told_at).to(kind), 16)


@triton.jit
def _join(parts_at, weights_at, out_at, queries, WIDTH: tl.constexpr, SPLITS: tl.constexpr):
    query = tl.program_id(0)
    split, width = tl.arange(0, SPLITS) * queries + query, tl.arange(0, WIDTH)
    highest, total = tl.load(weights_at + split * 2), tl.load(weights_at + split * 2 + 1)
    kept = tl.exp(highest - tl.max(highest, 0))
    seen = tl.load(parts_at + split[:, None] * WIDTH + width[None, :]) * kept[:, None]
    tl.store(out_at + query * WIDTH + width, tl.sum(seen, 0) / tl.sum(total * kept, 0))
