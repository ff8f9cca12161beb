"""How a checkpoint is trained, in numbers."""

import math
from dataclasses import asdict, dataclass
from typing import Any

from ...errors import UsageError
from .stages import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Lora:
    """Small matrices beside the frozen ones: their rank, what their product is scaled by, and dropout before them."""

    rank: int = 16
    alpha: int = 32
    dropout: float = 0.0

    def __post_init__(self) -> None:
        if self.rank < 1 or not 0 <= self.dropout < 1:
            raise UsageError(f"LoRA needs a rank from 1 on and a dropout below 1, got {self.rank} and {self.dropout}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A training run. All that its course follows from, besides the checkpoint and the lessons.

    A step reads `rows` of at most `batch_tokens` each, on all devices together. The rate rises to `rate` within the
    share `warmup` of all steps and falls as a cosine to `least` of it. `average` is the decay of the mean of weights
    that is kept beside them and exported in their place; 0 keeps none. `select` is the share of each surface of a
    picture whose tokens are read. `steps` go before `epochs`. 0 in `evaluate_every` evaluates at the end only.
    """

    stage: Stage = Stage.INSTRUCTIONS
    lora: Lora | None = None
    epochs: int = 1
    steps: int | None = None
    batch_tokens: int = 8192
    rows: int = 1
    rate: float = 1e-5
    warmup: float = 0.03
    least: float = 0.0
    weight_decay: float = 0.0
    clip: float = 1.0
    average: float = 0.0
    select: float = 1.0
    forgets_between: bool = False
    evaluate_every: int = 0
    save_every: int = 100
    seed: int = 0

    def __post_init__(self) -> None:
        whole = {"epochs": self.epochs, "steps": self.steps, "batch_tokens": self.batch_tokens, "rows": self.rows}
        for name, value in (whole | {"save_every": self.save_every}).items():
            if value is not None and value < 1:
                raise UsageError(f"{name} needs to be at least 1, got {value}")
        for name, value in {"warmup": self.warmup, "least": self.least}.items():
            if not 0 <= value <= 1:
                raise UsageError(f"{name} is a share from 0 to 1, got {value}")
        if not all(map(math.isfinite, (self.rate, self.clip, self.weight_decay))):
            raise UsageError(
                f"rate, clip and weight_decay are finite, got {self.rate}, {self.clip}, {self.weight_decay}"
            )
        if self.clip <= 0 or self.weight_decay < 0:
            raise UsageError(f"clip is above 0 and weight_decay not below, got {self.clip} and {self.weight_decay}")
        if not self.rate > 0 or not 0 <= self.average < 1 or not 0 < self.select <= 1:
            raise UsageError(
                "a run needs a rate above 0, an average from 0 to below 1 and a selection above 0 and up to 1, "
                f"got {self.rate}, {self.average} and {self.select}"
            )

    def told(self) -> dict[str, Any]:
        """All of it, as JSON has it."""
        return asdict(self)

    def rate_at(self, step: int, steps: int) -> float:
        """The rate of one of so many steps."""
        warm = max(1, round(self.warmup * steps))
        if step < warm:
            return self.rate * (step + 1) / warm
        gone = (step - warm) / max(1, steps - warm)
        return self.rate * (self.least + (1 - self.least) * 0.5 * (1 + math.cos(math.pi * gone)))
