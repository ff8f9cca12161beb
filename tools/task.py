"""What an agent is asked to do."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """When a run must stop. Seconds are wall time; tokens count what the model read and wrote."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    steps: Annotated[int, Field(ge=1, le=10_000)] = 30
    seconds: Annotated[float, Field(gt=0)] = 600.0
    tokens: Annotated[int, Field(ge=1)] = 2_000_000
    bad_outputs: Annotated[int, Field(ge=1)] = 3
    """Unparsable answers in a row before the run stops."""
    repeats: Annotated[int, Field(ge=1)] = 3
    """The same action on the same frame, before the run counts as stuck."""
    fruitless: Annotated[int, Field(ge=1)] = 4
    """Turns in a row that fail or change nothing, each in another way, before the run counts as stuck."""


class Task(BaseModel):
    """A goal in words, or ordered steps that the plan follows one by one; where to start; when to stop."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    goal: Annotated[str, Field(min_length=1, max_length=20_000)]
    steps: tuple[Annotated[str, Field(min_length=1, max_length=4000)], ...] = ()
    start_url: str = ""
    limits: Limits = Limits()

    def step(self, index: int) -> "Task":
        """The task of one planned step: its goal is the text of that step."""
        return self.model_copy(update={"goal": self.steps[index], "steps": ()})
