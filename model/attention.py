"""Attention, in the way that is quickest where it runs."""

import threading
from dataclasses import dataclass
from functools import cache
from itertools import product

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.attention.bias import causal_lower_right  # pyright: ignore[reportUnknownVariableType]

BLOCK_SCORES = 2_500_000
"""Scores that are worked out at a time on a CPU: in bfloat16 they stay in its cache."""
CAUSAL_ROWS = 256
"""Queries at a time where each sees one key more than the one before it: the fewer, the less is worked out in vain."""

_CHOOSING = threading.Lock()
"""Which kernels may be chosen from is said to torch for all threads."""
_STEADY = [SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION, SDPBackend.MATH]
"""All but cuDNN's, which plans for 45 ms when a length is new, as nearly every prompt's is (an H200)."""


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Runs of tokens, one behind the other in a row, that see nothing of one another.

    Dimensions: each mask (1, 1, n, n) for a run of n tokens; None where each of them sees all before it in the run.
    """

    lengths: tuple[int, ...]
    masks: tuple[Tensor | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Branches:
    """A trunk of tokens, each of which sees all before it, and behind it others that see what a mask shows them.

    Dimensions: mask (batch or 1, 1, n - trunk, n) for a row of n tokens.
    """

    trunk: int
    mask: Tensor


Mask = Tensor | Blocks | Branches


def attention(query: Tensor, key: Tensor, value: Tensor, *, mask: Mask | None = None, causal: bool = False) -> Tensor:
    """What each query sees: the values, weighed by the softmax of query and key over the root of their width.

    Dimensions: query (batch, heads, n, d), key and value (batch, heads or a divisor, m, d), mask boolean
    (batch or 1, 1, n, m), True where a key is seen, or blocks or branches of such masks; returns as query. Without a
    mask every query sees all keys; with `causal` the last one does, and each one before it one key less.
    """
    if isinstance(mask, Blocks):
        return _apart(query, key, value, mask)
    if isinstance(mask, Branches):
        return _branching(query, key, value, mask)
    new, known = query.shape[-2], key.shape[-2]
    causal = causal and new > 1
    if mask is None and _gains_from_blocks(query):
        return _in_blocks(query, key, value, causal)
    shares = query.shape[1] != key.shape[1]  # not said without need: some kernels are then not thought of
    if causal and can_hide(query):
        with _CHOOSING, sdpa_kernel(_STEADY):
            hidden = causal_lower_right(new, known)
            return F.scaled_dot_product_attention(query, key, value, attn_mask=hidden, enable_gqa=shares)
    if causal and new < known:
        mask, causal = torch.ones(new, known, dtype=torch.bool, device=query.device).tril(known - new), False
    return F.scaled_dot_product_attention(query, key, value, attn_mask=mask, is_causal=causal, enable_gqa=shares)


def can_hide(x: Tensor) -> bool:
    """Whether there is a kernel that hides what follows a token behind others without a mask that is written out."""
    return x.is_cuda and x.dtype in (torch.bfloat16, torch.float16) and _has_flash(x.device)


@cache
def _has_flash(device: torch.device) -> bool:
    """Others have none, or one that takes causality otherwise for fewer queries than keys."""
    return torch.version.cuda is not None and torch.cuda.get_device_capability(device) >= (8, 0)


def _apart(query: Tensor, key: Tensor, value: Tensor, blocks: Blocks) -> Tensor:
    """The same, run by run. Keys and values are written out for every head: what needs gradients is quicker so."""
    shared = query.shape[1] // key.shape[1]
    heads = query, key.repeat_interleave(shared, 1), value.repeat_interleave(shared, 1)
    parts = zip(*(torch.split(part, list(blocks.lengths), -2) for part in heads), strict=True)
    each = zip(parts, blocks.masks, strict=True)
    return torch.cat([attention(*part, mask=own, causal=own is None) for part, own in each], -2)


def _branching(query: Tensor, key: Tensor, value: Tensor, branches: Branches) -> Tensor:
    """The same in two parts, since a kernel leaves out what causality hides but not what a mask does."""
    trunk = branches.trunk
    first = attention(*(part[..., :trunk, :] for part in (query, key, value)), causal=True)
    return torch.cat((first, attention(query[..., trunk:, :], key, value, mask=branches.mask)), -2)


def _gains_from_blocks(query: Tensor) -> bool:
    """torch's kernel for CPUs does the sums of bfloat16 in float32; matrix products use what the CPU has for it."""
    on_cpu = query.device.type == "cpu" and query.dtype == torch.bfloat16
    return on_cpu and query.shape[-2] >= 64 and not query.requires_grad


def _in_blocks(query: Tensor, key: Tensor, value: Tensor, causal: bool) -> Tensor:
    """The same, one head and some queries at a time."""
    query = query * query.shape[-1] ** -0.5
    seen = torch.empty_like(query)
    new, known, shared = query.shape[-2], key.shape[-2], query.shape[1] // key.shape[1]
    rows = min(new, max(1, BLOCK_SCORES // known), CAUSAL_ROWS if causal else new)
    behind = torch.ones(rows, rows, dtype=torch.bool).triu(1)
    for row, head in product(range(query.shape[0]), range(query.shape[1])):
        keys, values = key[row, head // shared], value[row, head // shared]
        for start in range(0, new, rows):
            some = query[row, head, start : start + rows]
            end = known - new + start + len(some) if causal else known
            scores = some @ keys[:end].T
            if causal:
                scores[:, end - len(some) :].masked_fill_(behind[: len(some), : len(some)], float("-inf"))
            torch.mm(torch.softmax(scores, -1), values[:end], out=seen[row, head, start : start + rows])
    return seen
