"""Attention, in the way that is quickest where it runs."""

from itertools import product

import torch
import torch.nn.functional as F
from torch import Tensor

BLOCK_SCORES = 2_500_000
"""Scores that are worked out at a time on a CPU: in bfloat16 they stay in its cache."""


def attention(query: Tensor, key: Tensor, value: Tensor, *, mask: Tensor | None = None, causal: bool = False) -> Tensor:
    """What each query sees: the values, weighed by the softmax of query and key over the root of their width.

    Dimensions: query (batch, heads, n, d), key and value (batch, heads or a divisor, m, d), mask boolean
    (batch or 1, 1, n, m), True where a key is seen; returns as query. Without a mask all is seen, or with `causal`
    what is not behind the query.
    """
    if mask is None and not causal and _gains_from_blocks(query):
        return _in_blocks(query, key, value)
    return F.scaled_dot_product_attention(query, key, value, attn_mask=mask, is_causal=causal, enable_gqa=True)


def _gains_from_blocks(query: Tensor) -> bool:
    """torch's kernel for CPUs does the sums of bfloat16 in float32; matrix products use what the CPU has for it."""
    on_cpu = query.device.type == "cpu" and query.dtype == torch.bfloat16
    return on_cpu and query.shape[-2] > 1 and not query.requires_grad


def _in_blocks(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """The same, one head and some queries at a time. As many heads of keys as of queries."""
    query = query * query.shape[-1] ** -0.5
    seen = torch.empty_like(query)
    rows = max(1, BLOCK_SCORES // key.shape[-2])
    for row, head in product(range(query.shape[0]), range(query.shape[1])):
        keys, values = key[row, head].T, value[row, head]
        for some, out in zip(torch.split(query[row, head], rows), torch.split(seen[row, head], rows), strict=True):
            torch.mm(torch.softmax(some @ keys, -1), values, out=out)
    return seen
