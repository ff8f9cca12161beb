"""Attention is what its formula says, whichever way it is worked out."""

import pytest
import torch
from clickwright.model.attention import BLOCK_SCORES, Branches, attention


def written_out(query, key, value, seen):
    shared = query.shape[1] // key.shape[1]
    key, value = (part.double().repeat_interleave(shared, 1) for part in (key, value))
    scores = query.double() @ key.transpose(-1, -2) * query.shape[-1] ** -0.5
    return scores.masked_fill(~seen, float("-inf")).softmax(-1) @ value


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize(
    ("new", "known", "causal"),
    [(1, 1, True), (1, 90, True), (70, 70, True), (70, 300, True), (3, 90, True), (70, 300, False), (400, 400, False)],
)
def test_it_is_the_formula(dtype, new, known, causal):
    random = torch.Generator().manual_seed(new + known)
    query = torch.randn(2, 4, new, 24, generator=random).to(dtype)
    key, value = (torch.randn(2, 2, known, 24, generator=random).to(dtype) for _ in range(2))
    seen = torch.ones(new, known, dtype=torch.bool)
    expected = written_out(query, key, value, seen.tril(known - new) if causal else seen)
    found = attention(query, key, value, causal=causal)
    assert found.dtype == dtype
    assert found.shape == query.shape
    assert (found - expected).abs().max() < (1e-5 if dtype == torch.float32 else 0.03)


@pytest.mark.parametrize("causal", [False, True])
def test_several_blocks_are_one_attention(causal):
    known = 3000
    assert known * known > 3 * BLOCK_SCORES
    random = torch.Generator().manual_seed(0)
    query, key, value = (torch.randn(1, 1, known, 8, generator=random) for _ in range(3))
    whole = attention(query, key, value, causal=causal)
    blocks = attention(query.bfloat16(), key.bfloat16(), value.bfloat16(), causal=causal)
    assert (blocks - whole).abs().max() < 0.03


def test_a_mask_counts():
    query, key, value = (torch.randn(2, 2, 5, 8) for _ in range(3))
    mask = torch.rand(2, 1, 5, 5) < 0.7
    mask[..., 0] = True
    assert (attention(query, key, value, mask=mask) - written_out(query, key, value, mask)).abs().max() < 1e-5


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_branches_are_the_mask_that_they_stand_for(dtype):
    random = torch.Generator().manual_seed(1)
    trunk, length = 70, 100
    query = torch.randn(2, 4, length, 24, generator=random).to(dtype)
    key, value = (torch.randn(2, 2, length, 24, generator=random).to(dtype) for _ in range(2))
    branch = torch.tensor([0] * trunk + [1] * 12 + [2] * 18)
    seen = ((branch[None] == 0) | (branch[None] == branch[:, None])).tril()
    expected = written_out(query, key, value, seen)
    found = attention(query, key, value, mask=Branches(trunk, seen[None, None, trunk:]))
    assert (found - expected).abs().max() < (1e-5 if dtype == torch.float32 else 0.03)
