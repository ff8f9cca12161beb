"""The mini with what only training needs: dense losses that make every cell of a picture say what covers it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ...model.config import ModelConfig
from ...model.decoder import Layer
from ...model.qwen2_vl import Qwen2VL
from ...model.rotary import Grid, rotate, text_rotation
from ..concepts import HUES, SHOWN_KINDS
from .packing import Pack, Vocabulary
from .windows import NAMES, PAGE, Cells

LOOKING_LAYER, LOOKING_HEADS = 2, 2
"""The decoder layer, and its first heads, that are taught to look at the target."""
COPYING_LAYER = 3
"""The layer whose first heads are taught to look at what is copied from the instruction."""

KIND, COLOUR, NAME = range(3)
"""What a cell tells of what covers it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """Means over one batch, NaN for what it has none of.

    `read` is the share of covered cells whose kind and name are both told rightly.
    """

    answer: Tensor
    place: Tensor
    cell: Tensor
    box: Tensor
    position: Tensor
    look: Tensor
    copy: Tensor
    read: Tensor

    @property
    def total(self) -> Tensor:
        parts = (self.answer, self.place, self.cell, 0.5 * self.box, 5 * self.position, self.look, 0.3 * self.copy)
        return torch.stack([part for part in parts if not part.isnan()]).sum()


class Learner(nn.Module):
    """The network and its auxiliary heads, which the checkpoint does not keep.

    `spread` is the standard deviation, in thousandths, of the numbers around a coordinate that count as right.
    """

    kind_ids: Tensor
    colour_ids: Tensor
    name_ids: Tensor
    bare_ids: Tensor
    numbers: Tensor

    def __init__(self, vocabulary: Vocabulary, config: ModelConfig, *, spread: float = 4.0) -> None:
        super().__init__()
        self.spread = spread
        self.vocabulary = vocabulary
        self.net = Qwen2VL(config)
        self.frozen_tower = False
        width = config.text.hidden_size
        self.kind_head, self.colour_head, self.name_head = (nn.Linear(width, width) for _ in range(3))
        self.nothing = nn.Embedding(3, width)
        self.box_head = nn.Linear(width, 4)
        self.place_head = nn.Linear(width, 6)
        self.register_buffer("kind_ids", _ids(vocabulary, SHOWN_KINDS), persistent=False)
        self.register_buffer("colour_ids", _ids(vocabulary, tuple(HUES)), persistent=False)
        self.register_buffer("name_ids", _ids(vocabulary, NAMES), persistent=False)
        self.register_buffer("bare_ids", _ids(vocabulary, NAMES, bare=True), persistent=False)
        self.register_buffer("numbers", vocabulary.numbers, persistent=False)
        _initialise(self)

    def forward(self, patches: Tensor, grid: Grid, pack: Pack) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Hidden states of the pack, features of the cells, the cells half way up, and the losses of two attentions."""
        with torch.set_grad_enabled(torch.is_grad_enabled() and not self.frozen_tower):
            features = self.net.visual(patches, [grid])
        decoder, config = self.net.decoder, self.net.config.text
        x = self.net.embed(pack.ids, features.flatten(0, 1))
        cos, sin = text_rotation(pack.positions, config.head_dim, config.rope_theta, config.mrope_section)
        rotation = cos[:, :, None], sin[:, :, None]
        first = len(self.vocabulary.before)
        half, look, copy = x, _none(x), _none(x)
        for number, layer in enumerate(cast(Iterable[Layer], decoder.layers)):
            if number == LOOKING_LAYER:
                look = self._look(layer, x, rotation, pack, (grid[1] // 2, grid[2] // 2))
            if number == COPYING_LAYER:
                copy = self._copy(layer, x, rotation, pack)
            x = layer(x, rotation, pack.branches, None)
            if number == 1:
                half = x[:, first : first + features.shape[1]]
        return decoder.norm(x), features, half, look, copy

    def _look(
        self, layer: Layer, x: Tensor, rotation: tuple[Tensor, Tensor], pack: Pack, grid: tuple[int, int]
    ) -> Tensor:
        """How little the first heads of a layer attend to the cells of the target where a coordinate is written.

        What makes pointing appear early: the network need not find out by the coordinates alone where to look.
        """
        picture, token = (pack.places >= 0).nonzero(as_tuple=True)
        logp = _attended(layer, x, rotation, pack, (picture, token))
        first = len(self.vocabulary.before)
        there = logp[..., first : first + grid[0] * grid[1]]
        wanted = _covered(pack.boxes[picture, token], grid)[:, None]
        return -there.masked_fill(~wanted, float("-inf")).logsumexp(-1).mean()

    def _copy(self, layer: Layer, x: Tensor, rotation: tuple[Tensor, Tensor], pack: Pack) -> Tensor:
        """How little the first heads of a layer attend to the letter of the instruction that is to be written next."""
        picture, token = (pack.sources >= 0).nonzero(as_tuple=True)
        logp = _attended(layer, x, rotation, pack, (picture, token))
        return -logp.gather(-1, pack.sources[picture, token][:, None, None].expand(-1, LOOKING_HEADS, 1)).mean()

    def losses(self, patches: Tensor, grid: Grid, pack: Pack | None, cells: Cells) -> Losses:
        """Without a pack the tower learns alone: what covers each cell, and how far it reaches."""
        answer = place = position = look = copy = _none(patches)
        if pack is None:
            features = self.net.visual(patches, [grid])
        else:
            hidden, features, half, look, copy = self(patches, grid, pack)
            answer, place = self._answer(hidden, pack)
            position = self._position(half, grid, pack.offsets, cells)
        cell, read = self._cells(features.flatten(0, 1), cells)
        covered = cells.kinds > 0
        sides = self.box_head(features.flatten(0, 1)[covered]).float()
        box = F.smooth_l1_loss(sides, cells.boxes[covered], beta=0.5) if covered.any() else sides.sum()
        return Losses(
            answer=answer, place=place, cell=cell, box=box, position=position, look=look, copy=copy, read=read
        )

    def _answer(self, hidden: Tensor, pack: Pack) -> tuple[Tensor, Tensor]:
        learned = pack.weights.flatten() > 0
        target, weight = pack.targets.flatten()[learned], pack.weights.flatten()[learned]
        place = pack.places.flatten()[learned]
        logits = self.net.logits(hidden.flatten(0, 1)[learned]).float()
        logp = logits.log_softmax(-1)
        loss = -logp.gather(1, target[:, None])[:, 0]
        at = place >= 0
        words = (loss * weight)[~at].sum() / weight[~at].sum().clamp(min=1e-6)
        if not at.any():
            return words, _none(words)
        scale = torch.arange(1000, device=logp.device)
        near = torch.exp(-0.5 * ((scale[None] - place[at][:, None]) / self.spread) ** 2)
        near = near / near.sum(-1, keepdim=True)
        numbers = logp[at][:, self.numbers]
        away = (numbers.exp() * (scale[None] - place[at][:, None]).abs()).sum(-1) / 1000
        return words, (-(numbers * near).sum(-1) + 6 * away).mean()

    def told(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """The kind and the name that each cell says it shows, numbered as in `Cells`. Dimensions: each (cells)."""
        normed = F.rms_norm(features, features.shape[-1:])
        return self._scores(normed, KIND).argmax(-1), self._scores(normed, NAME).argmax(-1)

    def _scores(self, normed: Tensor, part: int) -> Tensor:
        """Of the kinds, colours or names that each cell may show. Dimensions: (cells, nothing and all of them)."""
        table = self.net.decoder.embed_tokens.weight
        heads = (self.kind_head, self.kind_ids), (self.colour_head, self.colour_ids), (self.name_head, self.name_ids)
        head, ids = heads[part]
        # A name is one thing whether a space or a quotation mark stands before it.
        named = (table[ids] + table[self.bare_ids]) / 2 if part == NAME else table[ids]
        return (head(normed) @ torch.cat([self.nothing.weight[part : part + 1], named]).T).float()

    def _cells(self, features: Tensor, cells: Cells) -> tuple[Tensor, Tensor]:
        normed = F.rms_norm(features, features.shape[-1:])
        loss = features.new_zeros(())
        right: list[Tensor] = []
        for part, truth in ((KIND, cells.kinds), (COLOUR, cells.colours), (NAME, cells.names)):
            logits = self._scores(normed, part)
            weight = torch.where(truth < 0, 0.0, cells.shares)
            weight = torch.where(cells.kinds == 0, 0.05, weight) if part == KIND else weight
            each = F.cross_entropy(logits, truth.clamp(min=0), reduction="none")
            loss = loss + (each * weight).sum() / weight.sum().clamp(min=1e-6)
            right.append((logits.argmax(-1) == truth) | (truth < 0))
        covered = cells.kinds > 0
        return loss, (right[KIND] & right[NAME])[covered].float().mean() if covered.any() else loss.detach()

    def _position(self, half: Tensor, grid: Grid, offsets: Tensor, cells: Cells) -> Tensor:
        """How far off the cells are about where they and what covers them stand on the page."""
        rows, columns = grid[1] // 2, grid[2] // 2
        device = half.device
        y, x = (torch.arange(count, device=device) + 0.5 for count in (rows, columns))
        y, x = torch.meshgrid(y, x, indexing="ij")
        side = torch.tensor([PAGE[1], PAGE[0]], device=device)
        middle = (torch.stack((x, y), -1).view(1, -1, 2) + offsets.flip(-1)[:, None]).flatten(0, 1)
        said = self.place_head(half).float().flatten(0, 1)
        loss = F.smooth_l1_loss(said[:, :2], middle / side, beta=0.02)
        covered = cells.kinds > 0
        if covered.any():
            corners = (middle.repeat(1, 2) + cells.boxes) / side.repeat(2)
            loss = loss + F.smooth_l1_loss(said[covered][:, 2:], corners[covered], beta=0.02)
        return loss


def _none(like: Tensor) -> Tensor:
    """The mean over nothing."""
    return like.new_full((), float("nan"))


def _attended(
    layer: Layer, x: Tensor, rotation: tuple[Tensor, Tensor], pack: Pack, at: tuple[Tensor, Tensor]
) -> Tensor:
    """Log-attention of a layer's first heads at some (picture, token). Dimensions: (m, heads, n)."""
    picture, token = at
    attention, normed = layer.self_attn, layer.input_layernorm(x)
    query, key = (
        rotate(part(normed).unflatten(-1, (-1, attention.head_dim)), *rotation)
        for part in (attention.q_proj, attention.k_proj)
    )
    scores = torch.einsum("mhd,mtd->mht", query[picture, token, :LOOKING_HEADS], key[picture, :, 0])
    hidden = ~pack.mask[picture, 0, token][:, None]
    return (scores.float() * attention.head_dim**-0.5).masked_fill(hidden, float("-inf")).log_softmax(-1)


def _covered(boxes: Tensor, grid: tuple[int, int]) -> Tensor:
    """The cells that a box fills at least 40 % as much as the one it fills most. Dimensions: (m, 4) to (m, cells)."""
    rows, columns = (torch.arange(count, device=boxes.device) for count in grid)
    x1, y1, x2, y2 = (side[:, None] for side in boxes.unbind(-1))
    wide = (torch.minimum(x2, columns + 1) - torch.maximum(x1, columns)).clamp(min=0)
    high = (torch.minimum(y2, rows + 1) - torch.maximum(y1, rows)).clamp(min=0)
    area = (high[:, :, None] * wide[:, None, :]).flatten(1)
    return area >= 0.4 * area.amax(-1, keepdim=True)


def _ids(vocabulary: Vocabulary, names: tuple[str, ...], *, bare: bool = False) -> Tensor:
    # A bare number is a coordinate: that must not look like a written one.
    return torch.tensor([vocabulary.id(name if bare and not name.isdigit() else f" {name}") for name in names])


def _initialise(learner: Learner) -> None:
    for name, parameter in learner.named_parameters():
        if parameter.dim() >= 2:
            nn.init.normal_(parameter, std=0.02 if "embed" in name else min(0.05, parameter[0].numel() ** -0.5))
        if name.endswith(("o_proj.weight", "down_proj.weight", "attn.proj.weight", "fc2.weight")):
            parameter.data.mul_(0.35)
        if name.endswith("patch_embed.proj.weight"):
            nn.init.normal_(parameter, std=0.03)
    # Numbers begin as points on smooth curves, so that neighbours are alike before anything is learned.
    table = learner.net.decoder.embed_tokens.weight
    turns = torch.arange(1000)[:, None] / 1000 * 2 * torch.pi * torch.logspace(-1, 4, 32, base=2.0)[None]
    curves = torch.cat((turns.cos(), turns.sin()), 1)
    mix = torch.randn(curves.shape[1], table.shape[1]) / curves.shape[1] ** 0.5
    table.data[learner.vocabulary.numbers] = 0.03 * curves @ mix
