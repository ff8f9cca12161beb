"""Positions: M-RoPE ids of mixed text, images and video, and the rotation of queries and keys by them."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from .kernels import serve

Grid = tuple[int, int, int]
"""Patches of one image or video: frame pairs, rows, columns. A still has one frame pair."""


def mrope_positions(ids: Sequence[int], grids: Sequence[Grid], vision_ids: tuple[int, ...], merge: int = 2) -> Tensor:
    """Time, height and width position of every token. Dimensions: (3, n), int64.

    Text counts on in all three. A picture's tokens hold still in time and follow their row and column, and what
    comes after a picture goes on behind the largest of its positions. `vision_ids` are the placeholder tokens; a run
    of them belongs to the next grid. (Qwen2-VL, arXiv 2409.12191; transformers 5.23 differs for videos that are
    longer than wide, where this keeps the rule that the checkpoints were trained with.)
    """
    pieces: list[Tensor] = []
    index, position = 0, 0
    remaining = iter(grids)
    while index < len(ids):
        if ids[index] in vision_ids:
            piece = _grid_positions(next(remaining), merge) + position
        else:
            end = next((n for n in range(index, len(ids)) if ids[n] in vision_ids), len(ids))
            piece = torch.arange(position, position + end - index).expand(3, -1)
        pieces.append(piece)
        index += piece.shape[1]
        position = int(piece.max()) + 1
    return torch.cat(pieces, 1) if pieces else torch.zeros(3, 0, dtype=torch.long)


def _grid_positions(grid: Grid, merge: int) -> Tensor:
    t, h, w = grid[0], grid[1] // merge, grid[2] // merge
    return torch.stack(torch.meshgrid(torch.arange(t), torch.arange(h), torch.arange(w), indexing="ij")).flatten(1)


def frequencies(dim: int, theta: float, device: torch.device | None = None) -> Tensor:
    """theta ** (-2i / dim). Dimensions: (dim / 2,), float32."""
    return 1.0 / theta ** (torch.arange(0, dim, 2, dtype=torch.float32, device=device) / dim)


def text_rotation(positions: Tensor, head_dim: int, theta: float, sections: Sequence[int]) -> tuple[Tensor, Tensor]:
    """Cosine and sine of M-RoPE. Dimensions: positions (3, ..., n) to twice (..., n, head_dim), float32.

    The first of the rotary frequencies follow time, the next height, the last width.
    """
    angles = positions[..., None].float() * frequencies(head_dim, theta, positions.device)
    parts = [part[axis] for axis, part in enumerate(torch.split(angles, list(sections), -1))]
    return _cos_sin(torch.cat(parts, -1))


def vision_rotation(grids: Sequence[Grid], head_dim: int, merge: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Cosine and sine of the tower's 2-D rotation by row and column of each patch, in merge-block order.

    Dimensions: twice (patches, head_dim), float32. Time has no part in it.
    """
    inverse = frequencies(head_dim // 2, 10000.0, device)
    places = torch.cat([_patch_places(grid, merge, device) for grid in grids])
    return _cos_sin((places[..., None] * inverse).flatten(1))


def _patch_places(grid: Grid, merge: int, device: torch.device) -> Tensor:
    t, h, w = grid
    rows, columns = torch.meshgrid(torch.arange(h, device=device), torch.arange(w, device=device), indexing="ij")
    places = torch.stack((rows, columns), -1).view(h // merge, merge, w // merge, merge, 2).transpose(1, 2)
    return places.reshape(-1, 2).float().repeat(t, 1)


def _cos_sin(angles: Tensor) -> tuple[Tensor, Tensor]:
    """Both for the whole head; the sine has its sign for each half, so that `rotate` need not change any."""
    cos, sin = angles.cos(), angles.sin()
    return torch.cat((cos, cos), -1), torch.cat((-sin, sin), -1)


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """x turned by the angles, computed in float32 and returned in x's type.

    Dimensions: x (..., n, heads, head_dim), cos and sin (..., n, 1, head_dim).
    """
    if serve(x):
        from .kernels.elementwise import rotated

        return rotated(x, cos, sin)
    return torch.addcmul(x * cos, x.roll(x.shape[-1] // 2, -1), sin).to(x.dtype)


def segments(grids: Sequence[Grid]) -> Iterator[int]:
    """Patches of each frame pair: the runs within which the vision tower attends."""
    for t, h, w in grids:
        yield from [h * w] * t
