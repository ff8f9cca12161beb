"""The mean of the weights over the last steps, which does better than the weights of any of them."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from .sharded import own


class Average:
    """An exponential mean of some weights: soon after the beginning it follows them more quickly."""

    def __init__(self, learning: Mapping[str, nn.Parameter], decay: float) -> None:
        self._learning, self._decay = learning, decay
        self.kept: dict[str, Tensor] = {name: value.detach().clone() for name, value in learning.items()}

    @torch.no_grad()
    def follow(self, step: int) -> None:
        """Take the weights in as they are behind the step of this number."""
        decay = min(self._decay, (1 + step) / (10 + step))
        for name, value in self._learning.items():
            own(self.kept[name]).lerp_(own(value.detach()), 1 - decay)

    def shown(self) -> "Average.Shown":
        return Average.Shown(self)

    class Shown:
        """A context in which the network has its mean weights."""

        def __init__(self, average: "Average") -> None:
            self._average = average

        def __enter__(self) -> None:
            self._swap()

        def __exit__(self, *_: object) -> None:
            self._swap()

        @torch.no_grad()
        def _swap(self) -> None:
            for name, value in self._average._learning.items():
                now = own(value.detach()).clone()
                own(value.detach()).copy_(own(self._average.kept[name]))
                own(self._average.kept[name]).copy_(now)
