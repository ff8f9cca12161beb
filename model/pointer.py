"""The head by which GUI-Actor points: how well each part of a picture fits what the model means by <|pointer_pad|>."""

from math import sqrt

import torch.nn.functional as F
from torch import Tensor, empty, nn

from .attention import attention

HEADS = 8
"""Of its attention, in every checkpoint."""


class PointerAttention(nn.Module):
    """Every part of a picture attends to all of it. Its weights have the names that torch's own module gives them."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.in_proj_weight = nn.Parameter(empty(3 * width, width))
        self.in_proj_bias = nn.Parameter(empty(3 * width))
        self.out_proj = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Dimensions: (n, width) to the same."""
        parts = F.linear(x, self.in_proj_weight, self.in_proj_bias).view(len(x), 3, HEADS, -1)
        query, key, value = parts.permute(1, 2, 0, 3)[:, None].unbind()
        return self.out_proj(attention(query, key, value)[0].transpose(0, 1).flatten(1))


class PointerHead(nn.Module):
    """A pointer network over the features of a picture, which look at one another first."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width
        self.self_attention = PointerAttention(width)
        self.layer_norm = nn.LayerNorm(width)
        self.projection_enc = _projection(width)
        self.projection_dec = _projection(width)

    def forward(self, features: Tensor, hidden: Tensor) -> Tensor:
        """The share of each part of a picture in what is meant, in float32; all of them together are 1.

        Dimensions: features (n, width), as the vision tower gives them; hidden (width,), normalised, of the token that
        points; returns (n,).
        """
        parts = self.projection_enc(self.layer_norm(features + self.self_attention(features)))
        return (parts @ self.projection_dec(hidden) / sqrt(self.width)).float().softmax(-1)


def _projection(width: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, width))
