"""Tensors by name in a file of safetensors."""

from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import load_file, save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor

OF_TORCH = {"format": "pt"}
"""The metadata without which transformers does not read a file."""


def write_tensors(tensors: Mapping[str, Tensor], file: Path, *, metadata: dict[str, str] | None = None) -> None:
    """Raises OSError, and SafetensorError where there is no room."""
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, file, metadata=metadata)


def read_tensors(file: Path) -> dict[str, Tensor]:
    """All of a file, on the CPU. Raises OSError, and SafetensorError for a file that is none."""
    return load_file(file)
