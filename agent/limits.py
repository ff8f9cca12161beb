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


def fruitless(limits: Limits, step: Step, state: State) -> Outcome | None:
    """The end of a run that gets nowhere: answers that cannot be read, actions that change nothing."""
    bad_outputs, in_vain, same = state["bad_outputs"], state["fruitless"], state["same"]
    if bad_outputs >= limits.bad_outputs:
        return stopped("bad_outputs", f"{bad_outputs} answers in a row could not be read; the last: {step.error}")
    if in_vain >= limits.fruitless:
        return stopped("stuck", f"stuck: {in_vain} turns in a row came to nothing; the last: {step.error}")
    if same >= limits.repeats:
        return stopped("stuck", f"stuck: the same action on the same screen, {same} times in a row")
    return None
