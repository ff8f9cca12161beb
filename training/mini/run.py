"""The state of a training run: its weights, their average, the optimisers' memory, and the folder that keeps them."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ...errors import UsageError
from ..tensors import read_tensors, write_tensors
from .batches import Batch
from .learner import Learner, Losses
from .optimiser import optimisers
from .packing import Vocabulary
from .sizes import USUAL, mini_config
from .vocabulary import build_tokenizer
from .windows import to_patches

WARM_UP = 100
"""Steps until the rate is reached, after a beginning without any memory."""
_HELD = ("learner", "average", "memory")


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What a run is begun with, and keeps; `data` tells packs apart."""

    size: str = USUAL
    recipe: str = "whole"
    seed: int = 0
    vary: float = 0.0
    data: str = ""


def begun_with(folder: Path) -> dict[str, Any]:
    """What is known of how the run was begun that a folder holds, by the names of `Begun`; empty where it holds none.

    Older runs wrote less down.
    """
    state = folder / "state.json"
    if not state.exists():
        return {}
    held = {"size": USUAL} | json.loads(state.read_text("utf-8"))
    return {field.name: held[field.name] for field in fields(Begun) if field.name in held}


class Run:
    """Goes on where its folder ends: weights, average, memories and counts are exactly those after the last `save`."""

    def __init__(self, out: Path, *, device: torch.device, begun: Begun | None = None) -> None:
        self.out, self.device, self.begun = out, device, begun or Begun()
        out.mkdir(parents=True, exist_ok=True)
        self.vocabulary = Vocabulary(build_tokenizer())
        torch.manual_seed(self.begun.seed)  # pyright: ignore[reportUnknownMemberType]
        self.learner = Learner(self.vocabulary, mini_config(self.vocabulary, self.begun.size)).to(device)
        self.optimisers = optimisers(self.learner, 1e-3)
        self.steps, self.since_begun, self.seconds, self.questions, self.phase = 0, 0, 0.0, 0, 0
        self._kept_at = -1
        self.average_anew()

    @property
    def is_begun(self) -> bool:
        """Whether the folder holds a state."""
        return (self.out / "state.json").exists()

    def average_anew(self) -> None:
        """Let the average begin with the weights as they are: those were just read."""
        self.average = {name: value.detach().clone() for name, value in self.learner.state_dict().items()}

    def load(self, folder: Path) -> None:
        """Go on from what `save` wrote, here or in another folder."""
        state = json.loads((folder / "state.json").read_text("utf-8"))
        held = {name: read_tensors(folder / f"{name}-{state['steps']}.safetensors") for name in _HELD}
        self.learner.load_state_dict(held["learner"])
        self.average = {name: value.to(self.device) for name, value in held["average"].items()}
        self.steps, self.since_begun, self.phase = state["steps"], state["since_begun"], state["phase"]
        self.seconds, self.questions = state["seconds"], state["questions"]
        self._remember(held["memory"])
        if folder == self.out:
            self._kept_at = self.steps

    def save(self) -> None:
        """Write everything beside what was there, then say which counts: a kill loses no more than what came since."""
        if self._kept_at != self.steps:  # else the files that count would be written over
            for name, tensors in zip(_HELD, (self.learner.state_dict(), self.average, self._memory()), strict=True):
                write_tensors(tensors, self._file(name, self.steps))
        counts = {"steps": self.steps, "since_begun": self.since_begun, "phase": self.phase}
        state = asdict(self.begun) | counts | {"seconds": self.seconds, "questions": self.questions}
        begun = self.out / "state.part"
        begun.write_text(json.dumps(state), "utf-8")
        begun.replace(self.out / "state.json")
        self._kept_at = self.steps
        kept = {self._file(name, self.steps) for name in _HELD}
        for path in self.out.glob("*-*.safetensors"):
            if path not in kept and path.stem.rpartition("-")[0] in _HELD:
                path.unlink()

    def step(self, batch: Batch, *, rate: float) -> Losses:
        """One step of the optimisers and of the average of the weights.

        Raises UsageError, before any weight moves, where the gradients are no numbers.
        """
        on_device = batch.to(self.device)
        with torch.autocast(self.device.type, torch.bfloat16):
            losses = self.learner.losses(to_patches(on_device.pixels), batch.grid, on_device.pack, on_device.cells)
        torch.autograd.backward(losses.total)
        norm = torch.nn.utils.clip_grad_norm_(self.learner.parameters(), 1.0)
        if not bool(norm.isfinite()):
            raise UsageError(f"the gradients of step {self.steps + 1} are no numbers: the state before it is kept")
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate * min(1.0, (self.since_begun + 1) / WARM_UP)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        self._follow(min(0.995, 1 - 1 / (self.since_begun + 2)))
        self.steps, self.since_begun = self.steps + 1, self.since_begun + 1
        self.questions += batch.questions
        return losses

    @torch.no_grad()
    def _follow(self, decay: float) -> None:
        """Move the average towards the weights."""
        for name, value in self.learner.state_dict().items():
            if value.is_floating_point():
                self.average[name].lerp_(value, 1 - decay)

    def averaged(self) -> dict[str, Tensor]:
        """Put the average in the place of the weights; what was there is for `restore`."""
        kept = {name: value.clone() for name, value in self.learner.state_dict().items()}
        self.learner.load_state_dict(self.average)
        self.learner.eval()
        return kept

    def restore(self, kept: dict[str, Tensor]) -> None:
        self.learner.load_state_dict(kept)
        self.learner.train()

    def _file(self, name: str, steps: int) -> Path:
        return self.out / f"{name}-{steps}.safetensors"

    def _memory(self) -> dict[str, Tensor]:
        """What the optimisers remember, by the names of the parameters."""
        return {
            f"{name}|{key}": torch.as_tensor(value)
            for name, parameter in self.learner.named_parameters()
            for optimiser in self.optimisers
            for key, value in optimiser.state.get(parameter, {}).items()
        }

    def _remember(self, memory: dict[str, Tensor]) -> None:
        parameters = dict(self.learner.named_parameters())
        for label, value in memory.items():
            name, _, key = label.rpartition("|")
            parameter = parameters[name]
            for optimiser in self.optimisers:
                if any(parameter is one for group in optimiser.param_groups for one in group["params"]):
                    optimiser.state[parameter][key] = value if key == "step" else value.to(self.device)
