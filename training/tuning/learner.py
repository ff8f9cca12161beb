"""The network as it is trained: a row of lessons in, how surprised it was by every learned token out."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain

import numpy as np
import torch
import torch.nn.functional as F
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
    """

    def __init__(self, network: Qwen2VL, processor: Processor, *, looks_always: bool = False) -> None:
        super().__init__()
        self.network = network
        self.processor = processor
        self.looks_always = looks_always
        self._features = Features(FEATURE_BYTES)

    @property
    def device(self) -> torch.device:
        return self.network.decoder.embed_tokens.weight.device

    @property
    def tower_learns(self) -> bool:
        return any(parameter.requires_grad for parameter in self.network.visual.parameters())

    def forward(self, batch: Batch) -> Tensor:
        """The negative log-likelihood of each learned token. Dimensions: (m,), float32."""
        batch = batch.to(self.device)
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
        return next(iter(self._look([shown])))

    def _look(self, pictures: Sequence[Shown]) -> Iterator[Tensor]:
        """The features of each picture, stills and videos apart."""
        seen = [self.processor.patches(shown.seen) for shown in pictures]
        found: dict[int, Tensor] = {}
        for width in {patches.values.shape[1] for patches in seen}:
            numbers = [n for n, patches in enumerate(seen) if patches.values.shape[1] == width]
            found |= dict(zip(numbers, self._features_of([seen[n] for n in numbers]), strict=True))
        yield from (found[n] for n in range(len(seen)))

    def _features_of(self, seen: Sequence[Patches]) -> tuple[Tensor, ...]:
        grids = [patches.grid for patches in seen]
        dtype = self.network.visual.patch_embed.proj.weight.dtype
        values = np.concatenate([patches.values for patches in seen])
        numbers = normalised(values, self.processor.look, device=self.device, dtype=dtype)
        return torch.split(self.network.visual(numbers, grids), [t * h * w // 4 for t, h, w in grids])

    def _nothing(self) -> Tensor:
        """No features, behind which the tower has run all the same."""
        blank = np.zeros((4, self.processor.config.patch_values // 2), np.uint8)
        return self._features_of([Patches(values=blank, grid=(1, 2, 2))])[0][:0]


def mean_loss(surprise: Tensor, batch: Batch, total: float) -> Tensor:
    """The part of one row in the mean over all learned tokens of a step, whose weights are `total` together."""
    return (surprise * batch.weights.to(surprise.device)).sum() / total


def lesson_losses(surprise: Tensor, batch: Batch) -> Mapping[str, float]:
    """The mean over the learned tokens of each lesson."""
    return {
        name: float(surprise[(batch.lessons == n).to(surprise.device)].mean()) for n, name in enumerate(batch.names)
    }


def forget_between(learner: Learner) -> None:
    """Have every layer keep only what it was given, and compute it again for the gradients: less memory, more time."""
    for layer in chain(learner.network.decoder.layers, learner.network.visual.blocks):
        layer.forward = partial(checkpoint, layer.forward, use_reentrant=False)
