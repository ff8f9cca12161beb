"""How long each part of an answer takes."""

import time
from dataclasses import dataclass, field

import torch

from .conversation import Timings


@dataclass(slots=True)
class Clock:
    """Seconds by part, and looks of the tower. On a GPU the clock waits for it."""

    device: torch.device
    process_s: float = 0.0
    vision_s: float = 0.0
    prefill_s: float = 0.0
    decode_s: float = 0.0
    looked: int = 0
    _last: float = field(default_factory=time.perf_counter)

    def spent(self) -> float:
        """Seconds since the last time that it was asked."""
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)
        last, self._last = self._last, time.perf_counter()
        return self._last - last

    @property
    def timings(self) -> Timings:
        return Timings(
            process_s=self.process_s, vision_s=self.vision_s, prefill_s=self.prefill_s, decode_s=self.decode_s
        )
