"""The vision tower: patches of images and frame pairs in, one vector for each 2 x 2 patches out."""

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor, cat, nn, split

from .attention import attention
from .config import VisionConfig
from .kernels import serve
from .rotary import Grid, rotate, segments, vision_rotation


class PatchEmbed(nn.Module):
    """A convolution whose kernel is its stride, so a matrix product over flattened patches."""

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        side = config.patch_size
        kernel = (config.temporal_patch_size, side, side)
        self.proj = nn.Conv3d(config.in_channels, config.embed_dim, kernel, stride=kernel, bias=False)

    def forward(self, patches: Tensor) -> Tensor:
        weight = self.proj.weight
        if patches.shape[-1] * weight.shape[2] == weight[0].numel():  # one frame given: a still, both frames alike
            weight = weight.sum(2)
        return F.linear(patches.to(weight.dtype), weight.flatten(1))


class Attention(nn.Module):
    """Every patch attends to every patch of its own frame pair."""

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        self.num_heads = config.num_heads
        self.qkv = nn.Linear(config.embed_dim, 3 * config.embed_dim)
        self.proj = nn.Linear(config.embed_dim, config.embed_dim)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, lengths: list[int]) -> Tensor:
        parts: Tensor = self.qkv(x).unflatten(-1, (3, self.num_heads, -1))
        query, key = rotate(parts[..., :2, :, :].flatten(-3, -2), cos, sin).chunk(2, -2)
        heads = [split(part.transpose(-3, -2), lengths, -2) for part in (query, key, parts[..., 2, :, :])]
        seen = [attention(*one).transpose(-3, -2).flatten(-2) for one in zip(*heads, strict=True)]
        return self.proj(cat(seen, -2) if len(seen) > 1 else seen[0])


class Mlp(nn.Module):
    """Two layers with QuickGELU between them."""

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        width = int(config.embed_dim * config.mlp_ratio)
        self.fc1 = nn.Linear(config.embed_dim, width)
        self.fc2 = nn.Linear(width, config.embed_dim)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(_quick_gelu(self.fc1(x)))


def _quick_gelu(x: Tensor) -> Tensor:
    """x * sigmoid(1.702 x). What x holds is lost."""
    if serve(x):
        from .kernels.elementwise import quick_gelu_

        return quick_gelu_(x)
    return F.silu(x.mul_(1.702)).div_(1.702)


class Block(nn.Module):
    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(config.embed_dim, eps=1e-6)
        self.norm2 = nn.LayerNorm(config.embed_dim, eps=1e-6)
        self.attn = Attention(config)
        self.mlp = Mlp(config)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, lengths: list[int]) -> Tensor:
        x = x + self.attn(self.norm1(x), cos, sin, lengths)
        return x + self.mlp(self.norm2(x))


class Merger(nn.Module):
    """Joins the 2 x 2 patches of a block, which follow one another, into one vector of the decoder's width."""

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        self.width = config.embed_dim * config.spatial_merge_size**2
        self.ln_q = nn.LayerNorm(config.embed_dim, eps=1e-6)
        self.mlp = nn.Sequential(
            nn.Linear(self.width, self.width), nn.GELU(), nn.Linear(self.width, config.hidden_size)
        )

    def forward(self, x: Tensor) -> Tensor:
        x = self.ln_q(x)
        return self.mlp(x.reshape(*x.shape[:-2], -1, self.width))


class VisionTower(nn.Module):
    """Qwen2-VL's vision transformer."""

    def __init__(self, config: VisionConfig) -> None:
        super().__init__()
        self.config = config
        self.patch_embed = PatchEmbed(config)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.depth))
        self.merger = Merger(config)

    def forward(self, patches: Tensor, grids: Sequence[Grid]) -> Tensor:
        """Features of every merged token, pictures one after another.

        Dimensions: patches (..., n, 1176), or (..., n, 588) where every picture is a still given as one frame, in
        merge-block order, normalised; grids in patches; returns (..., n / 4, hidden_size). Leading dimensions are
        pictures of the same grids.
        """
        head_dim = self.config.embed_dim // self.config.num_heads
        cos, sin = vision_rotation(grids, head_dim, self.config.spatial_merge_size, patches.device)
        cos, sin = cos[:, None], sin[:, None]
        lengths = list(segments(grids))
        # Always with a leading dimension: without one torch takes the attention that writes out every score.
        x = self.patch_embed(patches.reshape(-1, *patches.shape[-2:]))
        for block in self.blocks:
            x = block(x, cos, sin, lengths)
        merged = self.merger(x)
        return merged.reshape(*patches.shape[:-2], *merged.shape[-2:])
