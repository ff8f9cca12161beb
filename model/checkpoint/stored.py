"""The tensors in the files of a checkpoint, under the names that the network has for them, read one at a time."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self, cast

from safetensors import SafetensorError, safe_open
from torch import Tensor

from ...errors import ModelUnavailable

INDEX, SINGLE = "model.safetensors.index.json", "model.safetensors"
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt")


class Stored:
    """A checkpoint's tensors. Nothing but their names and shapes is read before they are asked for.

    One file or several with an index, tensor names of any version. Used as a context: the files close with it.
    Raises ModelUnavailable with one sentence for a file that is missing, broken, or only there as a pickle.
    """

    def __init__(self, folder: Path) -> None:
        self._open = ExitStack()
        self._homes: dict[str, tuple[Any, Path, str]] = {}
        try:
            for file in weight_files(folder):
                self._add(file)
        except ModelUnavailable:
            self._open.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def __iter__(self) -> Iterator[str]:
        return iter(self._homes)

    def __contains__(self, name: str) -> bool:
        return name in self._homes

    def home(self, name: str) -> tuple[Path, str]:
        """The file of a tensor, and what it is called there."""
        return self._homes[name][1:]

    def shape(self, name: str) -> Sequence[int]:
        opened, _, stored = self._homes[name]
        return opened.get_slice(stored).get_shape()

    def read(self, name: str) -> Tensor:
        opened, file, stored = self._homes[name]
        try:
            return opened.get_tensor(stored)
        except (SafetensorError, OSError) as error:
            raise _damaged(file, error) from None

    def _add(self, file: Path) -> None:
        try:
            opened = self._open.enter_context(cast(Any, safe_open(file, framework="pt")))
        except (SafetensorError, OSError) as error:
            raise _damaged(file, error) from None
        self._homes |= {memory_name(name): (opened, file, name) for name in opened.keys()}  # noqa: SIM118


def memory_name(name: str) -> str:
    """The name of a tensor in `Qwen2VL`, from its name on disk in any version."""
    if name.startswith("visual."):
        return f"model.{name}"
    if name.startswith("model.") and not name.startswith(("model.visual.", "model.language_model.")):
        return name.replace("model.", "model.language_model.", 1)
    return name


def hub_name(name: str) -> str:
    """The name of a tensor on disk, as the published checkpoints have it, from its name in `Qwen2VL`."""
    return name.replace("model.visual.", "visual.", 1).replace("model.language_model.", "model.", 1)


def weight_files(folder: Path) -> list[Path]:
    """The safetensors of a folder: those of its index, else the one of the usual name, else all."""
    index = folder / INDEX
    if index.is_file():
        files = [folder / name for name in _shards(index)]
    else:
        files = [folder / SINGLE] if (folder / SINGLE).is_file() else sorted(folder.glob("*.safetensors"))
    for file in files:
        if not file.is_file():
            raise ModelUnavailable(f"{folder} lacks {file.name}, which its index names")
    if not files:
        pickled = next((path.name for pattern in _PICKLES for path in folder.glob(pattern)), None)
        if pickled is not None:
            raise ModelUnavailable(f"{folder} holds {pickled} but no safetensors; pickled weights are never loaded")
        raise ModelUnavailable(f"{folder} holds no weights: there is no {SINGLE}")
    return files


def _shards(index: Path) -> list[str]:
    try:
        named: Any = json.loads(index.read_text("utf-8"))["weight_map"].values()
        names = sorted({str(name) for name in named})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ModelUnavailable(f"{index} is not an index of weights") from None
    if any(Path(name).name != name for name in names):
        raise ModelUnavailable(f"{index} names files outside its folder")
    return names


def _damaged(file: Path, error: Exception) -> ModelUnavailable:
    return ModelUnavailable(f"{file} is damaged or no safetensors file: {error}")
