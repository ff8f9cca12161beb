"""The contracts of a suite: episodes on a stage that a worker process holds, or samples of a data set."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from ..environments import Environment
from ..policies import Decision, Grounding, Turn
from ..policies.asking import Reply, Seen
from ..screen import Observation, Screenshot
from ..tools import Action, Finish, Task
from .row import Key, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which part of a suite is run. `tasks` empty: all. `data` is the folder of a data set.

    `settings` are the suite's own, as `--set NAME=VALUE` gives them.
    """

    episodes: int = 1
    """Seeds of each task: `seed`, `seed` + 1, and so on."""
    seed: int = 0
    repeats: int = 1
    """How often the same seed is tried."""
    tasks: tuple[str, ...] = ()
    limit: int | None = None
    """Samples at most, spread evenly over the data set."""
    data: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def is_seeded(self) -> bool:
        """Whether other episodes are wanted of a task than its first."""
        return (self.episodes, self.seed) != (1, 0)

    def keys(self, tasks: Iterable[str]) -> list[Key]:
        """Task by task, each with all its seeds and repeats."""
        seeds = range(self.seed, self.seed + self.episodes)
        return [Key(task=name, seed=seed, repeat=n) for name in tasks for seed in seeds for n in range(self.repeats)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """When a worker is taken for one that hangs, in seconds: longer than its environment's own deadlines."""

    begin_s: float = 300.0
    """To start and to set an episode up: WorkArena's take minutes."""
    act_s: float = 90.0
    """For anything else that is asked in an episode."""
    end_s: float = 6.0
    """To give everything back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What an episode came to, read from the state of the world, never from what the agent says of it."""

    score: float
    success: bool
    reward: float | None = None
    metrics: Mapping[str, float] = field(default_factory=dict[str, float])
    reason: str = ""
    """What was amiss, in one sentence; empty for a success."""


class Stage(Protocol):
    """Where episodes of a suite happen, one after another. Lives in a worker process and may be killed with it.

    `begin` sets an episode up, `environment.reset(task)` shows it, `score` reads how it stands. The environment may be
    another one after each `begin`.
    """

    @property
    def environment(self) -> Environment: ...

    async def begin(self, key: Key) -> Task:
        """Set the episode up; what is asked for, where it starts, and its limits. Nothing is started before.

        Raises UsageError for a task that there is not, EnvironmentLost where it cannot be set up.
        """
        ...

    async def is_over(self) -> bool:
        """Whether the episode has ended by itself, and nothing more can be done in it."""
        ...

    async def oracle(self) -> Action | None:
        """The next action of one who knows the solution; None when nothing is left to do, or no way is known.

        In pixels of the last screenshot, and done through the environment like any other. May be a `Finish` with the
        right answer. Raises UsageError in a suite that has no oracle.
        """
        ...

    async def score(self, finish: Finish | None) -> Scored:
        """How the episode stands. `finish` is what the agent said at its end, None where it was cut off."""
        ...

    async def close(self) -> None:
        """Give everything back. Harmless when called twice."""
        ...


class Subject(Protocol):
    """Who is examined in samples. Each raises UsageError where its checkpoint cannot do that at all.

    All raise BadModelOutput for an answer that cannot be read, and ModelUnavailable.
    """

    def ground(self, screenshot: Screenshot, description: str) -> Grounding: ...

    def act(self, task: Task, observation: Observation, history: Sequence[Turn]) -> Decision:
        """What it would do next, after a history that is given and not its own."""
        ...

    def ask(self, question: str, seen: Seen, *, max_new_tokens: int | None = None) -> Reply: ...


@runtime_checkable
class OnlineSuite(Protocol):
    """Episodes in an environment, as one run wants them."""

    @property
    def metric(self) -> str:
        """What `Row.score` is, in words."""
        ...

    def keys(self) -> Sequence[Key]:
        """The attempts of the run, in a fixed order. Raises UsageError for a task that there is not."""
        ...

    def stage(self) -> Stage:
        """A new stage; called in the worker process."""
        ...


class DataSuite(Protocol):
    """Samples that are asked about and compared with what is known, as one run wants them."""

    @property
    def data_hash(self) -> str:
        """Of what is asked and what is right, so that runs on other data are not compared."""
        ...

    @property
    def metric(self) -> str:
        """What `Row.score` is, in words."""
        ...

    def keys(self) -> Sequence[Key]:
        """The attempts of the run, in the order of the data. Raises UsageError where the data cannot be read."""
        ...

    def attempt(self, key: Key, subject: Subject) -> Row:
        """Read the pictures, ask, and score the answer. One that cannot be read is a wrong one, not an error.

        Where the model is unavailable the row has that error.
        """
        ...
