"""The node that looks."""

from dataclasses import replace

from ..record.folder import dump
from ..record.trace import Sight
from ..run import Run, State, Update


async def observe(state: State, run: Run) -> Update:
    """Begin a turn with the screen as it is: what the last action left, or a fresh look.

    With it goes all that happened since the policy was last shown one: a decision may have had several actions.
    """
    if not run.is_opened:
        now = await run.open()
    elif run.live is None or state["now"] is None:
        now = await run.look()
    else:
        now = Sight.model_validate(state["now"])
    now = now.model_copy(update={"events": tuple(run.untold)})
    if run.live is not None:
        run.live = replace(run.live, error=now.error, events=now.events)
    return Update(saw=dump(now), now=dump(now))
