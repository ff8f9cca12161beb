"""What the command is given, and what a run that goes on was begun with."""

import argparse
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from ..packs import COPIES
from .batches import EPISODES, PAGES, TIERS
from .recipe import RECIPES, Phase
from .run import Begun, begun_with
from .sizes import SIZES, USUAL, size_in


def begun_of(given: argparse.Namespace) -> Begun:
    """What the run is begun with, or was. Raises ValueError, in one sentence, where another thing is asked for."""
    _require_begun(given)
    known = begun_with(given.out)
    for name in ("recipe", "seed", "vary"):
        asked, was = getattr(given, name), known.get(name)
        if asked is not None and was is not None and asked != was:
            more = f"leave out --{name} {asked}, or give another --out"
            raise ValueError(f"the run in {given.out} was begun with --{name} {was}: {more}")
    usual = "further" if given.begin or given.resume else "whole"
    return Begun(
        size=_size(given, known),
        recipe=known.get("recipe") or given.recipe or usual,
        seed=known.get("seed", given.seed or 0),
        vary=known.get("vary", given.vary or 0.0),
        data=known.get("data", ""),
    )


def _require_begun(given: argparse.Namespace) -> None:
    """Raises ValueError, in one sentence, where there is nothing that could be gone on with."""
    if given.begin and given.resume:
        raise ValueError("give --begin with a checkpoint or --resume with a run, not both")
    if given.begin and not (given.begin / "config.json").exists():
        raise ValueError(f"there is no checkpoint in {given.begin}: --begin wants its folder, such as model/mini")
    if given.resume and not begun_with(given.resume):
        raise ValueError(f"there is no run in {given.resume}: --resume wants the --out of one")


def device_of(given: argparse.Namespace) -> torch.device:
    """Where it learns. Raises ValueError, in one sentence, for what is not there."""
    try:
        device = torch.device(given.device)
    except RuntimeError:
        raise ValueError(f"--device is cpu or cuda, not {given.device}") from None
    if device.type == "cuda" and not torch.cuda.is_available():
        raise ValueError("torch finds no GPU here: leave out --device")
    return device


def _size(given: argparse.Namespace, known: Mapping[str, str]) -> str:
    """That of what is gone on with, else what was asked for. Raises ValueError where they differ."""
    size = known.get("size") or (begun_with(given.resume).get("size") if given.resume else None)
    size = size or (size_in(given.begin) if given.begin else None)
    if size and given.size and size != given.size:
        raise ValueError(f"what it goes on with is {size}: leave out --size {given.size}")
    return size or given.size or USUAL


def require_pace(pace: Sequence[float] | None, phases: tuple[Phase, ...]) -> None:
    """Raises ValueError, in one sentence, where not every phase has one."""
    if pace and len(pace) != len(phases):
        raise ValueError(f"--pace has the seconds of a step for each of {len(phases)} phases, not for {len(pace)}")


def require_data(folder: Path, phases: tuple[Phase, ...]) -> None:
    """Raises ValueError, in one sentence, where something is missing that a phase draws on."""
    if not any((folder / PAGES).glob("*.safetensors")):
        raise ValueError(f"there are no pages in {folder}: clickwright.training.prepare writes them")
    if any(TIERS[name].made_up for phase in phases for name in phase.mix) and not (folder / COPIES).exists():
        raise ValueError(f"there is no {COPIES} in {folder}: clickwright.training.prepare writes it last, run it again")


def with_data(begun: Begun, folder: Path) -> tuple[Begun, str]:
    """The same with this data; and a sentence where that is other data than before, else nothing."""
    packs = sorted((*folder.glob(f"{PAGES}/*"), *folder.glob(f"{EPISODES}/*"), *folder.glob(COPIES)))
    names = (f"{path.relative_to(folder)} {path.stat().st_size}" for path in packs)
    data = hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]
    told = f"the data in {folder} is not what the run was begun with: it goes on, but not to the last bit"
    return replace(begun, data=data), told if begun.data not in ("", data) else ""


def _above_zero(kind: Callable[[str], float]) -> Callable[[str], float]:
    """For argparse: a number that is more than nothing."""

    def number(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = 0
        if not value > 0:
            raise argparse.ArgumentTypeError(f"a number above 0, not {text}")
        return value

    return number


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Train clickwright/mini.")
    parser.add_argument("--data", type=Path, required=True, help="a folder that training.prepare wrote")
    parser.add_argument("--out", type=Path, required=True, help="the run, and its checkpoint at the end")
    parser.add_argument("--begin", type=Path, help="an exported checkpoint to go on from, such as model/mini")
    parser.add_argument("--resume", type=Path, help="the folder of an earlier run to go on from, with its memory")
    parser.add_argument("--size", choices=SIZES, help=f"from nothing: of the model; {USUAL} unless told otherwise")
    parser.add_argument("--recipe", choices=RECIPES, help="unless told, the whole one, or the further one where begun")
    parser.add_argument("--minutes", type=_above_zero(float), default=60)
    parser.add_argument("--steps", type=_above_zero(int), help="in the place of minutes; repeatable on a CPU")
    parser.add_argument(
        "--pace",
        type=_above_zero(float),
        nargs="+",
        help="so many seconds count for a step of each phase, in the place of the clock: the same on a busy machine",
    )
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1, help="processes that make batches; 0 for none")
    parser.add_argument("--larger", type=int, default=1, help="so many times the windows in each batch, for a GPU")
    parser.add_argument("--report", type=float, default=180, help="seconds between evaluations")
    parser.add_argument(
        "--held", type=int, default=40, help="held-out windows of each size in an evaluation; 0 for none"
    )
    parser.add_argument(
        "--past-gates",
        action="store_true",
        help="go on to larger pictures even where words in small windows are not read and found yet",
    )
    parser.add_argument(
        "--most-mb",
        type=int,
        default=6000,
        help="of decoded pictures that are kept in memory, by all processes together: each worker has its part",
    )
    parser.add_argument(
        "--vary", type=float, help="by how much brightness, contrast and grain vary: 1 as screens do, 0 unless told"
    )
    parser.add_argument("--seed", type=int, help="0 unless told, or that of the run that goes on")
    return parser.parse_args()
