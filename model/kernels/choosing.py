"""The likeliest token of a vocabulary, and how likely it is, in one reading of its scores."""

import numpy as np
import torch
import triton
import triton.language as tl
from torch import Tensor

from . import on_its_device

_BLOCK = 1024


def likeliest(scores: Tensor, allowed: Tensor | None) -> tuple[int, float, Tensor]:
    """The token with the highest score among those allowed, the first of several, and its log-probability among these.

    Also the scores, minus infinity for what is not allowed: a copy. Dimensions: scores (vocab,) contiguous, allowed
    (vocab,) bool; returns the copy (vocab,) float32. Where no score is a number the token is 0, and its likelihood NaN.
    """
    blocks = triton.cdiv(len(scores), _BLOCK)
    copy = torch.empty(len(scores), dtype=torch.float32, device=scores.device)
    peaks = torch.empty(3, blocks, dtype=torch.float32, device=scores.device)
    assert allowed is None or allowed.shape == scores.shape
    mask = scores if allowed is None else allowed.view(torch.uint8)
    with on_its_device(scores):
        _find_peaks[blocks,](
            scores, mask, copy, peaks, len(scores), blocks, MASKED=allowed is not None, BLOCK=_BLOCK, num_warps=4
        )
    highest, place, total = peaks.numpy(force=True).astype(np.float64)
    best = int(highest.argmax())
    if not np.isfinite(highest[best]):
        return 0, float("nan"), copy
    logprob = -np.log((total * np.exp(highest - highest[best])).sum())
    return int(place[best]), float(logprob), copy


@triton.jit
def _find_peaks(scores_at, allowed_at, copy_at, peaks_at, count, blocks, MASKED: tl.constexpr, BLOCK: tl.constexpr):
    block = tl.program_id(0)
    place = block * BLOCK + tl.arange(0, BLOCK)
    there = place < count
    score = tl.load(scores_at + place, mask=there, other=float("-inf")).to(tl.float32)
    if MASKED:
        score = tl.where(tl.load(allowed_at + place, mask=there, other=0) != 0, score, float("-inf"))
    tl.store(copy_at + place, score, mask=there)
    highest = tl.max(score, 0)
    first = tl.min(tl.where(score == highest, place, count), 0)
    base = tl.where(highest == float("-inf"), 0.0, highest)
    tl.store(peaks_at + block, highest)
    tl.store(peaks_at + blocks + block, first.to(tl.float32))
    tl.store(peaks_at + 2 * blocks + block, tl.sum(tl.exp(score - base), 0))
