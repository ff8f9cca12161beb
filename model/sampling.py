"""The choice of the next token."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .conversation import Decoding


class Sampler:
    """Chooses as a decoding says. With a seed the same logits give the same tokens."""

    def __init__(self, decoding: Decoding, known_tokens: int, device: torch.device) -> None:
        self._decoding = decoding
        self._known_tokens = known_tokens
        self._random = torch.Generator(device)
        if decoding.seed is not None:
            self._random.manual_seed(decoding.seed)
        else:
            self._random.seed()

    def choose(self, logits: Tensor, allowed: NDArray[np.bool_] | None = None) -> tuple[Tensor, Tensor]:
        """The chosen ids among those allowed, and their log-probabilities among these, before any filter.

        Dimensions: logits (batch, vocab), allowed (vocab,), returns twice (batch,).
        """
        logits = logits.float()
        if allowed is not None:
            logits = logits.masked_fill(~torch.as_tensor(allowed, device=logits.device), float("-inf"))
        if self._decoding.temperature <= 0:
            chosen = logits.argmax(-1)
        else:
            chosen = torch.multinomial(self._shares(logits), 1, generator=self._random)[:, 0]
        return chosen, logits.log_softmax(-1).gather(-1, chosen[:, None])[:, 0]

    def _shares(self, logits: Tensor) -> Tensor:
        decoding = self._decoding
        logits = logits / decoding.temperature
        logits[:, self._known_tokens :] = float("-inf")  # rows of the vocabulary that no text has trained
        ordered, places = logits.sort(-1, descending=True)
        shares = ordered.softmax(-1)
        hidden = shares.cumsum(-1) - shares >= decoding.top_p
        hidden[:, 0] = False
        if decoding.top_k > 0:
            hidden[:, decoding.top_k :] = True
        kept = shares.masked_fill(hidden, 0)
        return torch.zeros_like(kept).scatter(-1, places, kept)
