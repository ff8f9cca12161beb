"""What an agent is asked to do."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """When a run must stop. Seconds are wall time; tokens count what the models read and wrote, planning and checking
    included.

    A run that is stuck by `repeats`, `fruitless` or `insists` is told so first, then its plan is made anew, then the
    user is asked; it stops where nothing of that is left.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    steps: Annotated[int, Field(ge=1, le=10_000)] = 30
    seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 600.0
    tokens: Annotated[int, Field(ge=1)] = 2_000_000
    bad_outputs: Annotated[int, Field(ge=1)] = 3
    """Unparsable answers in a row before the run stops."""
    bad_outputs_in_all: Annotated[int, Field(ge=1)] = 10
    """Unparsable answers in the whole run before it stops."""
    repeats: Annotated[int, Field(ge=1)] = 3
    """The same action on the same frame, or the same few by turns, before the run counts as stuck."""
    fruitless: Annotated[int, Field(ge=1)] = 4
    """Turns in a row that fail or change nothing, each in another way, before the run counts as stuck."""
    insists: Annotated[int, Field(ge=2)] = 8
    """The same action in a row with no effect where it is done, on a page that moves by itself, before it is stuck."""
    replans: Annotated[int, Field(ge=0)] = 2
    """How often the plan of a run that is stuck may be made anew."""
    helps: Annotated[int, Field(ge=0)] = 1
    """How often the user is asked what to do by a run that is stuck."""
    refusals: Annotated[int, Field(ge=1)] = 3
    """How often one goal may be said to be reached, and be found not to be, before the run is stuck."""
    recoveries: Annotated[int, Field(ge=0)] = 3
    """How often in a run a screen that was lost is opened again."""
    outages: Annotated[int, Field(ge=0, le=20)] = 5
    """How often in a row a model server that is down is waited for, longer each time."""


class Task(BaseModel):
    """A goal in words, or ordered steps that the plan follows one by one; where to start; when to stop."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    goal: Annotated[str, Field(min_length=1, max_length=20_000)]
    steps: tuple[Annotated[str, Field(min_length=1, max_length=4000)], ...] = ()
    start_url: str = ""
    ends_itself: bool = False
    """What it is done in knows when it is over, as an episode of a benchmark does: nobody else need say so."""
    limits: Limits = Limits()

    def step(self, index: int) -> "Task":
        """The task of one planned step: its goal is the text of that step."""
        return self.model_copy(update={"goal": self.steps[index], "steps": ()})
