"""The node that looks."""

from ..record.folder import dump
from ..run import Run, State, Update


async def observe(state: State, run: Run) -> Update:
    """Begin a turn with the screen as it is: what the last action left, or a fresh look."""
    if not run.is_opened:
        now = await run.open()
    elif run.live is None or state["now"] is None:
        now = await run.look()
    else:
        return Update(saw=state["now"])
    return Update(saw=dump(now), now=dump(now))
