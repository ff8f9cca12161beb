"""What checkpoints need of memory for screenshots of common sizes, as lines of a table."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .model.checkpoint.weights import checkpoint_folder
from .model.config import ModelConfig, read_config
from .model.footprint import FAMILY, Precision, need, weight_bytes
from .model.load import find_device
from .model.processor import Budget, read_look
from .model.room import free_bytes
from .screen import Size

SIZES = (Size(1288, 728), Size(1920, 1080), Size(3840, 2160))
TRAJECTORY, TRAJECTORY_SIZE = 8, Size(1920, 1080)
_ROW = "{:<28}{:<11}{:>8}{:>11}{:>11}{:>11}{:>11}   {}"
_GIVEN: tuple[tuple[str, Precision], ...] = (("bfloat16", "bfloat16"), ("fp8, int8", "int8"), ("int4", "int4"))
_ON_A_CPU: tuple[tuple[str, Precision], ...] = (("float32", "float32"), *_GIVEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One checkpoint in one precision, in bytes. `totals` are those of a screenshot of each size, then of several."""

    name: str
    precision: str
    weights: int
    totals: tuple[int, ...]


def table(name: str | None = None, *, device: str | None = None) -> Iterator[str]:
    """The table's lines: of Qwen's own checkpoints, or of one by its name or folder, of which no weights are read.

    Raises UsageError and ModelUnavailable as `load_model` does.
    """
    place = find_device(device)
    free = free_bytes(place)
    configs, budget = (FAMILY, Budget()) if name is None else _given(name)
    sizes = [f"{size.width}x{size.height}" for size in SIZES]
    several = f"{TRAJECTORY} x {TRAJECTORY_SIZE.height}p"
    yield _ROW.format("GB in all for a screenshot of", "", "weights", *sizes, several, "fits now").rstrip()
    for row in rows(configs, budget, is_cpu=place.type == "cpu"):
        numbers = (f"{count / 1e9:.1f}" for count in (row.weights, *row.totals))
        yield _ROW.format(row.name, row.precision, *numbers, fitting(row.totals, [*sizes, several], free)).rstrip()
    where = "memory" if place.type == "cpu" else f"memory of the GPU {place}"
    yield ""
    yield "How much memory is free cannot be found out here." if free is None else f"Free {where}: {free / 1e9:.1f} GB"


def rows(configs: Mapping[str, ModelConfig], budget: Budget, *, is_cpu: bool) -> Iterator[Row]:
    """Each checkpoint in each precision; in float32 where that is what it is loaded in."""
    for name, config in configs.items():
        for shown, precision in _ON_A_CPU if is_cpu else _GIVEN:
            single = [need(config, precision, size, budget).total for size in SIZES]
            several = need(config, precision, TRAJECTORY_SIZE, budget, screenshots=TRAJECTORY).total
            weights = weight_bytes(config, precision).total
            yield Row(name=name, precision=shown, weights=weights, totals=(*single, several))


def _given(name: str) -> tuple[dict[str, ModelConfig], Budget]:
    folder = checkpoint_folder(name, weights=False)
    return {name: read_config(folder)}, read_look(folder).budget


def fitting(totals: Iterable[int], names: Iterable[str], free: int | None) -> str:
    """All, none, or the largest that fits."""
    if free is None:
        return ""
    fits = {name: total <= free for name, total in zip(names, totals, strict=True)}
    if all(fits.values()):
        return "all"
    *sizes, several = fits  # from the smallest on, so that the last that fits says it of those before
    largest = next((f"up to {name}" for name in reversed(sizes) if fits[name]), "")
    return ", ".join(told for told in (largest, several if fits[several] else "") if told) or "no"
