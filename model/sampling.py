"""The choice of the next token."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .conversation import TOP, Decoding


@dataclass(frozen=True, slots=True)
class Choice:
    """The token chosen, and how likely it and its rivals were. `top` begins with the likeliest."""

    token: int
    logprob: float
    top: tuple[tuple[int, float], ...] = ()


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

    def choose(self, logits: Tensor, allowed: NDArray[np.bool_] | None = None) -> Choice:
        """One token among those allowed; log-probabilities are among these too, before any filter.

        Dimensions: logits (1, vocab), allowed (vocab,).
        """
        logits = logits.float()
        if allowed is not None:
            logits = logits.masked_fill(~torch.as_tensor(allowed, device=logits.device), float("-inf"))
        if self._decoding.temperature <= 0:
            chosen = logits.argmax(-1)
        else:
            chosen = torch.multinomial(self._shares(logits), 1, generator=self._random)[:, 0]
        logprobs = logits.log_softmax(-1)
        best, tokens = _top(logprobs[0], min(TOP, logits.shape[-1]))
        # One transfer from the device for all of it; float32 holds every id.
        told = torch.cat((chosen, logprobs[0, chosen], tokens, best)).numpy(force=True)
        top = zip(told[2 : 2 + len(tokens)], told[2 + len(tokens) :], strict=True)
        rivals = tuple((int(token), float(one)) for token, one in top if one > float("-inf"))
        return Choice(int(told[0]), float(told[1]), rivals)

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


def _top(scores: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The largest and their places, best first: of each part, then of all those, for which a GPU has more hands."""
    parts = next((n for n in (64, 32, 16) if len(scores) % n == 0 and len(scores) // n >= 16 * count), 1)
    best, places = scores.view(parts, -1).topk(count)
    best, chosen = best.flatten().topk(count)
    places = places + torch.arange(parts, device=scores.device)[:, None] * (len(scores) // parts)
    return best, places.flatten()[chosen]
