"""What one episode or one sample came to: a line of results.jsonl."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

ErrorClass = Literal["environment", "model", "timeout", "worker"]
"""What broke, none of it the fault of who was examined: the screen, the model's server, the clock of the runner that
had to kill the worker, the worker itself. Such a row has no score; `--retry-errors` tries it again."""


EPISODE = "episode"
"""The group that says which recorded episode a step is of."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Key:
    """One attempt at one task. Rows are known by it: a run holds each key once."""

    task: str
    seed: int = 0
    repeat: int = 0

    def __str__(self) -> str:
        return f"{self.task} seed {self.seed}" + (f" repeat {self.repeat}" if self.repeat else "")


class Row(BaseModel):
    """One attempt. It has a score, or an error that kept it from having one."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    task: str
    seed: int = 0
    repeat: int = 0
    groups: Mapping[str, str] = {}
    """What results are told apart by, beside the task: platform, kind of thing, split."""
    score: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None
    """The main metric of the suite, 0 to 1. None where an error kept it from being found."""
    success: bool | None = None
    """Whether it counts as solved. None with an error, and in suites whose score has no such bound."""
    metrics: Mapping[str, Annotated[float, Field(allow_inf_nan=False)]] = {}
    """The suite's other metrics."""
    reward: float | None = None
    """As the environment gave it, on its own scale."""
    steps: int = 0
    prompt_tokens: int = 0
    visual_tokens: int = 0
    new_tokens: int = 0
    bad_outputs: int = 0
    """Answers of the model that could not be read."""
    seconds: Mapping[str, float] = {}
    """`total`, and its parts: setup, capture, decide or ask (in them process, vision, prefill, decode), act, score."""
    confidence: float | None = None
    """The least sure decision of it, 0 to 1."""
    ended: str = ""
    """Why it ended: success, failure, over (the episode ended by itself), steps, seconds, stuck ..."""
    error: ErrorClass | None = None
    reason: str = ""
    """Of the end or the error, in one sentence."""
    prediction: JsonValue = None
    """Of a sample: what was answered, as far as it could be read."""
    expected: JsonValue = None
    trajectory: str = ""
    """The folder of its run, below that of the benchmark; empty where it was not kept."""

    @property
    def key(self) -> Key:
        return Key(task=self.task, seed=self.seed, repeat=self.repeat)

    @property
    def cluster(self) -> str:
        """What it belongs to, for intervals: the recorded episode that it is a step of, else its task."""
        return self.groups.get(EPISODE, self.task)
