"""A policy, a planner or a checker asked, and asked again while its model's server is down."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from ..errors import BadModelOutput, ModelUnavailable
from .patience import AT_FIRST
from .run import Run

_Answer = TypeVar("_Answer")


async def asked(run: Run, ask: Callable[[], _Answer]) -> _Answer:
    """The answer, given in a thread.

    Raises what was raised, ModelUnavailable only once it is not passing or the limits leave no further wait, and
    Stopped where the run is to stop meanwhile.
    """
    waits = 0
    while True:
        try:
            answer = await asyncio.to_thread(ask)
        except BadModelOutput:
            run.has_answered = True
            raise
        except ModelUnavailable as error:
            wait_s = run.patience.seconds(waits)
            if not error.is_passing or waits >= _most(run) or run.spent_s + wait_s >= run.task.limits.seconds:
                raise
            waits += 1
            await run.patience.wait(wait_s, lambda: run.is_stopping)
        else:
            run.has_answered = True
            return answer


def _most(run: Run) -> int:
    outages = run.task.limits.outages
    return outages if run.has_answered else min(AT_FIRST, outages)
