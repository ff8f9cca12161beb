"""The choice of the next token."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .conversation import TOP, Decoding
from .kernels import serve

AT_ONCE = 16
"""Choices whose rivals are looked for together: to a GPU the scores of so many are hardly more than those of one."""


@dataclass(slots=True)
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
        self._unsettled: list[tuple[Choice, Tensor]] = []
        if decoding.seed is not None:
            self._random.manual_seed(decoding.seed)
        else:
            self._random.seed()

    def choose(self, logits: Tensor, allowed: NDArray[np.bool_] | None = None) -> Choice:
        """One token among those allowed; log-probabilities are among these too, before any filter.

        The rivals of a choice are there after `settle`. Dimensions: logits (1, vocab), allowed (vocab,).
        """
        mask = None if allowed is None else torch.as_tensor(allowed, device=logits.device)
        token, logprob, scores = _likeliest(logits[0], mask)
        if self._decoding.temperature > 0:
            token = int(torch.multinomial(self._shares(scores[None]), 1, generator=self._random))
            logprob = float(scores[token] - scores.logsumexp(-1))
        choice = Choice(token, logprob)
        self._unsettled.append((choice, scores))
        if len(self._unsettled) == AT_ONCE:
            self.settle()
        return choice

    def settle(self) -> None:
        """Find the rivals of every choice that was made."""
        if not self._unsettled:
            return
        scores = torch.stack([scores for _, scores in self._unsettled])
        best, tokens = scores.log_softmax(-1).topk(min(TOP, scores.shape[-1]))
        told = zip(tokens.numpy(force=True), best.numpy(force=True), strict=True)
        for (choice, _), row in zip(self._unsettled, told, strict=True):
            rivals = ((int(token), float(logprob)) for token, logprob in zip(*row, strict=True))
            choice.top = tuple(rival for rival in rivals if rival[1] > float("-inf"))
        self._unsettled.clear()

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


def _likeliest(logits: Tensor, allowed: Tensor | None) -> tuple[int, float, Tensor]:
    """As `kernels.choosing.likeliest`."""
    if serve(logits):
        from .kernels.choosing import likeliest

        return likeliest(logits, allowed)
    scores = logits.to(torch.float32, copy=True)
    if allowed is not None:
        scores.masked_fill_(~allowed, float("-inf"))
    token = int(scores.argmax())
    return token, float(scores[token] - scores.logsumexp(-1)), scores
