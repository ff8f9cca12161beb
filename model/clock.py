"""How long each part of an answer takes."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import torch

from .conversation import Timings

_Given = TypeVar("_Given")


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

    def preparing(self, work: Callable[[], _Given]) -> _Given:
        """What `work` on the CPU gives. It counts as `process_s`, and not as what it is a part of."""
        began = time.perf_counter()
        given = work()
        took = time.perf_counter() - began
        self.process_s += took
        self._last += took
        return given

    @property
    def timings(self) -> Timings:
        return Timings(
            process_s=self.process_s, vision_s=self.vision_s, prefill_s=self.prefill_s, decode_s=self.decode_s
        )
