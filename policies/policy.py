"""The contract of a policy: an observation and what came before go in, one decision comes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ..model import Generation
from ..screen import Box, Observation, Point, Screenshot
from ..tools import Action, Task
from .grammars import Spread
from .usage import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do next. `frame` is the hash of the screenshot it was decided on.

    `confidence` is the probability of the answer, 0 to 1; `spread` says how far apart the places lie that came into
    question, `candidates` are those places with their probabilities, the likeliest first. `target` is what the model
    says it acts on, in words, and `boxes` where that is, in screenshot pixels, after so many `looks`. `generation` is
    what the model wrote, None for a policy without one. `usage` is what all models took for it, those that point,
    second looks and discarded answers included; None where that is the generation alone.
    """

    actions: tuple[Action, ...]
    frame: str
    thought: str = ""
    target: str = ""
    boxes: tuple[Box, ...] = ()
    looks: int = 1
    confidence: float | None = None
    spread: Spread | None = None
    candidates: tuple[tuple[Point, float], ...] = ()
    generation: Generation | None = None
    usage: Usage | None = None

    @property
    def spent(self) -> Usage:
        """What models read and wrote for it."""
        return self.usage or Usage.of(self.generation)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One observation and what was made of it: a decision, or raw text that could not be read and the reason."""

    observation: Observation
    decision: Decision | None = None
    raw: str = ""
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounding:
    """Where a described thing is: the point to click and, where the model gave one, its box, in screenshot pixels.

    `candidates` are places that came into question with their scores, the best first: of a head all but the one chosen,
    of a model that writes all that it might have written. `looks` is how often it was looked at, `usage` what all looks
    took; None where that is the generation alone.
    """

    point: Point
    box: Box | None = None
    confidence: float | None = None
    spread: Spread | None = None
    candidates: tuple[tuple[Point, float], ...] = ()
    looks: int = 1
    generation: Generation | None = None
    usage: Usage | None = None


class Policy(Protocol):
    """Decides. Synchronous: the agent calls it in a worker thread."""

    def reset(self, task: Task) -> None:
        """Begin a task, or the next step of a plan: `task.goal` is what `act` works towards from now on."""
        ...

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        """The next decision. `history` holds the turns since `reset`, oldest first.

        A last turn with an `error` asks for another answer to the same screen. Raises BadModelOutput when the
        model wrote no action, ModelUnavailable when it cannot be reached.
        """
        ...


class Grounder(Protocol):
    """Points at things described in words."""

    def ground(self, screenshot: Screenshot, description: str) -> Grounding:
        """Where the thing is. Raises BadModelOutput when the model names no place, ModelUnavailable as `act` does."""
        ...
