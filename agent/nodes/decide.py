"""The node that asks the policy."""

import time
from dataclasses import replace
from functools import partial

from ...errors import BadModelOutput
from ...policies import Decision
from ...tools import Finish
from ..limits import limit_reached
from ..record.folder import dump
from ..record.trace import Decided, Timing
from ..retry import asked
from ..run import Run, State, Update


async def decide(state: State, run: Run) -> Update:
    """What the policy would do next, or why its answer could not be read. Nothing where the run is over already."""
    if state["outcome"] is not None:
        return Update(decided=None)
    over = limit_reached(run.task.limits, state, run.spent_s)
    if over is not None:
        return Update(outcome=dump(over))
    observation = run.live
    if observation is None:
        raise RuntimeError("decide runs after observe")
    run.decided_on = observation
    run.untold.clear()
    run.begin_to_store()
    began = time.monotonic()
    try:
        decision = _checked(await asked(run, partial(run.policy.act, observation, tuple(run.turns))))
    except BadModelOutput as error:
        raw = run.secrets.hide(error.raw)
        bad = Decided(
            raw=raw,
            prompt_tokens=error.prompt_tokens,
            new_tokens=error.new_tokens,
            timing=Timing(decide_s=time.monotonic() - began),
        )
        return _begin(bad, run.secrets.hide(str(error)))
    return _begin(Decided.of(_hidden(decision, run), time.monotonic() - began), None)


def _begin(decided: Decided, error: str | None) -> Update:
    return Update(decided=dump(decided), error=error, did=[], index=0)


def _checked(decision: Decision) -> Decision:
    if not decision.actions:
        raise _unfit("the answer holds no action", decision)
    if any(isinstance(action, Finish) for action in decision.actions[:-1]):
        raise _unfit("the answer goes on after the end of the task", decision)
    return decision


def _unfit(reason: str, decision: Decision) -> BadModelOutput:
    usage = decision.spent
    raw = "" if decision.generation is None else decision.generation.text
    return BadModelOutput(reason, raw=raw, prompt_tokens=usage.prompt_tokens, new_tokens=usage.new_tokens)


def _hidden(decision: Decision, run: Run) -> Decision:
    generation = decision.generation
    return replace(
        decision,
        actions=tuple(run.secrets.hide_action(action) for action in decision.actions),
        thought=run.secrets.hide(decision.thought),
        target=run.secrets.hide(decision.target),
        generation=generation and run.secrets.hide_generation(generation),
    )
