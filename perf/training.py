"""A step of training beside transformers': the same network, lessons and optimiser, by turns in one run.

    python -m clickwright.perf.training [--device cuda] [--pictures N] [--questions N] [--layers N] [--runs N]

Several questions are asked about each picture. transformers reads each question with its picture, padded to one
batch, as its own trainers do, from pixels that were prepared before the clock ran; here a picture is read once for all
its questions, and is prepared within the step. Both losses must agree before anything is timed. A second line has one
question for each picture, where nothing is shared. Needs torch, transformers, numpy, pillow, safetensors, tokenizers,
huggingface_hub and rich.
"""

import argparse
import statistics
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from transformers import Qwen2VLForConditionalGeneration

from ..model import Message, Picture
from ..model.checkpoint.weights import MINI, checkpoint_folder
from ..model.config import QWEN2_VL_2B, ModelConfig
from ..model.pixels import normalised
from ..model.tokenizer import read_tokenizer
from ..training.lesson import Lesson
from ..training.tuning.examples import Turn, example_of
from ..training.tuning.learner import mean_loss
from ..training.tuning.packing import Batch
from ..training.tuning.settings import Settings
from ..training.tuning.stages import Stage
from ..training.tuning.trainer import Trainer, optimiser
from ..training.tuning.tunable import Tunable
from .engine import cut, random_pair
from .floors import timed
from .oracle import machine

SIZES = {"cuda": (1288, 728), "cpu": (280, 196)}
BARS = {"cuda": 3.0, "cpu": 1.5}
SETTINGS = Settings(stage=Stage.ALL, batch_tokens=1_000_000, steps=1_000_000, rate=1e-6, warmup=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Medians of one kind of batch, in seconds a step."""

    what: str
    ours: list[float]
    theirs: list[float]
    read: int
    padded: int

    @property
    def ratio(self) -> float:
        return statistics.median(self.theirs) / statistics.median(self.ours)

    def told(self) -> str:
        each = "  ".join(
            f"{name} {statistics.median(seconds):.3f} s ({min(seconds):.3f} to {max(seconds):.3f})"
            for name, seconds in (("ours", self.ours), ("transformers", self.theirs))
        )
        return f"{self.what}: {each}  ratio {self.ratio:.2f}; {self.read:,} tokens read here, {self.padded:,} there"


def lessons(pictures: int, questions: int, size: tuple[int, int]) -> list[Lesson]:
    """Questions about noise, with answers of the length of a click."""
    found: list[Lesson] = []
    for number in range(pictures):
        pixels = np.random.default_rng(number).integers(0, 256, (size[1], size[0], 3), np.uint8)
        for n in range(questions):
            asked = Message("user", (Picture(pixels), f"Click the {('red', 'blue', 'green')[n % 3]} button {n}."))
            box = f"<|box_start|>({100 + n},{200 + number}),({300 + n},400)<|box_end|>"
            answer = Message("assistant", (f"<|object_ref_start|>button {n}<|object_ref_end|>{box}",))
            found.append(Lesson(name=f"{number} {n}", messages=(asked, answer)))
    return found


def shapes(device: torch.device, layers: int) -> ModelConfig:
    """2B's widths in fewer layers; on a CPU with the few words of the mini, or its optimiser would move only those."""
    config = cut(QWEN2_VL_2B, layers)
    words = len(read_tokenizer(checkpoint_folder(MINI)))
    return config if device.type == "cuda" else replace(config, text=replace(config.text, vocab_size=words))


def their_batch(checkpoint: Tunable, turns: list[Turn], device: torch.device) -> dict[str, torch.Tensor]:
    """The same lessons as transformers' trainers read them: one row each, padded on the right."""
    length = max(len(turn.ids) for turn in turns)
    pad = checkpoint.tokenizer.id("<|endoftext|>")
    ids = torch.tensor([turn.ids + [pad] * (length - len(turn.ids)) for turn in turns])
    labels, mask = torch.full_like(ids, -100), torch.zeros_like(ids)
    values: list[torch.Tensor] = []
    grids: list[tuple[int, int, int]] = []
    for row, turn in enumerate(turns):
        labels[row, turn.given : len(turn.ids)] = ids[row, turn.given : len(turn.ids)]
        mask[row, : len(turn.ids)] = 1
        for shown in turn.pictures.values():
            look = checkpoint.processor.look
            patches = checkpoint.processor.patches(shown.seen).values
            numbers = normalised(patches, look, device=torch.device("cpu"), dtype=torch.float32)
            values.append(numbers.view(-1, 3, 1, 196).repeat(1, 1, 2, 1).flatten(1))
            grids.append(shown.grid)
    made = {
        "input_ids": ids,
        "labels": labels,
        "attention_mask": mask,
        "mm_token_type_ids": (ids == checkpoint.network.config.image_token_id).int(),
        "pixel_values": torch.cat(values),
        "image_grid_thw": torch.tensor(grids),
    }
    return {name: value.to(device) for name, value in made.items()}


class Theirs:
    """A step of transformers' network: forward, backward, clipping, AdamW."""

    def __init__(self, oracle: Qwen2VLForConditionalGeneration, batch: dict[str, torch.Tensor]) -> None:
        self.oracle, self.batch = oracle.requires_grad_(True).train(), batch
        self.device = batch["input_ids"].device
        self.optimiser = optimiser(dict(oracle.named_parameters()), SETTINGS)

    @torch.no_grad()
    def loss(self) -> float:
        return float(self._forward())

    def step(self) -> None:
        torch.autograd.backward(self._forward())
        torch.nn.utils.clip_grad_norm_(self.oracle.parameters(), SETTINGS.clip)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)

    def _forward(self) -> torch.Tensor:
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            return self.oracle(**self.batch).loss


@torch.no_grad()
def our_loss(trainer: Trainer, row: Batch) -> float:
    device = trainer.learner.device
    with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
        return float(mean_loss(trainer.learner(row), row, row.total))


def compare(what: str, given: argparse.Namespace, pictures: int, questions: int) -> Row:
    """Ends the run where the two losses are not those of one network."""
    device = torch.device(given.device)
    pair = random_pair(shapes(device, given.layers), device, torch.float32, fused=False)
    engine = pair.engine
    checkpoint = Tunable(
        name="random",
        folder=Path(),
        network=engine.network,
        tokenizer=engine.tokenizer,
        processor=engine.processor,
        default_system=None,
    )
    learned = lessons(pictures, questions, SIZES[device.type])
    turns = [example_of(lesson, checkpoint).turns[0] for lesson in learned]
    with TemporaryDirectory() as out:
        ours = Trainer(checkpoint, learned, SETTINGS, Path(out))
        rows = ours.rows(0)
        theirs = Theirs(pair.oracle, their_batch(checkpoint, turns, device))
        losses = our_loss(ours, rows[0]), theirs.loss()
        if abs(losses[0] - losses[1]) > (1e-3 if device.type == "cpu" else 0.02):
            raise SystemExit(f"the losses differ: {losses[0]:.5f} here and {losses[1]:.5f} of transformers")
        seconds: tuple[list[float], list[float]] = ([], [])
        for _ in range(given.runs):
            seconds[0].append(timed(lambda: ours.learn(rows), device))
            seconds[1].append(timed(theirs.step, device))
    padded = theirs.batch["input_ids"].numel()
    return Row(what=what, ours=seconds[0], theirs=seconds[1], read=sum(row.tokens for row in rows), padded=padded)


def main() -> None:
    """Print both lines, and end with an error where the first is below the bar."""
    parser = argparse.ArgumentParser(description="Time a step of training beside transformers.")
    parser.add_argument("--device", choices=sorted(SIZES), default="cpu")
    parser.add_argument("--pictures", type=int, default=3)
    parser.add_argument("--questions", type=int, default=4, help="about each picture")
    parser.add_argument("--layers", type=int, default=2, help="of the tower and of the decoder")
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    print(machine(given.device, "float32" if given.device == "cpu" else "bfloat16 autocast"), flush=True)
    what = f"{given.pictures} pictures of {SIZES[given.device]} px, {given.questions} questions each"
    shared = compare(what, given, given.pictures, given.questions)
    print(shared.told(), flush=True)
    alone = given.pictures * 2
    print(compare(f"{alone} pictures, one question each", given, alone, 1).told())
    if shared.ratio < BARS[given.device]:
        raise SystemExit(f"the ratio is below {BARS[given.device]}")


if __name__ == "__main__":
    main()
