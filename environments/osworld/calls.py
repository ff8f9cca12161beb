"""Calls that block, each in a thread with a deadline. They run code that is not ours and may raise anything."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ...errors import EnvironmentLost


class BlockingCalls:
    """One call at a time. A call that does not come back in time stays behind in its thread: no other is then begun.

    Raises EnvironmentLost for a call that hangs, for one that raised, and for one after a hanging one.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._back = threading.Event()
        self._back.set()

    async def call(self, function: Callable[..., Any], *arguments: Any, seconds: float) -> Any:
        """What the function returns."""
        if not self._back.is_set():
            raise EnvironmentLost(f"the last call to {self._what} has still not come back; make a new one")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        self._back.clear()
        threading.Thread(target=self._work, args=(loop, answer, function, arguments), daemon=True).start()
        try:
            async with asyncio.timeout(seconds):
                result, error = await answer
        except TimeoutError:
            raise EnvironmentLost(f"{self._what} did not answer within {seconds:g} s") from None
        if error is not None:
            raise EnvironmentLost(f"{self._what} failed: {type(error).__name__}: {error}"[:500]) from error
        return result

    def _work(
        self,
        loop: asyncio.AbstractEventLoop,
        answer: "asyncio.Future[Any]",
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
    ) -> None:
        result: Any = None
        fault: Exception | None = None
        try:
            result = function(*arguments)
        except Exception as error:  # desktop_env raises a bare Exception, and whatever its libraries do
            fault = error
        self._back.set()
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_give, answer, (result, fault))


def _give(answer: "asyncio.Future[Any]", outcome: tuple[Any, Exception | None]) -> None:
    if not answer.done():
        answer.set_result(outcome)
