"""What `clickwright train sft` does: read, train, tell, write."""

from collections.abc import Callable, Generator, Sequence
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
from ..data.folder import RecordFolder
from ..data.held_out import HeldOut, Removal
from ..data.lessons import Lessons
from ..data.runs import export_records
from ..data.store import FOLDER as STORE
from ..data.store import write_store
from ..lesson import Lesson
from .data import holds_records, holds_runs, lessons_in
from .export import SHARD, require_shard, write_checkpoint
from .log import require_tensorboard
from .lora import require_peft, write_adapter
from .room import require_training_room
from .saved import has_state
from .settings import Settings
from .sharded import World, joined
from .trainer import Told, Trainer
from .tunable import open_processor, open_tunable

CHECKPOINT, ADAPTER = "checkpoint", "adapter"
_REASONS = 3
"""How many of the reasons are told why something is no lesson."""
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
    failed: bool = False
    shard: str = SHARD
    min_pixels: int | None = None
    max_pixels: int | None = None

    @property
    def pixels(self) -> dict[str, int | None]:
        """The limits, for those who open the checkpoint."""
        limits = {"min_pixels": self.min_pixels, "max_pixels": self.max_pixels}
        own = {"min_pixels": self.profile.min_pixels, "max_pixels": self.profile.max_pixels}
        return {name: own[name] if limit is None else limit for name, limit in limits.items()}


def tune_checkpoint(wanted: Wanted, settings: Settings) -> None:
    """Train, and write the checkpoint, and the adapter where there is one, into the folder of the run.

    Raises UsageError for lessons, settings and states that cannot be meant, ModelUnavailable for a checkpoint or a
    library that is not there and for what does not fit.
    """
    device = find_device(wanted.device)
    require_shard(wanted.shard)
    if has_state(wanted.out) and not wanted.resume:
        raise UsageError(f"{wanted.out} holds a run already: give --resume to go on with it, or another folder")
    require_tensorboard()
    if settings.lora:
        require_peft()
    with joined(device.type) as world:
        console = make_console() if world.is_first else Console(quiet=True)
        lessons = lessons_of(_folder(wanted.data), wanted, "records", world, console)
        held_out = lessons_of(_folder(wanted.held_out), wanted, "held-out", world, console) if wanted.held_out else ()
        if world.is_first:
            _tell_shared(lessons, held_out, console)
        place = torch.device("cuda", torch.cuda.current_device()) if device == torch.device("cuda") else device
        # Halved where they only stand, but not shared out: FSDP takes weights of one precision together.
        is_halved = settings.lora is not None and place.type == "cuda" and world.size == 1
        standing = torch.bfloat16 if is_halved else torch.float32
        config = read_config(checkpoint_folder(wanted.model, weights=False))
        require_training_room(
            wanted.model, config, settings, place, standing_bytes=standing.itemsize, processes=world.size
        )
        held, dtype = (str(place), standing) if world.size == 1 else ("cpu", None)  # else in their files
        checkpoint = open_tunable(wanted.model, device=held, dtype=dtype, **wanted.pixels)
        trainer = Trainer(
            checkpoint,
            lessons,
            settings,
            wanted.out,
            held_out=held_out,
            world=world,
            device=place,
            resume=wanted.resume,
        )
        console.print(_told(trainer, len(lessons)))
        with _watched(console, trainer) as watch:
            figures = trainer.train(watch)
        for name, value in figures.items():
            console.print(f"{name.replace('_', ' ')} {value:.4f}")
        _write(trainer, wanted, world, console)


def lessons_of(folder: Path, wanted: Wanted, name: str, world: World, console: Console) -> Sequence[Lesson]:
    """The lessons of a folder.

    Runs become records in the folder of this name in that of the run, and records a store there, by one process and
    once: a run that goes on does so with those that it began with, whatever was recorded since.
    """
    home, store = wanted.out / name, None
    is_of_runs = holds_runs(folder)
    if is_of_runs or holds_records(folder):
        store = home / STORE
        if world.is_first:
            _keep_records(folder, home, store, resume=wanted.resume, console=console)
        world.wait()
    seen = open_processor(wanted.model, **wanted.pixels).resized
    pictures = home if is_of_runs else folder
    found = lessons_in(pictures, wanted.profile, seen=seen, failed=wanted.failed, store=store)
    if isinstance(found, Lessons):
        _tell_left_out(found, console)
    return found


def _keep_records(folder: Path, home: Path, store: Path, *, resume: bool, console: Console) -> None:
    """Those of a folder, or of its runs, as a store; those that are there are kept where the run goes on."""
    is_of_runs = holds_runs(folder)
    if resume and (store.is_dir() or (is_of_runs and holds_records(home))):
        console.print(f"the records are those that the run began with, in {home}")
    elif is_of_runs:
        export_records(folder, home, anew=True)
    if not (resume and store.is_dir()):
        write_store(RecordFolder(home if is_of_runs else folder), home=store)


def _tell_left_out(found: Lessons, console: Console) -> None:
    if found.failed_out:
        count = "1 trajectory" if found.failed_out == 1 else f"{found.failed_out:,} trajectories"
        console.print(f"left out: {count} that did not reach the goal; --failed learns from them too")
    for reason in found.left_out[:_REASONS]:
        console.print(f"left out: {reason}")
    if len(found.left_out) > _REASONS:
        console.print(f"left out: {len(found.left_out) - _REASONS:,} more")


def _tell_shared(lessons: Sequence[Lesson], held_out: Sequence[Lesson], console: Console) -> None:
    """How much of what is held out is learned all the same, where both are records."""
    if not (isinstance(lessons, Lessons) and isinstance(held_out, Lessons)):
        return
    learned = Removal(HeldOut.of(lessons.records))
    apart = sum(1 for _ in learned.of(held_out.records))
    if shared := len(learned.names):
        console.print(
            f"held out: {shared:,} of {shared + apart:,} records share a picture or a target with what is learned; "
            "python -m clickwright.training.data hold-out leaves such out of it"
        )


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
            if told.is_skipped or told.step % every == 0 or told.step in (1, told.steps):
                speed = told.tokens / told.seconds
                console.print(f"step {told.step}/{told.steps}  {_loss(told)}  {speed:,.0f} tokens/s")

        yield print_line
        return
    columns = BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}")
    with Progress(*columns, TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task("", total=trainer.steps, completed=trainer.step)

        def move_bar(told: Told) -> None:
            words = f"{_loss(told)}  {told.tokens / told.seconds:,.0f} tokens/s"
            bar.update(task, completed=told.step, description=words)

        yield move_bar


def _loss(told: Told) -> str:
    return "skipped: its loss or its gradients are no numbers" if told.is_skipped else f"loss {told.loss:.4f}"


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise UsageError(f"there is no folder {path}")
    return path
