"""When a desktop has answered an action: told by its pictures, because nothing else tells it."""

import asyncio
from collections.abc import Awaitable, Callable

import numpy as np

from ...screen import Pixels

POLL_S = 0.02
CALM_S = 0.04
"""How long the picture must stay the same."""
STARTED_CALM_S = 0.3
"""The same for an application that has just opened its window, and fills it."""
REACTION_S = 0.15
"""How long an application may take to begin; one that is slower is seen by the next look, or by a wait."""
CAP_S, STARTED_CAP_S = 1.0, 3.0
"""Films, and carets that blink quickly, never stand still."""


async def settle(
    grab: Callable[[], Awaitable[Pixels]], before: Pixels | None, *, calm_s: float = CALM_S, cap_s: float = CAP_S
) -> Pixels:
    """The first picture that lasts, or the one there is after `cap_s`. `before` is what was seen before the action."""
    clock = asyncio.get_running_loop().time
    began = since = clock()
    last = await grab()
    has_begun = before is None or differ(last, before)
    while True:
        await asyncio.sleep(POLL_S)
        now = await grab()
        at = clock()
        if differ(now, last):
            has_begun, since, last = True, at, now
        is_calm = at - since >= (calm_s if has_begun else REACTION_S)
        if is_calm or at - began >= cap_s:
            return now


def differ(one: Pixels, other: Pixels) -> bool:
    """Whether two pictures show different things, or have different sizes."""
    return not np.array_equal(one, other)
