"""Trains clickwright/mini on rendered pages, small pictures first.

    python -m clickwright.training.train --pages DIR --held DIR --out DIR --minutes 30 --mix small=1 [--resume]

Small pictures teach what things look like, larger ones where they are: raise the mix once the one before is read.
Glances teach the tower alone, around icons and words; copies teach the decoder what to type, about things made up.
Every two minutes it prints what held-out pages say, and keeps its state, so that it can be stopped and resumed.
"""

import argparse
import json
import time
from dataclasses import dataclass, fields
from pathlib import Path
from random import Random

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from ..model.rotary import Grid
from .crops import Cells, Crop, Pages, cells_of, to_patches
from .episodes.lessons import COLUMNS, ROWS, WHOLE, Episodes
from .evaluate import Asked, held_out, pointing
from .export import begin
from .learner import Learner, Losses, mini_config
from .optimiser import optimisers
from .packing import Pack, Vocabulary, pack
from .questions import Question, key_question, made_up_question, phrases, question
from .vocabulary import build_tokenizer


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """Pictures of one size. Usual cells, the range of other sizes, pictures a batch, questions a picture."""

    usual: tuple[int, int]
    columns: tuple[int, int]
    rows: tuple[int, int]
    batch: int
    questions: int
    made_up: bool = False
    episodes: bool = False


TIERS = {
    "glance": Tier(usual=(6, 3), columns=(5, 8), rows=(2, 4), batch=64, questions=0),
    "copy": Tier(usual=(11, 6), columns=(8, 14), rows=(5, 9), batch=2, questions=36, made_up=True),
    "word": Tier(usual=(6, 3), columns=(5, 8), rows=(2, 4), batch=64, questions=0, episodes=True),
    "episode": Tier(usual=(COLUMNS, ROWS), columns=(12, 24), rows=(15, 16), batch=12, questions=8, episodes=True),
    "tiny": Tier(usual=(6, 3), columns=(4, 8), rows=(2, 4), batch=64, questions=2),
    "small": Tier(usual=(11, 6), columns=(8, 14), rows=(5, 9), batch=14, questions=4),
    "medium": Tier(usual=(23, 13), columns=(18, 30), rows=(10, 18), batch=5, questions=10),
    "large": Tier(usual=(46, 26), columns=(36, 46), rows=(22, 26), batch=1, questions=32),
}


FIELDS = ("check box", "radio button", "text box", "drop-down list")
SHOWN = tuple(field.name for field in fields(Losses))


Batch = tuple[Tensor, Grid, Pack | None, Cells]


def episode_batch(rng: Random, episodes: Episodes, vocabulary: Vocabulary, tier: Tier, odd: float = 0.15) -> Batch:
    """The same of episodes: their pictures, or glances at the words in them."""
    columns, rows = tier.usual
    if rng.random() < (odd if tier.questions else 0.5):
        columns, rows = rng.choice(tier.columns), rng.choice(tier.rows)
    if not tier.questions:
        seen = [episodes.glance(rng, columns, rows) for _ in range(tier.batch)]
        return to_patches(seen), (1, rows * 2, columns * 2), None, cells_of(seen)
    steps = [episodes.step(rng, columns, rows, tier.questions) for _ in range(tier.batch)]
    crops = [crop for crop, _ in steps]
    asked = [questions for _, questions in steps]
    packed = pack(vocabulary, (rows, columns), asked, [crop.offset for crop in crops], extent=WHOLE[0])
    return to_patches(crops), (1, rows * 2, columns * 2), packed, cells_of(crops)


def batch(rng: Random, pages: Pages, vocabulary: Vocabulary, tier: Tier, words: float, odd: float = 0.5) -> Batch:
    """Patches, grid, pack and cells of one step. There is no pack where nothing is asked."""
    columns, rows = tier.usual
    if rng.random() < odd:
        columns, rows = rng.randint(*tier.columns), rng.randint(*tier.rows)
    if not tier.questions:
        seen = [pages.random_glance(rng, columns, rows) for _ in range(tier.batch)]
        return to_patches(seen), (1, rows * 2, columns * 2), None, cells_of(seen)
    crops, asked = [], []
    while len(crops) < tier.batch:
        crop = pages.random_crop(rng, columns, rows)
        if tier.made_up:
            questions = [made_up_question(rng) for _ in range(tier.questions)]
        else:
            questions = ask(rng, crop, tier.questions, words)
        if questions:
            crops.append(crop)
            asked.append(questions)
    packed = pack(vocabulary, (rows, columns), asked, [crop.offset for crop in crops])
    return to_patches(crops), (1, rows * 2, columns * 2), packed, cells_of(crops)


def ask(rng: Random, crop: Crop, count: int, words: float) -> list[Question]:
    """Questions about a picture; those that need reading are kept with the probability `words`."""
    named = [phrase for phrase in phrases(crop.elements) if phrase.rung == "a" or rng.random() < words]
    if not named:
        return []
    # Each thing once before any thing twice, and the fields first then: a page has few of them.
    rng.shuffle(named)
    once = {phrase.element: phrase for phrase in named}
    again = [phrase for phrase in named if once[phrase.element] is not phrase or phrase.element.kind in FIELDS]
    again.sort(key=lambda phrase: phrase.element.kind not in FIELDS)
    chosen = [*once.values(), *again][:count]
    questions = [question(rng, phrase, crop.view) for phrase in chosen]
    if rng.random() < 0.2:
        questions.append(key_question(rng))
    return questions


class Run:
    """The state of a training run and its folder."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.given = given
        self.out: Path = given.out
        self.out.mkdir(parents=True, exist_ok=True)
        self.vocabulary = Vocabulary(build_tokenizer())
        torch.manual_seed(given.seed)
        self.learner = Learner(self.vocabulary, mini_config(self.vocabulary), spread=given.spread)
        self.learner.frozen_tower = given.frozen
        self.optimisers = optimisers(self.learner, given.lr)
        self.steps, self.seconds, self.questions = 0, 0.0, 0
        if given.begin:
            begin(self.learner.net, given.begin)
        if given.resume:
            self.load(given.resume)
        self.average = {name: value.detach().clone() for name, value in self.learner.state_dict().items()}

    def load(self, folder: Path) -> None:
        self.learner.load_state_dict(load_file(folder / "learner.safetensors"))
        state = json.loads((folder / "state.json").read_text())
        self.steps, self.seconds, self.questions = state["steps"], state["seconds"], state["questions"]
        kept = folder / "muon.safetensors"
        if kept.exists():
            momenta = load_file(kept)
            for n, parameter in enumerate(self.optimisers[0].param_groups[0]["params"]):
                if str(n) in momenta:  # what stood still in that run has none
                    self.optimisers[0].state[parameter]["momentum"] = momenta[str(n)]

    def save(self) -> None:
        save_file({k: v.contiguous() for k, v in self.learner.state_dict().items()}, self.out / "learner.safetensors")
        save_file({k: v.contiguous() for k, v in self.average.items()}, self.out / "average.safetensors")
        momenta = {
            str(n): self.optimisers[0].state[parameter]["momentum"]
            for n, parameter in enumerate(self.optimisers[0].param_groups[0]["params"])
            if "momentum" in self.optimisers[0].state[parameter]
        }
        save_file(momenta, self.out / "muon.safetensors")
        state = {"steps": self.steps, "seconds": self.seconds, "questions": self.questions}
        (self.out / "state.json").write_text(json.dumps(state))

    def step(self, patches: Tensor, grid: Grid, packed: Pack | None, cells: Cells, rate: float) -> Losses:
        """One step of the optimisers and of the average of the weights. Without a pack the tower learns alone."""
        with torch.autocast("cpu", torch.bfloat16, enabled=not self.given.float32):
            losses = self.learner.losses(patches, grid, packed, cells)
        losses.total.backward()
        torch.nn.utils.clip_grad_norm_(self.learner.parameters(), 1.0)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = self.given.lr * rate
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        with torch.no_grad():
            decay = min(0.995, 1 - 1 / (self.steps + 2))
            for name, value in self.learner.state_dict().items():
                self.average[name].lerp_(value, 1 - decay) if value.is_floating_point() else None
        self.steps += 1
        return losses


def train(given: argparse.Namespace) -> None:
    """Train for so many minutes, with an evaluation and a saved state every `report` seconds and at the end."""
    torch.set_num_threads(given.threads)
    run = Run(given)
    mix = {name: float(share) for name, share in (part.split("=") for part in given.mix.split(","))}
    pages, held = Pages(given.pages), Pages(given.held)
    episodes = Episodes(given.episodes) if given.episodes else None
    rng = Random(f"{given.seed}:{run.steps}")
    sets = (
        {}
        if given.tower
        else {
            name: held_out(held, 24 if name != "large" else 10, *TIERS[name].usual)
            for name in mix
            if TIERS[name].questions and not TIERS[name].made_up and not TIERS[name].episodes
        }
    )
    said = sum(parameter.numel() for parameter in run.learner.net.parameters())
    print(f"{said:,} parameters, {len(pages)} pages", flush=True)
    start = shown = time.monotonic()
    recent: list[list[float]] = []
    while (spent := time.monotonic() - start) < given.minutes * 60:
        tier = rng.choices(list(mix), list(mix.values()))[0]
        rate = min(1.0, (run.steps + 1) / 100)
        if given.decay:
            rate *= max(0.02, 1 - spent / (given.minutes * 60))
        before = time.monotonic()
        if TIERS[tier].episodes and episodes is not None:
            patches, grid, packed, cells = episode_batch(rng, episodes, run.vocabulary, TIERS[tier])
        else:
            patches, grid, packed, cells = batch(rng, pages, run.vocabulary, TIERS[tier], given.words)
        packed = None if given.tower else packed
        losses = run.step(patches, grid, packed, cells, rate)
        run.questions += sum(len(ends) for ends in packed.ends) if packed else 0
        run.seconds += time.monotonic() - before
        recent.append([float(getattr(losses, name).detach()) for name in SHOWN])
        if time.monotonic() - shown > given.report:
            shown = time.monotonic()
            _report(run, recent, sets)
            recent = []
            run.save()
            if episodes is not None:
                episodes.refresh()
    _report(run, recent, sets)
    run.save()


def _report(run: Run, recent: list[list[float]], sets: dict[str, list[Asked]]) -> None:
    means = torch.tensor(recent).nanmean(0).tolist() if recent else []
    row = {"s": round(run.seconds), "step": run.steps, "questions": run.questions}
    row |= dict(zip(SHOWN, (round(mean, 3) for mean in means), strict=False))
    kept = {name: value.clone() for name, value in run.learner.state_dict().items()}
    run.learner.load_state_dict(run.average)
    run.learner.eval()
    for name, asked in sets.items():
        own = pointing(run.learner, asked)
        row[name] = {rung: round(value, 3) for rung, value in own.items()}
    run.learner.train()
    run.learner.load_state_dict(kept)
    print(json.dumps(row), flush=True)
    with (run.out / "log.jsonl").open("a") as log:
        log.write(json.dumps(row) + "\n")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Train clickwright/mini.")
    parser.add_argument("--pages", type=Path, required=True, help="a folder that render.py wrote")
    parser.add_argument("--held", type=Path, required=True, help="another one, of other seeds")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--resume", type=Path, help="a folder that an earlier run wrote")
    parser.add_argument("--begin", type=Path, help="an exported checkpoint to begin with")
    parser.add_argument("--episodes", type=Path, help="a folder that episodes.play wrote")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--mix", default="small=1", help=f"{', '.join(TIERS)} with their shares: small=.5,medium=.5")
    parser.add_argument("--lr", type=float, default=3e-3)
    parser.add_argument("--decay", action="store_true", help="let the rate fall to nothing over this run")
    parser.add_argument("--tower", action="store_true", help="the vision tower alone: what covers each cell")
    parser.add_argument("--spread", type=float, default=4, help="thousandths around a coordinate that count as right")
    parser.add_argument("--words", type=float, default=0.3, help="share kept of the questions that need reading")
    parser.add_argument("--frozen", action="store_true", help="leave the vision tower as it is")
    parser.add_argument("--float32", action="store_true", help="no bfloat16 in the forward pass")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--report", type=float, default=120, help="seconds between evaluations")
    parser.add_argument("--seed", type=int, default=0)
    train(parser.parse_args())


if __name__ == "__main__":
    main()
