"""A Qwen2-VL as small as can be, its positions in three axes or in one, and what it loses on a batch of scenes."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ...model.config import ModelConfig, TextConfig, VisionConfig
from ...model.qwen2_vl import Qwen2VL
from ...model.rotary import mrope_positions
from .scenes import ASKED, THINGS, WORDS, Batch, Shape, word

Positions = Literal["m-rope", "1-d"]
START, END, PICTURE = (word(mark) for mark in ("<start>", "<end>", "<picture>"))
_THING = word(THINGS[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """How a reader is built. `blocks` of the tower let patches see one another; without any each token sees its cell.

    `base` is that of the rotary frequencies, of which an eighth and twice three eighths follow time, height and width.
    """

    positions: Positions = "m-rope"
    width: int = 128
    layers: int = 3
    heads: int = 4
    tower: int = 96
    blocks: int = 0
    base: float = 10.0

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
            num_key_value_heads=max(1, self.heads // 2),
            vocab_size=len(WORDS),
            tie_word_embeddings=True,
            rope_theta=self.base,
            mrope_section=sections,
        )
        vision = VisionConfig(hidden_size=self.width, depth=self.blocks, embed_dim=self.tower, num_heads=4, mlp_ratio=2)
        return ModelConfig(vision=vision, text=text, image_token_id=PICTURE, video_token_id=-1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The losses of a batch, and of each question whether its answer is right. Dimensions: right (b, k)."""

    answer: Tensor
    cells: Tensor
    right: Tensor


class Reader(nn.Module):
    """The network. Its visual tokens are taught to be like the word for what stands there: that starts the learning."""

    def __init__(self, build: Build, seed: int = 0) -> None:
        super().__init__()
        self.net = Qwen2VL(build.config())
        self.nothing = nn.Embedding(1, build.width)
        self.build = build
        _initialise(self, torch.Generator().manual_seed(seed))

    @property
    def parameter_count(self) -> int:
        return sum(parameter.numel() for parameter in self.net.parameters())

    def forward(self, batch: Batch) -> Read:
        """Losses and hits."""
        t, rows, columns = batch.shape
        features = self.net.visual(batch.patches, [(t, rows * 2, columns * 2)])
        size, asked = batch.answers.shape
        prefix, positions, mask = layout(batch.shape, asked, self.build.positions)
        ids = torch.cat((prefix.expand(size, -1), batch.words.flatten(1)), 1)
        x = self.net.embed(ids, features.flatten(0, 1))
        hidden = self.net.decoder(x, positions[:, None].expand(-1, size, -1), mask[None, None])
        logits = self.net.logits(hidden[:, len(prefix) + ASKED - 1 :: ASKED])
        answer = F.cross_entropy(logits.flatten(0, 1), batch.answers.flatten())
        return Read(answer=answer, cells=self._cells(features, batch), right=logits.argmax(-1) == batch.answers)

    def _cells(self, features: Tensor, batch: Batch) -> Tensor:
        """How badly the cells say what stands in them, through the embeddings of things."""
        normed = F.rms_norm(features, features.shape[-1:])
        table = self.net.decoder.embed_tokens.weight[_THING : _THING + len(THINGS)]
        logits = normed @ torch.cat((self.nothing.weight, table)).T
        return F.cross_entropy(logits.flatten(0, 1), batch.codes.flatten())


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
    """Weights that depend on the generator alone."""
    for name, parameter in reader.named_parameters():
        if parameter.dim() >= 2:
            spread = 0.1 if "embed_tokens" in name else parameter[0].numel() ** -0.5
            nn.init.normal_(parameter, std=spread, generator=random)
        elif name.endswith("bias"):
            nn.init.zeros_(parameter)
        if name.endswith(("o_proj.weight", "down_proj.weight", "attn.proj.weight", "fc2.weight")):
            parameter.data.mul_(0.35)
