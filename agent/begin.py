"""Where a run begins: at its first look, or where its steps and its journal say that it was interrupted."""

from typing import Literal

from .record.folder import dump
from .record.journal import Begun
from .record.trace import Did, Sight
from .review import after
from .run import Run, State, Update, first_state, then


async def first_state_of(run: Run) -> State:
    """The first state of a new run; of one that was interrupted, what its steps and its journal lead to."""
    state = first_state(run.task)
    for number in sorted(run.steps):
        state = then(state, after(state, run.steps[number]))
    begun = run.journal.begun(state["turn"])
    last = _last_seen(begun, run)
    if last is not None:
        run.spent_before_s = state["spent_s"]
        await run.open(last)
    if begun is None:
        return then(state, Update(now=None))
    run.continued_turn = state["turn"]
    entry = begun.entries[-1]
    again = Update(
        index=len(begun.entries) - 1,
        saw=dump(begun.saw),
        now=dump(entry.after or entry.before),
        decided=dump(begun.decided),
        did=[dump(entry.did) for entry in begun.entries],
    )
    return then(state, again)


def _last_seen(begun: Begun | None, run: Run) -> Sight | None:
    if begun is not None:
        return begun.entries[-1].after or begun.entries[-1].before
    return (run.steps[max(run.steps)].left or run.steps[max(run.steps)].saw) if run.steps else None


def first_node(state: State) -> Literal["observe", "act", "review"]:
    """To a new turn; in one that was begun, to the act that may or may not have been done, or to what came of it."""
    if state["decided"] is None:
        return "observe"
    return "act" if Did.model_validate(state["did"][-1]).effect == "not_done" else "review"
