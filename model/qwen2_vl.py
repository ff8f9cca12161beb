"""Qwen2-VL: the vision tower writes its features over the placeholders in the prompt, the decoder reads on."""

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor, nn

from ..errors import UsageError
from .attention import Mask
from .config import ModelConfig
from .decoder import Cache, Decoder
from .pointer import PointerHead
from .rotary import Grid
from .vision import VisionTower


class Core(nn.Module):
    """The two halves, under the names that transformers gives them."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.visual = VisionTower(config.vision)
        self.language_model = Decoder(config.text)


class Qwen2VL(nn.Module):
    """The whole network. The keys of its state are transformers' in-memory names; tied weights have no lm_head.

    A head that points stands beside it, under the name that GUI-Actor gives it.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.model = Core(config)
        tied = config.text.tie_word_embeddings
        self.lm_head = None if tied else nn.Linear(config.text.hidden_size, config.text.vocab_size, bias=False)
        self.multi_patch_pointer_head = PointerHead(config.text.hidden_size) if config.has_pointer else None

    @property
    def pointer(self) -> PointerHead | None:
        return self.multi_patch_pointer_head

    @property
    def visual(self) -> VisionTower:
        return self.model.visual

    @property
    def decoder(self) -> Decoder:
        return self.model.language_model

    def embed(self, ids: Tensor, features: Tensor | None = None) -> Tensor:
        """Token embeddings, with picture features in place of the placeholders, in order.

        Dimensions: ids (batch, n), features (m, hidden), returns (batch, n, hidden). Raises UsageError unless there
        are exactly m placeholders.
        """
        x = self.decoder.embed_tokens(ids)
        places = (ids == self.config.image_token_id) | (ids == self.config.video_token_id)
        given = 0 if features is None else features.shape[0]
        if int(places.sum()) != given:
            raise UsageError(f"the prompt has {int(places.sum())} places for pictures and {given} features")
        return x if features is None else x.masked_scatter(places[..., None], features.to(x))

    def logits(self, hidden: Tensor) -> Tensor:
        """Scores of the whole vocabulary, where the embeddings are. Dimensions: (..., hidden) to (..., vocab)."""
        embeddings = self.decoder.embed_tokens.weight
        if self.lm_head is None:
            return F.linear(hidden.to(embeddings.device), embeddings)
        return self.lm_head(hidden).to(embeddings.device)

    def forward(
        self,
        ids: Tensor,
        positions: Tensor,
        *,
        patches: Tensor | None = None,
        grids: Sequence[Grid] = (),
        mask: Mask | None = None,
        cache: Cache | None = None,
    ) -> Tensor:
        """Logits at every position. Dimensions: ids (batch, n), positions (3, batch, n), returns (batch, n, vocab)."""
        features = None if patches is None else self.visual(patches, grids)
        return self.logits(self.decoder(self.embed(ids, features), positions, mask, cache))
