"""What the runner knows of a player: a policy for each episode of each worker, a subject for samples."""

import asyncio
from collections.abc import Callable
from functools import cached_property
from typing import Literal, Protocol

from ...errors import UsageError
from ...model import Model
from ...options.model import Chosen
from ...policies import ModelPolicy, Policy
from ...policies.blind import BlindPolicy
from ..row import Key
from ..suite import Stage, Subject
from .model import ModelSubject
from .scripted import IdlePolicy, OraclePolicy, RandomPolicy

Name = Literal["model", "blind", "oracle", "noop", "random"]
PLAYERS: tuple[Name, ...] = ("model", "blind", "oracle", "noop", "random")
PolicyOf = Callable[[Key], Policy]


class Player(Protocol):
    """Who is examined."""

    @property
    def name(self) -> Name: ...

    @property
    def has_model(self) -> bool:
        """Whether its answers cost time and may be wrong. The limits of a task are for such a player alone."""
        ...

    def at(self, stage: Stage) -> PolicyOf:
        """The policies for the episodes of one worker, to be called in the loop of its stage."""
        ...

    def subject(self) -> Subject:
        """Somebody to ask, with a memory of its own. Raises UsageError for a player that answers no questions."""
        ...


class ModelPlayer:
    """A model, loaded when it is first needed; `blind`: the control that is shown only grey."""

    has_model = True

    def __init__(
        self, chosen: Chosen, *, is_blind: bool = False, opened_by: Callable[..., Model] | None = None
    ) -> None:
        """`opened_by` is called in the place of `open_model`."""
        self.chosen = chosen
        self._opened_by = opened_by
        self.name: Name = "blind" if is_blind else "model"
        self._is_blind = is_blind

    @cached_property
    def loaded(self) -> ModelPolicy:
        """Raises as `load_policy` does."""
        return self.chosen.policy(opened_by=self._opened_by)

    def opened_by(self, opener: Callable[..., Model]) -> "ModelPlayer":
        """The same with a model that this opens."""
        return ModelPlayer(self.chosen, is_blind=self._is_blind, opened_by=opener)

    @cached_property
    def _shared(self) -> ModelPolicy:
        """What all workers share. On a GPU they are answered in batches, which costs little more than one answer; on a
        processor one after another is as quick (perf/RESULTS.md)."""
        return self.loaded.together() if self.is_on_gpu else self.loaded

    @property
    def is_on_gpu(self) -> bool:
        return str(getattr(self.loaded.model, "device", "")).startswith("cuda")

    def at(self, stage: Stage) -> PolicyOf:
        policy: Policy = self._shared.apart()
        if self._is_blind:
            policy = BlindPolicy(policy)
        return lambda key: policy

    def subject(self) -> Subject:
        return ModelSubject(self._shared.apart(), is_blind=self._is_blind)


class ScriptedPlayer:
    """A player without a model."""

    has_model = False

    def __init__(self, name: Literal["oracle", "noop", "random"]) -> None:
        self.name: Name = name

    def at(self, stage: Stage) -> PolicyOf:
        match self.name:
            case "oracle":
                oracle = OraclePolicy(stage, asyncio.get_running_loop())
                return lambda key: oracle
            case "random":
                return RandomPolicy
            case _:
                return lambda key: IdlePolicy()

    def subject(self) -> Subject:
        raise UsageError(f"the {self.name} player answers no questions: a data set is proved by its own tests")


def make_player(name: str, chosen: Chosen) -> Player:
    """The player of this name. Raises UsageError for one that there is not."""
    match name:
        case "model" | "blind":
            return ModelPlayer(chosen, is_blind=name == "blind")
        case "oracle" | "noop" | "random":
            return ScriptedPlayer(name)
        case _:
            raise UsageError(f"there is no player {name!r}; there are {', '.join(PLAYERS)}")
