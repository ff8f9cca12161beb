"""Whether a training fits: what weights, gradients and the optimiser take, before any of it is read."""

import torch

from ...errors import ModelUnavailable
from ...model.config import ModelConfig
from ...model.footprint import parameters
from ...model.room import free_bytes
from .settings import Settings
from .stages import Stage

_LEARNING_BYTES = 4 + 4 + 8
"""Of a parameter that learns: itself, its gradient and both moments of AdamW, in float32."""


def training_bytes(config: ModelConfig, settings: Settings, *, standing_bytes: int, processes: int = 1) -> int:
    """What one process needs at least. What is computed on the way comes on top, and LoRA's own matrices.

    Several processes share all but a tower that stands; for a moment each has the embeddings and the head whole.
    """
    count = parameters(config)
    decoder = count.layers + count.embeddings + count.head
    learning = {
        Stage.TOWER: count.tower,
        Stage.ALL: count.tower + decoder,
        Stage.INSTRUCTIONS: decoder,
    }[settings.stage]
    learning = 0 if settings.lora else learning
    each = _LEARNING_BYTES + (4 if settings.average else 0)
    tower = count.tower if processes > 1 and settings.stage == Stage.INSTRUCTIONS else 0
    whole, shared = tower * standing_bytes, count.total - tower
    kept = whole + (learning * each + (shared - learning) * standing_bytes) // processes
    if processes == 1:
        return kept
    return max(kept, whole + shared * standing_bytes // processes + (count.embeddings + count.head) * standing_bytes)


def require_training_room(
    name: str, config: ModelConfig, settings: Settings, device: torch.device, *, standing_bytes: int, processes: int
) -> None:
    """Raises ModelUnavailable where the training cannot fit into the free memory of its device."""
    free = free_bytes(device)
    needed = training_bytes(config, settings, standing_bytes=standing_bytes, processes=processes)
    needed *= processes if device.type == "cpu" else 1
    if free is None or needed <= free:
        return
    place = "the memory" if device.type == "cpu" else f"the GPU {device}"
    others = ["more GPUs", "a smaller checkpoint"] if settings.lora else ["--lora", "more GPUs", "a smaller checkpoint"]
    raise ModelUnavailable(
        f"training {name} takes more than {needed / 1e9:.1f} GB, and {place} has {free / 1e9:.1f} GB free; "
        f"{' or '.join(others)} would do"
    )
