"""Muon: momentum whose matrix steps are made orthogonal, by Newton-Schulz iteration."""

from collections.abc import Iterable
from typing import Any, cast

import torch
from torch import Tensor, nn


class Muon(torch.optim.Optimizer):
    """For hidden matrices. (Jordan et al. 2024, kellerjordan.github.io/posts/muon.)"""

    def __init__(self, parameters: Iterable[Tensor], lr: float, weight_decay: float = 0.05) -> None:
        super().__init__(parameters, {"lr": lr, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:  # torch's own tells a closure's loss, or nothing
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                state = self.state[parameter]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(parameter)
                momentum = state["momentum"]
                momentum.mul_(0.95).add_(parameter.grad)
                update = orthogonal(parameter.grad.add(momentum, alpha=0.95).flatten(1)).view_as(parameter)
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                size = max(parameter.shape[0], parameter[0].numel())
                parameter.add_(update, alpha=-group["lr"] * 0.2 * size**0.5)


def orthogonal(matrix: Tensor) -> Tensor:
    """The nearest matrix whose singular values are all about 1, good to bfloat16. Dimensions: (m, n) both."""
    tall = matrix.shape[0] > matrix.shape[1]
    x = (matrix.T if tall else matrix).bfloat16()
    x = x / (cast(Any, x).norm() + 1e-7)
    for _ in range(5):
        square = x @ x.T
        x = 3.4445 * x + (-4.775 * square + 2.0315 * square @ square) @ x
    return (x.T if tall else x).to(matrix.dtype)


def optimisers(model: nn.Module, lr: float) -> list[torch.optim.Optimizer]:
    """Muon for the hidden matrices, AdamW for embeddings, norms and biases."""
    hidden, other = list[Tensor](), list[Tensor]()
    for name, parameter in model.named_parameters():
        (hidden if parameter.dim() >= 2 and "embed_tokens" not in name else other).append(parameter)
    return [Muon(hidden, lr), torch.optim.AdamW(other, lr=lr, betas=(0.9, 0.95), weight_decay=0.0)]
