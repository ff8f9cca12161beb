"""Where the workers of a run are, and its model: processes on this machine, or a cluster of Ray."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from ...errors import UsageError
from ..players import Player
from ..players.player import ModelPlayer
from ..worker.link import ProcessLink
from ..worker.remote import LinkTo


@dataclass(frozen=True, slots=True, kw_only=True)
class Machines:
    """A cluster of Ray, as a run wants it."""

    address: str = "auto"
    """HOST:PORT, "auto" or "local", as `on_ray.cluster` has it."""
    cpus: float = 1.0
    """Processors for each worker."""
    models: int = 0
    """In so many actors the model is loaded, each with a GPU of its own. None: in the process that runs it all."""

    def __post_init__(self) -> None:
        if not self.cpus > 0:
            raise UsageError(f"a worker needs a part of a processor, not {self.cpus}")


@contextmanager
def placed(player: Player, machines: Machines | None, workers: int) -> Generator[tuple[Player, LinkTo]]:
    """The player with its model where that is to be, and lines to new workers, for as long as it lasts.

    Raises UsageError where Ray is missing, or the cluster has not what is wanted of it.
    """
    if machines is None:
        yield player, ProcessLink
        return
    if machines.models and not isinstance(player, ModelPlayer):
        raise UsageError(f"the {player.name} player has no model: leave out --ray-models")
    if not machines.models and not workers:
        raise UsageError("samples are asked by this process: with --ray they need --ray-models")
    try:
        from ..worker.on_ray import cluster, model_opener
    except ModuleNotFoundError as error:
        if error.name != "ray":
            raise
        raise UsageError("many machines need Ray: pip install 'clickwright[ray]'") from None
    with cluster(machines.address, workers=workers, cpus=machines.cpus) as link_to:
        if machines.models and isinstance(player, ModelPlayer):
            player = player.opened_by(model_opener(machines.models))
        yield player, link_to
