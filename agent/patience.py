"""How long a model server that is down is waited for."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

POLL_S = 0.1
"""How soon a stop is noticed that comes while it is waited."""
AT_FIRST = 2
"""Waits at most for a server that has never answered: it may be none."""


class Stopped(Exception):  # noqa: N818
    """The user asked to stop while a model was waited for: nothing has been decided, and nothing is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Waits twice as long each time, up to `most_s`, and up to a quarter more or less by chance, so that many runs do
    not come back at once. Tests put others in the place of `sleep` and `chance`, which gives 0 to 1.
    """

    first_s: float = 1.0
    most_s: float = 60.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random

    def seconds(self, number: int) -> float:
        """The length of a wait, counted from 0."""
        return min(self.most_s, self.first_s * 2**number) * (0.75 + 0.5 * self.chance())

    async def wait(self, seconds: float, is_stopping: Callable[[], bool]) -> None:
        """Wait so long. Raises Stopped as soon as that is wanted."""
        left = seconds
        while left > 0 and not is_stopping():
            await self.sleep(min(POLL_S, left))
            left -= POLL_S
        if is_stopping():
            raise Stopped
