"""What a result depends on, read off at the beginning of a run: versions, the commit, the checkpoint, the machine."""

import hashlib
import os
import platform
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import JsonValue

from .. import __version__
from ..environments import find_browser
from ..errors import ClickwrightError
from ..options.begun import Choices
from ..policies import ModelPolicy
from .models.remote import RemoteModel
from .players.player import ModelPlayer, Player
from .record import Chosen
from .record import Player as PlayerRecord
from .suite import Choice

LIBRARIES = (
    "torch",
    "transformers",
    "tokenizers",
    "playwright",
    "numpy",
    "opencv-python-headless",
    "pillow",
    "miniwob",
)
WHOLE_BYTES = 2_000_000_000
"""Weights up to this size are hashed whole; of larger ones each file's name, size, first and last megabyte."""
_PIECE = 1_000_000
_ROOT = Path(__file__).parents[1]


def player_record(player: Player) -> PlayerRecord:
    """The player as run.json keeps it. Loads a model, to know what it is."""
    if not isinstance(player, ModelPlayer):
        return PlayerRecord(name=player.name)
    chosen, policy = player.chosen, player.loaded
    name = chosen.planner or chosen.model
    return PlayerRecord(
        name=player.name,
        checkpoint=name,
        checkpoint_hash="" if chosen.base_url or isinstance(policy.model, RemoteModel) else _hash(name),
        profile=policy.profile.name,
        backend=policy.model.backend if isinstance(policy.model, RemoteModel) else type(policy.model).__name__,
        dtype=str(getattr(policy.model, "dtype", "")).removeprefix("torch."),
        device=str(getattr(policy.model, "device", "")),
        quantize=chosen.quantize or "",
        min_pixels=_budget(policy)[0],
        max_pixels=_budget(policy)[1],
        decoding=_decoding(policy),
        options=Choices(chosen=chosen).begun().model.model_dump(mode="json", exclude_defaults=True),
    )


def choice_record(choice: Choice, data_hash: str = "") -> Chosen:
    """The choice as run.json keeps it."""
    return Chosen(
        episodes=choice.episodes,
        seed=choice.seed,
        repeats=choice.repeats,
        tasks=choice.tasks,
        limit=choice.limit,
        data="" if choice.data is None else str(choice.data),
        data_hash=data_hash,
        settings=dict(choice.settings),
    )


def choice_of(chosen: Chosen) -> Choice:
    """The choice that was kept."""
    return Choice(
        episodes=chosen.episodes,
        seed=chosen.seed,
        repeats=chosen.repeats,
        tasks=chosen.tasks,
        limit=chosen.limit,
        data=Path(chosen.data) if chosen.data else None,
        settings=chosen.settings,
    )


def versions() -> Mapping[str, str]:
    """Of this package, of Python, of the libraries that a result depends on, and of the browser."""
    told = {"clickwright": __version__, "python": platform.python_version()}
    for name in LIBRARIES:
        try:
            told[name] = version(name)
        except PackageNotFoundError:
            continue
    with suppress(ClickwrightError):
        told["browser"] = _said(str(find_browser()), "--version")
    return told


def commit() -> tuple[str, bool | None]:
    """The commit that the package is run from, and whether files differ from it; nothing where there is none."""
    named = _said("git", "-C", str(_ROOT), "rev-parse", "HEAD")
    if not named or Path(_said("git", "-C", str(_ROOT), "rev-parse", "--show-toplevel")).resolve() != _ROOT.resolve():
        return "", None
    return named, bool(_said("git", "-C", str(_ROOT), "status", "--porcelain"))


def hardware() -> Mapping[str, str]:
    """The processor, its cores, the memory, and the GPU where torch sees one."""
    told = {"system": f"{platform.system()} {platform.machine()}", "cores": str(os.cpu_count() or 0)}
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        told["processor"] = next((line.partition(":")[2].strip() for line in lines if "model name" in line), "")
        kilobytes = Path("/proc/meminfo").read_text("utf-8").split()[1]
        told["memory"] = f"{int(kilobytes) / 1e6:.0f} GB"
    except OSError:
        told["processor"] = platform.processor()
    if gpu := _said("nvidia-smi", "--query-gpu=name", "--format=csv,noheader"):
        told["gpu"] = gpu
    return {name: value for name, value in told.items() if value}


def _decoding(policy: ModelPolicy) -> dict[str, JsonValue]:
    """What is not nothing, without the grammar, which the profile names."""
    told = asdict(replace(policy.decoding, grammar=None))
    return {name: list(policy.decoding.stop) if name == "stop" else value for name, value in told.items() if value}


def _budget(policy: ModelPolicy) -> tuple[int | None, int | None]:
    if isinstance(policy.model, RemoteModel):
        return policy.model.budget
    look = getattr(getattr(policy.model, "processor", None), "look", None)
    budget = getattr(look, "budget", None)
    least, most = getattr(budget, "min_pixels", None), getattr(budget, "max_pixels", None)
    return least or policy.profile.min_pixels, most or policy.profile.max_pixels


def _hash(name: str) -> str:
    """sha256 over the weights of a checkpoint that is loaded on this machine."""
    from ..model.checkpoint.weights import checkpoint_folder

    files = sorted(checkpoint_folder(name).glob("*.safetensors"))
    whole = sum(file.stat().st_size for file in files) <= WHOLE_BYTES
    digest = hashlib.sha256()
    for file in files:
        size = file.stat().st_size
        digest.update(f"{file.name} {size}\n".encode())
        with file.open("rb") as opened:
            if whole:
                while piece := opened.read(_PIECE):
                    digest.update(piece)
            else:
                digest.update(opened.read(_PIECE))
                opened.seek(max(0, size - _PIECE))
                digest.update(opened.read(_PIECE))
    return digest.hexdigest() if files else ""


def _said(program: str, *arguments: str) -> str:
    """What a program prints; empty where there is none, or it fails."""
    found = shutil.which(program)
    if found is None:
        return ""
    try:
        done = subprocess.run([found, *arguments], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
