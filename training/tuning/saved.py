"""The state of a run on disk: safetensors and JSON in a folder that is there as a whole or not at all."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from safetensors import SafetensorError
from torch import Tensor

from ...errors import UsageError
from ..tensors import read_tensors, write_tensors

STATES = "states"
_PART = ".part"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a run goes on from: tensors by group and name, and whatever JSON holds."""

    step: int
    told: Mapping[str, Any]
    tensors: Mapping[str, Mapping[str, Tensor]]


def write_state(out: Path, state: State) -> Path:
    """Writes a state beside the last one, which is removed when this one is safe on the disk. Raises UsageError."""
    folder = out / STATES / f"{state.step:08d}"
    if folder.is_dir():  # a step has but one state
        return folder
    part = folder.with_name(folder.name + _PART)
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        for group, tensors in state.tensors.items():
            write_tensors(tensors, part / f"{group}.safetensors")
        groups = sorted(state.tensors)
        (part / "state.json").write_text(json.dumps({"step": state.step, "groups": groups, **state.told}) + "\n")
        for path in (*part.iterdir(), part):
            _to_disk(path)
        part.rename(folder)
        _to_disk(folder.parent)
    except (OSError, SafetensorError) as error:
        raise UsageError(f"the state of the run cannot be written to {part}: {error}") from None
    for other in _states(out)[:-1]:
        shutil.rmtree(other, ignore_errors=True)
    return folder


def has_state(out: Path) -> bool:
    """Whether a run has left a state that one can go on from."""
    return bool(_states(out))


def last_state(out: Path) -> State | None:
    """The last state that was written as a whole, None where there is none. Raises UsageError for a broken one."""
    folders = _states(out)
    if not folders:
        return None
    folder = folders[-1]
    try:
        told = cast(dict[str, Any], json.loads((folder / "state.json").read_text("utf-8")))
        tensors = {group: read_tensors(folder / f"{group}.safetensors") for group in told["groups"]}
        return State(step=int(told["step"]), told=told, tensors=tensors)
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise UsageError(f"the state in {folder} cannot be read: {error}") from None


def _states(out: Path) -> list[Path]:
    return sorted(path for path in (out / STATES).glob("[0-9]*") if path.name.isdigit())


def _to_disk(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
