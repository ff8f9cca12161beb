"""The node that keeps to the plan."""

import asyncio

from ..errors import UsageError
from ..policies.policy import Turn
from ..screen import Observation, Tab
from .forms import task_with_form
from .plans import task_of
from .record.trace import Sight, Step
from .run import Run, State, Update


async def plan(state: State, run: Run) -> Update:
    """Give the policy the step of the plan that is due, with the turns already spent on it."""
    position = state["position"]
    if run.reset_for != position:
        task = task_of(run.task, tuple(state["plan"]), position)
        if run.output is not None and position == len(state["plan"]) - 1:
            task = task_with_form(task, run.output)
        await asyncio.to_thread(run.policy.reset, task)
        run.turns = [turn for step in _spent_on(run, position) if (turn := turn_of(step, run)) is not None]
        run.reset_for = position
    return Update(position=position)


def _spent_on(run: Run, position: int) -> list[Step]:
    return [step for step in run.steps.values() if step.position == position and step.next_position == position]


def turn_of(step: Step, run: Run) -> Turn | None:
    """The turn that a stored step was, if its picture is still there."""
    try:
        observation = _observation(step.saw, run)
    except UsageError:
        return None
    bad = step.decided is None or step.is_bad_output
    return Turn(
        observation=observation,
        decision=None if step.decided is None or bad else step.decided.decision(observation.screenshot.frame),
        raw="" if step.decided is None else step.decided.raw,
        error=step.error,
    )


def _observation(sight: Sight, run: Run) -> Observation:
    return Observation(
        screenshot=run.folder.load_frame(sight.frame, scale=sight.scale),
        url=sight.url,
        title=sight.title,
        tabs=tuple(Tab(title=tab.title, url=tab.url, active=tab.active) for tab in sight.tabs),
        error=sight.error,
        events=sight.events,
    )
