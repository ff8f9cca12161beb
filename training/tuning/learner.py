"""The network as it is trained: a row of lessons in, how surprised it was by every learned token out."""

from collections.abc import Sequence
from functools import partial
from itertools import chain

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint  # pyright: ignore[reportUnknownVariableType]

from ...model.features import FEATURE_BYTES, Features
from ...model.pixels import normalised
from ...model.processor import Patches, Processor
from ...model.prompt import Shown
from ...model.qwen2_vl import Qwen2VL
from .packing import Batch


class Learner(nn.Module):
    """A network with the way its pictures reach it.

    Each picture of a row is looked at once, however often it is shown. What a tower that learns nothing said of a
    picture is kept for later rows. `looks_always` has the tower look at a blank picture where a row shows none, so
    that it runs in every row.

    Whoever reads a row, to learn it or to examine, does so in one precision, since features are kept for both: that
    which autocast has for matrix products is `precision`, bfloat16 on a GPU unless told, elsewhere that of the weights.
    """

    def __init__(
        self,
        network: Qwen2VL,
        processor: Processor,
        *,
        looks_always: bool = False,
        precision: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.network = network
        self.processor = processor
        self.looks_always = looks_always
        self.precision = precision
        self._features = Features(FEATURE_BYTES)

    @property
    def device(self) -> torch.device:
        return self.network.decoder.embed_tokens.weight.device

    @property
    def tower_learns(self) -> bool:
        return any(parameter.requires_grad for parameter in self.network.visual.parameters())

    def forward(self, batch: Batch) -> Tensor:
        """The negative log-likelihood of each learned token. Dimensions: (m,), float32."""
        with self._autocast():
            return self._surprise(batch.to(self.device))

    def _autocast(self) -> torch.autocast:
        kind = self.device.type
        is_on = self.precision is not None or kind == "cuda"
        return torch.autocast(kind, self.precision or torch.bfloat16, enabled=is_on)

    def _surprise(self, batch: Batch) -> Tensor:
        features = self._seen(batch)
        hidden = self.network.decoder(self.network.embed(batch.ids, features), batch.positions, batch.blocks)
        # Not hidden[0, at]: one token may be followed by several, and its gradients must add up in one order.
        logits = self.network.logits(hidden[0].index_select(0, batch.at))
        return F.cross_entropy(logits.float(), batch.targets, reduction="none")

    def _seen(self, batch: Batch) -> Tensor | None:
        """The features of all pictures as the row shows them. Dimensions: (visual tokens, hidden)."""
        names = list(dict.fromkeys(batch.places))
        if not names:
            return self._nothing() if self.looks_always and self.tower_learns else None
        pictures = [batch.pictures[name] for name in names]
        if self.tower_learns:
            found = dict(zip(names, self._look(pictures), strict=True))
        else:
            with torch.no_grad():  # one by one: what is kept must not depend on what was beside it
                found = {shown.name: self._features.of(shown.name, partial(self._alone, shown)) for shown in pictures}
        for name, kept in batch.kept.items():
            found[name] = found[name].index_select(0, torch.as_tensor(kept).to(self.device))
        return torch.cat([found[name] for name in batch.places])

    def _alone(self, shown: Shown) -> Tensor:
        return self._look([shown])[0]

    def _look(self, pictures: Sequence[Shown]) -> tuple[Tensor, ...]:
        """The features of each picture, stills and videos in one call of the tower.

        Processes that share a tower must call it equally often, whatever their rows show.
        """
        return self._features_of([self.processor.patches(shown.seen) for shown in pictures])

    def _features_of(self, seen: Sequence[Patches]) -> tuple[Tensor, ...]:
        grids = [patches.grid for patches in seen]
        dtype = self.network.visual.patch_embed.proj.weight.dtype
        channels, width = self.processor.config.in_channels, max(patches.values.shape[1] for patches in seen)
        values = np.concatenate([_widened(patches.values, width, channels) for patches in seen])
        numbers = normalised(values, self.processor.look, device=self.device, dtype=dtype)
        return torch.split(self.network.visual(numbers, grids), [t * h * w // 4 for t, h, w in grids])

    def _nothing(self) -> Tensor:
        """No features, behind which the tower has run all the same."""
        blank = np.zeros((4, self.processor.config.patch_values // 2), np.uint8)
        return self._features_of([Patches(values=blank, grid=(1, 2, 2))])[0][:0]


def mean_loss(surprise: Tensor, batch: Batch, total: float) -> Tensor:
    """The part of one row in the mean over all learned tokens of a step, whose weights are `total` together."""
    return (surprise * batch.weights.to(surprise.device)).sum() / total


def _widened(values: NDArray[np.uint8], width: int, channels: int) -> NDArray[np.uint8]:
    """Patches of so many values, in which a still has its one frame twice. A row holds channel, frame, y, x."""
    if values.shape[1] == width:
        return values
    frames = values.reshape(len(values), channels, 1, -1)
    return frames.repeat(width // values.shape[1], axis=2).reshape(len(values), width)


def forget_between(learner: Learner) -> None:
    """Have every layer keep only what it was given, and compute it again for the gradients: less memory, more time."""
    for layer in chain(learner.network.decoder.layers, learner.network.visual.blocks):
        layer.forward = partial(checkpoint, layer.forward, use_reentrant=False)
