"""What `clickwright train sft` does: read, train, tell, write."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from ...errors import UsageError
from ...model.checkpoint.weights import checkpoint_folder
from ...model.config import read_config
from ...model.load import find_device
from ...policies.profiles import Profile
from ...terminal import make_console
from .data import lessons_in
from .export import write_checkpoint
from .lora import require_peft, write_adapter
from .room import require_training_room
from .settings import Settings
from .sharded import World, joined
from .trainer import Told, Trainer
from .tunable import open_tunable

CHECKPOINT, ADAPTER = "checkpoint", "adapter"
_LINES = 20
"""About how many lines a run writes where nobody watches a bar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is trained on what, where, and what comes of it. The pixel limits are the profile's unless given."""

    model: str
    profile: Profile
    data: Path
    out: Path
    held_out: Path | None = None
    device: str | None = None
    resume: bool = False
    shard: str = "5GB"
    min_pixels: int | None = None
    max_pixels: int | None = None


def tune_checkpoint(wanted: Wanted, settings: Settings) -> None:
    """Train, and write the checkpoint, and the adapter where there is one, into the folder of the run.

    Raises UsageError for lessons, settings and states that cannot be meant, ModelUnavailable for a checkpoint or a
    library that is not there and for what does not fit.
    """
    device = find_device(wanted.device)
    lessons = lessons_in(_folder(wanted.data), wanted.profile, records=wanted.out / "records")
    held_out = (
        lessons_in(_folder(wanted.held_out), wanted.profile, records=wanted.out / "held-out") if wanted.held_out else ()
    )
    if settings.lora:
        require_peft()
    with joined(device.type) as world:
        place = torch.device("cuda", torch.cuda.current_device()) if device == torch.device("cuda") else device
        # Halved where they only stand, but not shared out: FSDP takes weights of one precision together.
        is_halved = settings.lora is not None and place.type == "cuda" and world.size == 1
        standing = torch.bfloat16 if is_halved else torch.float32
        config = read_config(checkpoint_folder(wanted.model, weights=False))
        require_training_room(
            wanted.model, config, settings, place, standing_bytes=standing.itemsize, processes=world.size
        )
        checkpoint = open_tunable(
            wanted.model,
            device=str(place),
            dtype=standing,
            min_pixels=_limit(wanted.min_pixels, wanted.profile.min_pixels),
            max_pixels=_limit(wanted.max_pixels, wanted.profile.max_pixels),
        )
        trainer = Trainer(
            checkpoint, lessons, settings, wanted.out, held_out=held_out, world=world, resume=wanted.resume
        )
        console = make_console() if world.is_first else Console(quiet=True)
        console.print(_told(trainer, len(lessons)))
        with _watched(console, trainer) as watch:
            figures = trainer.train(watch)
        for name, value in figures.items():
            console.print(f"{name.replace('_', ' ')} {value:.4f}")
        _write(trainer, wanted, world, console)


def _write(trainer: Trainer, wanted: Wanted, world: World, console: Console) -> None:
    profile, checkpoint = wanted.profile.name, trainer.checkpoint
    with trainer.averaged():
        if trainer.settings.lora:
            base, folder = checkpoint.name, wanted.out / ADAPTER
            write_adapter(checkpoint.network, trainer.settings.lora, base, folder, is_first=world.is_first)
            console.print(f"adapter: {folder}")
        folder = wanted.out / CHECKPOINT
        write_checkpoint(checkpoint, folder, profile=profile, shard=wanted.shard, is_first=world.is_first)
    console.print(f"checkpoint: {folder}")


def _told(trainer: Trainer, lessons: int) -> str:
    learning = sum(value.numel() for value in trainer.learning.values())
    count = "1 lesson" if lessons == 1 else f"{lessons:,} lessons"
    goes_on = f", from step {trainer.step:,} on" if trainer.step else ""
    return f"{count}, {learning:,} parameters learn, {trainer.steps:,} steps{goes_on}"


@contextmanager
def _watched(console: Console, trainer: Trainer) -> Generator[Callable[[Told], None]]:
    """Shows each step: as a bar with the time that is left, or as some lines where nobody watches."""
    if not console.is_terminal:
        every = max(1, trainer.steps // _LINES)

        def print_line(told: Told) -> None:
            if told.step % every == 0 or told.step in (1, told.steps):
                speed = told.tokens / told.seconds
                console.print(f"step {told.step}/{told.steps}  loss {told.loss:.4f}  {speed:,.0f} tokens/s")

        yield print_line
        return
    columns = BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}")
    with Progress(*columns, TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task("", total=trainer.steps, completed=trainer.step)

        def move_bar(told: Told) -> None:
            words = f"loss {told.loss:.4f}  {told.tokens / told.seconds:,.0f} tokens/s"
            bar.update(task, completed=told.step, description=words)

        yield move_bar


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise UsageError(f"there is no folder {path}")
    return path


def _limit(given: int | None, own: int | None) -> int | None:
    return own if given is None else given
