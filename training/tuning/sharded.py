"""One network over several processes, each with its own GPU: torchrun starts them, FSDP shares the weights out.

Every process reads its own rows of a step, and every file is that of one process: a run may go on with another
number of them. On CPUs the processes talk through gloo, which is how it is tested; on GPUs through nccl.
"""

import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard
from torch.distributed.tensor import DTensor, distribute_tensor

from ...errors import ModelUnavailable
from .learner import Learner

_PATIENCE = timedelta(hours=2)
"""How long processes wait for one another: the first one alone makes records of runs and surveys the lessons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Which of how many processes this is."""

    rank: int = 0
    size: int = 1

    @property
    def is_first(self) -> bool:
        return self.rank == 0

    def sum(self, value: float, device: torch.device) -> float:
        """The sum over all processes."""
        if self.size == 1:
            return value
        told = torch.tensor(value, dtype=torch.float64, device=device)
        dist.all_reduce(told)  # pyright: ignore[reportUnknownMemberType]
        return float(told)

    def wait(self) -> None:
        """Until all processes are here."""
        if self.size > 1:
            dist.barrier()  # pyright: ignore[reportUnknownMemberType]


def processes() -> int:
    """How many processes torchrun has started; 1 without it."""
    return int(os.environ.get("WORLD_SIZE", "1")) if "RANK" in os.environ else 1


@contextmanager
def joined(device: str) -> Generator[World]:
    """The processes that torchrun started, or this one alone. Raises ModelUnavailable for a GPU that is not there."""
    if processes() == 1:
        yield World()
        return
    local = int(os.environ.get("LOCAL_RANK", "0"))
    if device == "cuda":
        if local >= torch.cuda.device_count():
            raise ModelUnavailable(f"process {local} has no GPU: there are {torch.cuda.device_count()}")
        torch.cuda.set_device(local)
    dist.init_process_group("nccl" if device == "cuda" else "gloo", timeout=_PATIENCE)
    try:
        yield World(rank=dist.get_rank(), size=dist.get_world_size())
    finally:
        dist.destroy_process_group()


def share_out(learner: Learner, world: World, place: torch.device) -> None:
    """Each process keeps its part of every weight, on its device as float32. A tower that stands is whole in each.

    A layer after another is moved and cut up, so that no device ever holds more than one beside its part; what is
    behind the layers, such as the embeddings, is moved at once.
    """
    if world.size == 1:
        return
    kind = place.type
    mesh = init_device_mesh(kind, (world.size,))
    on_gpus = MixedPrecisionPolicy(param_dtype=torch.bfloat16, reduce_dtype=torch.float32)
    precision = on_gpus if kind == "cuda" else MixedPrecisionPolicy()
    network = learner.network
    whole = set[nn.Parameter]() if learner.tower_learns else set(network.visual.parameters())
    layers = [*network.decoder.layers, *(network.visual.blocks if learner.tower_learns else ())]
    for layer in layers:
        _move(layer, place)
        fully_shard(layer, mesh=mesh, mp_policy=precision)
    _move(network, place)
    fully_shard(learner, mesh=mesh, mp_policy=precision, ignored_params=whole)


def _move(module: nn.Module, place: torch.device) -> None:
    """Those weights that are not cut up yet: FSDP takes such of one precision together."""
    for parameter in module.parameters():
        if not isinstance(parameter, DTensor):
            parameter.data = parameter.data.to(place, torch.float32)


def whole(tensor: Tensor, *, is_kept: bool = True) -> Tensor:
    """All of a tensor, on the CPU. Every process has to ask for it; one that does not keep it is given nothing."""
    found = tensor.detach()
    full = found.full_tensor() if isinstance(found, DTensor) else found
    return full.cpu() if is_kept else torch.empty(0)


def part_of(tensor: Tensor, like: Tensor) -> Tensor:
    """The part of a whole tensor that this process keeps of one like it, on its device and in its precision."""
    moved = tensor.to(like.device, like.dtype)
    return distribute_tensor(moved, like.device_mesh, like.placements) if isinstance(like, DTensor) else moved


def own(tensor: Tensor) -> Tensor:
    """What this process keeps of a tensor."""
    return tensor.to_local() if isinstance(tensor, DTensor) else tensor


def clipped(parameters: Iterable[nn.Parameter], most: float) -> float:
    """The norm of all gradients, which are made smaller where it exceeds `most`."""
    norm = torch.nn.utils.clip_grad_norm_(parameters, most)
    return float(norm.full_tensor() if isinstance(norm, DTensor) else norm)
