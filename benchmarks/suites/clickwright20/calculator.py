"""Galculator. Judged by what its display shows, which is copied out of it."""

from pathlib import Path
from random import Random

from ....errors import ActionFailed
from ....tools import Finish, Press
from .desk import Desk, DeskEpisode, DeskTask
from .moves import Move, press


def _begin(chance: Random, home: Path) -> DeskEpisode:
    """A product and a sum of more figures than one keeps in the head."""
    one, other, more = chance.randrange(301, 999), chance.randrange(31, 99), chance.randrange(1001, 9999)
    goals = (
        f"Work out {one} times {other} plus {more} with the calculator, and leave the result on its display.",
        f"How much is {one} × {other} + {more}? Let the calculator show it.",
    )
    keys: list[Move] = [press(key) for key in f"{one}*{other}+{more}"]

    async def check(desk: Desk, finish: Finish | None) -> str:
        shown = await _shown(desk)
        return "" if shown == str(one * other + more) else f"the display shows {shown}, not {one * other + more}"

    return DeskEpisode(goal=chance.choice(goals), moves=[*keys, press("Enter")], check=check)


async def _shown(desk: Desk) -> str | None:
    """The number on the display; None where there is none."""
    try:
        await desk.environment.desktop.focus("galculator")
    except ActionFailed:
        return None
    await desk.environment.step(Press(keys=("Control", "c")))
    return await desk.environment.desktop.clipboard()


TASKS = (
    DeskTask(
        name="calculator-sum",
        application="Galculator",
        program="galculator",
        package="galculator",
        begin=_begin,
        twins=("4k",),
    ),
)
