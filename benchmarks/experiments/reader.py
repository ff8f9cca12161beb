"""A Qwen2-VL as small as can be, its positions in three axes or in one, and what it loses on a batch of scenes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ...model.config import ModelConfig, TextConfig, VisionConfig
from ...model.decoder import Attention, Layer
from ...model.qwen2_vl import Qwen2VL
from ...model.rotary import mrope_positions, rotate, text_rotation
from .scenes import ASKED, KINDS, NUMBERS, THINGS, WORDS, Batch, Shape, word

Positions = Literal["m-rope", "1-d"]
START, END, PICTURE = (word(mark) for mark in ("<start>", "<end>", "<picture>"))
_THING, _NUMBER = word(THINGS[0]), word("0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """How a reader is built. `blocks` of the tower let patches see one another; without any each token sees its cell.

    `base` is that of the rotary frequencies, of which a quarter and twice three eighths follow time, height and width;
    it is small, for the same reason as clickwright/mini's: at a large one those of the width hardly turn.
    """

    positions: Positions = "m-rope"
    width: int = 64
    layers: int = 3
    heads: int = 2
    tower: int = 64
    blocks: int = 0
    base: float = 4.0

    def config(self) -> ModelConfig:
        """The architecture in full."""
        half = self.width // self.heads // 2
        time = half // 4
        sections = time, (half - time) // 2, half - time - (half - time) // 2
        text = TextConfig(
            hidden_size=self.width,
            intermediate_size=self.width * 2,
            num_hidden_layers=self.layers,
            num_attention_heads=self.heads,
            num_key_value_heads=self.heads,
            vocab_size=len(WORDS),
            tie_word_embeddings=True,
            rope_theta=self.base,
            mrope_section=sections,
        )
        vision = VisionConfig(hidden_size=self.width, depth=self.blocks, embed_dim=self.tower, num_heads=4, mlp_ratio=2)
        return ModelConfig(vision=vision, text=text, image_token_id=PICTURE, video_token_id=-1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What came of a batch: the loss, whether each answer is right, and by kind whether each cell knows what it must.

    Dimensions: right (b, k); known (n,) for each kind, cells that have something to know.
    """

    loss: Tensor
    right: Tensor
    known: Mapping[str, Tensor]


class Reader(nn.Module):
    """The network, and what helps it to learn within minutes: dense losses, as those of clickwright/mini.

    A visual token is taught to be like the word for what stands there, its state half way up to say where it is and
    what is left of it, above it and a frame pair earlier, and the last layer's first head to look where the answer is.
    """

    def __init__(self, build: Build, seed: int = 0) -> None:
        super().__init__()
        self.build = build
        self.net = Qwen2VL(build.config())
        self.nothing = nn.Embedding(1, build.width)
        self.heads = nn.ModuleDict({kind: nn.Linear(build.width, build.width) for kind in KINDS})
        _initialise(self, torch.Generator().manual_seed(seed))

    @property
    def parameter_count(self) -> int:
        """Of the network, without the heads that only training needs."""
        return sum(parameter.numel() for parameter in self.net.parameters())

    def forward(self, batch: Batch, kinds: Sequence[str] = KINDS) -> Read:
        """Read scenes and their questions. What cells know is taught for these kinds alone."""
        t, rows, columns = batch.shape
        features = self.net.visual(batch.patches, [(t, rows * 2, columns * 2)])
        size, asked = batch.answers.shape
        prefix, positions, mask = layout(batch.shape, asked, self.build.positions)
        ids = torch.cat((prefix.expand(size, -1), batch.words.flatten(1)), 1)
        x = self.net.embed(ids, features.flatten(0, 1))
        asking = slice(len(prefix) + ASKED - 1, None, ASKED)
        hidden, half, look = self._decoded(x, positions, mask, asking, batch.places)
        logits = self.net.logits(hidden[:, asking])
        known = {kind: self._known(half[:, 1 : 1 + features.shape[1]], batch, kind) for kind in kinds}
        loss = F.cross_entropy(logits.flatten(0, 1), batch.answers.flatten()) + look + self._cells(features, batch)
        loss = loss + 0.5 * torch.stack([each for each, _ in known.values()]).sum()
        hits = {kind: right for kind, (_, right) in known.items()}
        return Read(loss=loss, right=logits.argmax(-1) == batch.answers, known=hits)

    def _decoded(
        self, x: Tensor, positions: Tensor, mask: Tensor, asking: slice, places: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """States at the end, those below the last layer, and how little its first head looks where the answer is."""
        decoder, config = self.net.decoder, self.net.config.text
        layers = [layer for layer in decoder.layers if isinstance(layer, Layer)]
        cos, sin = text_rotation(positions, config.head_dim, config.rope_theta, config.mrope_section)
        half, rotation = x, (cos[:, None], sin[:, None])
        for layer in layers[:-1]:
            half = layer(half, rotation, mask, None)
        last = layers[-1]
        normed = last.input_layernorm(half)
        first = (part(normed)[..., None, : config.head_dim] for part in (last.self_attn.q_proj, last.self_attn.k_proj))
        query, key = (rotate(part, *rotation)[:, :, 0] for part in first)
        query = query[:, asking]
        scores = (query @ key.transpose(1, 2) * config.head_dim**-0.5).masked_fill(~mask[asking], float("-inf"))
        look = F.cross_entropy(scores.flatten(0, 1), (places + 1).flatten())
        return decoder.norm(last(half, rotation, mask, None)), half, look

    def _cells(self, features: Tensor, batch: Batch) -> Tensor:
        """How badly the visual tokens say what stands in them."""
        normed = F.rms_norm(features, features.shape[-1:])
        return F.cross_entropy((normed @ self._things.T).flatten(0, 1), batch.codes.flatten())

    def _known(self, half: Tensor, batch: Batch, kind: str) -> tuple[Tensor, Tensor]:
        """How badly the cells know what such questions are about, and where they know it."""
        truth = batch.around(kind).flatten()
        is_there = truth >= 0
        if not is_there.any():
            return half.new_zeros(()), is_there[:0]
        table = self._numbers if kind in ("row", "column") else self._things
        said = self.heads[kind](F.rms_norm(half, half.shape[-1:])).flatten(0, 1)[is_there]
        logits = said @ table.T
        return F.cross_entropy(logits, truth[is_there]), logits.argmax(-1) == truth[is_there]

    @property
    def _things(self) -> Tensor:
        table = self.net.decoder.embed_tokens.weight
        return torch.cat((self.nothing.weight, table[_THING : _THING + len(THINGS)]))

    @property
    def _numbers(self) -> Tensor:
        return self.net.decoder.embed_tokens.weight[_NUMBER : _NUMBER + NUMBERS]


@lru_cache(maxsize=64)
def layout(shape: Shape, questions: int, positions: Positions) -> tuple[Tensor, Tensor, Tensor]:
    """Words before the questions, positions of everything, and what sees what.

    Each question sees the picture and itself, and begins at the same position. Dimensions: (p,), (3, n), (n, n).
    """
    t, rows, columns = shape
    prefix = [START, *[PICTURE] * (t * rows * columns), END]
    before = positions_of(prefix, shape, positions)
    own = (torch.arange(ASKED) + before.max() + 1).repeat(questions).expand(3, -1)
    number = torch.cat((torch.full((len(prefix),), -1), torch.arange(questions).repeat_interleave(ASKED)))
    order = torch.arange(len(number))
    seen = (number[None] == -1) | (number[None] == number[:, None])
    return torch.tensor(prefix), torch.cat((before, own), 1), seen & (order[None] <= order[:, None])


def positions_of(ids: list[int], shape: Shape, positions: Positions) -> Tensor:
    """Where each token stands. Dimensions: (3, n). In one axis all three are alike, and every token counts one on."""
    if positions == "1-d":
        return torch.arange(len(ids)).expand(3, -1)
    t, rows, columns = shape
    return mrope_positions(ids, [(t, rows * 2, columns * 2)], (PICTURE,))


def _initialise(reader: Reader, random: torch.Generator) -> None:
    """Weights that depend on the generator alone.

    Queries and keys begin alike, so that what is alike attends to itself (Trockman and Kolter 2023, arXiv 2305.09828).
    """
    for name, parameter in reader.named_parameters():
        if parameter.dim() >= 2:
            spread = 0.1 if "embed_tokens" in name else parameter[0].numel() ** -0.5
            nn.init.normal_(parameter, std=spread, generator=random)
        elif name.endswith("bias"):
            nn.init.zeros_(parameter)
        if name.endswith(("o_proj.weight", "down_proj.weight", "attn.proj.weight", "fc2.weight")):
            parameter.data.mul_(0.35)
    for part in reader.modules():
        if isinstance(part, Attention):
            part.k_proj.weight.data.copy_(part.q_proj.weight.data)
