"""Work on a page that ends: with its result, with the loss of the page, or when its time is over."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from playwright.async_api import Error as PlaywrightError

from ...errors import EnvironmentLost
from .faults import reason_of
from .tabs import OpenTabs

_Result = TypeVar("_Result")


async def within(seconds: float, window: OpenTabs[Any], work: Coroutine[Any, Any, _Result]) -> _Result:
    """The result, or EnvironmentLost: at once when page or browser go, else when the seconds are over.

    What a person takes to answer a dialog does not count.
    """
    task = asyncio.ensure_future(work)
    clock = window.dialogs.clock
    until = clock() + seconds
    try:
        while not (task.done() or window.lost.done()) and (left_s := until - clock()) > 0:
            await asyncio.wait({task, window.lost}, timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        if not task.done():
            task.cancel()
    if not task.done() or task.cancelled():
        await asyncio.wait({task}, timeout=1)
        window.lose(f"the page did not answer within {seconds:g} s")
        raise EnvironmentLost(window.lost.result())
    try:
        return task.result()
    except PlaywrightError as error:
        window.lose(f"the browser failed: {reason_of(error)}")
        raise EnvironmentLost(window.lost.result()) from error
