"""When a run must stop. Every stop names its reason."""

from ..tools import Limits
from .record.trace import Outcome, Step
from .run import State, stopped


def limit_reached(limits: Limits, state: State, spent_s: float) -> Outcome | None:
    """The limit that leaves no room for another turn."""
    if state["turn"] > limits.steps:
        return stopped("steps", f"the limit of {limits.steps} steps was reached")
    if spent_s >= limits.seconds:
        return stopped("seconds", f"the limit of {limits.seconds:g} seconds was reached")
    if state["tokens"] >= limits.tokens:
        return stopped("tokens", f"the limit of {limits.tokens} tokens was reached")
    return None


def unreadable(limits: Limits, step: Step, state: State) -> Outcome | None:
    """The end of a run whose model writes what cannot be read."""
    in_a_row, in_all = state["bad_outputs"], state["bad_outputs_in_all"]
    if in_a_row >= limits.bad_outputs:
        return stopped("bad_outputs", f"{in_a_row} answers in a row could not be read; the last: {step.error}")
    if in_all >= limits.bad_outputs_in_all:
        return stopped("bad_outputs", f"{in_all} answers could not be read; the last: {step.error}")
    return None
