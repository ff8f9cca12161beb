"""The memory of this machine: how much is free, and one sentence where a checkpoint does not fit into it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import torch

from ..errors import ModelUnavailable
from ..screen import Size
from .config import ModelConfig
from .footprint import FAMILY, Precision, fused_bytes, need, parameters, weight_bytes
from .processor import Budget

SCREENSHOT = Size(1288, 728)
"""What a checkpoint must be able to read to be loaded: the page of a browser at its default size."""


def free_bytes(device: torch.device) -> int | None:
    """The bytes that can be had on a device now, None where that cannot be found out."""
    if device.type != "cuda":
        return free_ram()
    try:
        free, _ = torch.cuda.mem_get_info(device)
        # What torch has taken and does not use at the moment counts as free.
        return free + torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    except RuntimeError:
        return None


def free_ram(proc: Path = Path("/proc"), group: Path = Path("/sys/fs/cgroup")) -> int | None:
    """The memory that Linux can hand out with its swap space, within the limit of a container where there is one.

    None on other systems.
    """
    machine = _numbers(proc / "meminfo")
    if "MemAvailable" not in machine:
        return None
    whole = 1024 * (machine["MemAvailable"] + machine.get("SwapFree", 0))
    limit, used = _number(group / "memory.max"), _number(group / "memory.current")
    if limit is None or used is None:
        return whole
    files = _numbers(group / "memory.stat")  # pages that are given back when there is need
    return max(0, min(whole, limit - used + files.get("inactive_file", 0) + files.get("active_file", 0)))


def require_room(
    name: str,
    config: ModelConfig,
    precision: Precision,
    budget: Budget,
    *,
    device: torch.device,
    free: int | None,
    loadable: Sequence[Precision],
    rest: Precision | None = None,
) -> None:
    """Raises ModelUnavailable where the weights and what one screenshot takes exceed `free` bytes.

    The sentence names what would fit: one of the `loadable` precisions, a smaller checkpoint, smaller pictures. What
    is not known to fail is let through: without `free`, everything. `rest` is as in `need`.
    """
    if free is None:
        return
    wanted = need(config, precision, SCREENSHOT, budget, rest=rest, system_tokens=0)
    needed = wanted.total - (_mapped(config, precision) if device.type == "cpu" else 0)
    if needed <= free:
        return
    fitting = [*_precisions(config, precision, budget, free, loadable), *_smaller(config, precision, budget, free)]
    most = max_pixels_for(config, precision, free, rest=rest)
    fitting += [f"max_pixels={most}"] if most >= budget.min_pixels else []
    raise ModelUnavailable(
        f"{name} in {precision} needs {needed / 1e9:.1f} GB to read a screenshot of {SCREENSHOT.width} x "
        f"{SCREENSHOT.height}, and {_place(device)} has {free / 1e9:.1f} GB free; "
        f"{' or '.join(fitting) or 'clickwright/mini'} would fit"
    )


def _mapped(config: ModelConfig, precision: Precision) -> int:
    """The bytes of weights that stay in their file on a CPU, and are read from there where memory is short.

    Those that are joined, unpacked or of another precision are copies in memory.
    """
    if precision != config.dtype or config.packing is not None:
        return 0
    return weight_bytes(config, precision).total - fused_bytes(config, precision)


def require_room_for_weights(name: str, stored: int, *, widened: float, device: torch.device, free: int | None) -> None:
    """The same for an architecture of which only the bytes of its files are known, floats of one precision.

    Raises ModelUnavailable where these, times what its precision makes of them, exceed `free` bytes.
    """
    needed = round(stored * widened)
    if free is not None and needed > free:
        raise ModelUnavailable(
            f"the weights of {name} take {needed / 1e9:.1f} GB, and {_place(device)} has {free / 1e9:.1f} GB free; "
            "choose a smaller checkpoint, or a server (--base-url)"
        )


def max_pixels_for(config: ModelConfig, precision: Precision, free: int, *, rest: Precision | None = None) -> int:
    """The largest pixel budget at which one screenshot fits into `free` bytes, in whole tokens; 0 where none does."""
    area = config.vision.factor**2
    fits, not_fits = 0, SCREENSHOT.width * SCREENSHOT.height // area + 1
    while not_fits - fits > 1:
        tokens = (fits + not_fits) // 2
        budget = Budget(min_pixels=area, max_pixels=tokens * area)
        if need(config, precision, SCREENSHOT, budget, rest=rest, system_tokens=0).total <= free:
            fits = tokens
        else:
            not_fits = tokens
    return fits * area


def _precisions(
    config: ModelConfig, precision: Precision, budget: Budget, free: int, loadable: Iterable[Precision]
) -> list[str]:
    """The largest other precision that fits."""
    totals = {other: need(config, other, SCREENSHOT, budget, system_tokens=0).total for other in loadable}
    fitting = [other for other in totals if other != precision and totals[other] <= free]
    return [f"dtype={max(fitting, key=totals.__getitem__)}"] if fitting else []


def _smaller(config: ModelConfig, precision: Precision, budget: Budget, free: int) -> list[str]:
    """The largest smaller checkpoint of Qwen's own that fits."""
    size = parameters(config).total
    fitting = [
        name
        for name, other in FAMILY.items()
        if parameters(other).total < size and need(other, precision, SCREENSHOT, budget, system_tokens=0).total <= free
    ]
    return fitting[-1:]


def _place(device: torch.device) -> str:
    return "the memory" if device.type == "cpu" else f"the GPU {device}"


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text("ascii"))
    except (OSError, ValueError):  # no such group, or "max"
        return None


def _numbers(path: Path) -> dict[str, int]:
    """The first number behind each word at the beginning of a line."""
    try:
        lines = [line.split() for line in path.read_text("ascii").splitlines()]
    except (OSError, ValueError):
        return {}
    return {line[0].rstrip(":"): int(line[1]) for line in lines if len(line) > 1 and line[1].isdecimal()}
