"""A short run of the trainer on lessons about painted pictures, as a process that can be killed, or one of several.

python runs.py OUT STEPS [resume] [lora] [slow] [plain] [stop] [export]
"""

import sys
import time
from pathlib import Path

import numpy as np
import torch
from clickwright.model import Message, Picture
from clickwright.training.lesson import Lesson
from clickwright.training.tuning.export import write_checkpoint
from clickwright.training.tuning.settings import Lora, Settings
from clickwright.training.tuning.sharded import joined
from clickwright.training.tuning.stages import Stage
from clickwright.training.tuning.trainer import Told, Trainer
from clickwright.training.tuning.tunable import open_tunable
from torch.distributed.tensor import DTensor

SLOW_S = 0.1
"""How long a slow run waits behind each step."""


def painted() -> list[Lesson]:
    lessons = []
    for seed in range(6):
        pixels = np.random.default_rng(seed).integers(0, 256, (56 + 28 * (seed % 2), 84, 3), np.uint8)
        for word in ("one", "two", "three"):
            parts = (Picture(pixels), f"Click {word}.")
            answer = Message("assistant", (f"<|box_start|>({seed},{len(word)}),(9,9)<|box_end|>",))
            lessons.append(Lesson(name=f"{seed} {word}", messages=(Message("user", parts), answer)))
    lessons.append(Lesson(name="words", messages=(Message("user", ("Hi",)), Message("assistant", ("Hello",)))))
    return lessons


def settings(steps: int, *, lora: bool = False, plain: bool = False) -> Settings:
    """`plain` draws no random numbers while it learns, which two processes would draw otherwise than one."""
    return Settings(
        stage=Stage.ALL,
        lora=Lora(rank=4, alpha=8, dropout=0.0 if plain else 0.1) if lora else None,
        steps=steps,
        batch_tokens=120,
        rows=2,
        rate=1e-3,
        average=0.9,
        weight_decay=0.1,
        save_every=2,
        select=0.5,
    )


def tell_slowly(told: Told) -> None:
    """Whoever waits for a state has time to end the run before it is over."""
    time.sleep(SLOW_S)


def require_shared(run: Trainer, processes: int) -> None:
    """Each process keeps its part of every weight, as float32, and nothing else of them."""
    assert all(isinstance(value, DTensor) for value in run.learner.parameters())
    kept = [value.to_local() for value in run.learner.parameters()]
    assert {value.dtype for value in kept} == {torch.float32}
    whole = sum(value.numel() for value in run.learner.parameters())
    assert sum(value.untyped_storage().nbytes() for value in kept) < 1.02 * 4 * whole / processes


def main(out: Path, steps: int, *options: str) -> None:
    torch.set_num_threads(1)
    with joined("cpu") as world:
        is_shared = world.size > 1
        run = Trainer(
            open_tunable("clickwright/mini", device="cpu", dtype=None if is_shared else torch.float32),
            painted(),
            settings(steps, lora="lora" in options, plain="plain" in options),
            out,
            held_out=painted()[:4],
            world=world,
            resume="resume" in options,
        )
        if is_shared:
            require_shared(run, world.size)
        run.train(tell_slowly if "slow" in options else None, until=3 if "stop" in options else None)
        if "export" in options:
            write_checkpoint(run.checkpoint, out / "checkpoint", dtype="float32", is_first=world.is_first)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
