"""When a run must stop. Every stop names its reason."""

from ..tools import Limits
from .run import State, stopped
from .trace import Outcome, Step


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
    bad_outputs, unchanged, same = state["bad_outputs"], state["unchanged"], state["same"]
    if bad_outputs >= limits.bad_outputs:
        return stopped("bad_outputs", f"{bad_outputs} answers in a row could not be read; the last: {step.error}")
    if unchanged >= limits.unchanged:
        return stopped("stuck", f"stuck: {unchanged} turns in a row changed nothing on the screen")
    if same >= limits.repeats:
        return stopped("stuck", f"stuck: the same action on the same screen, {same} times in a row")
    return None
