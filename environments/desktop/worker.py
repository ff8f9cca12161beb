"""A thread of its own for calls that may never return: a display that hangs is waited for here, and nowhere else."""

import asyncio
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

from ...errors import ClickwrightError

_Result = TypeVar("_Result")


class Worker:
    """Does one call after the other. The thread is a daemon: one that hangs does not keep Python from ending."""

    def __init__(self, name: str) -> None:
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def run(self, call: Callable[[], _Result]) -> _Result:
        """The call's result, or what it raised. Cancelled, it leaves the call to itself."""
        future: Future[_Result] = Future()

        def do() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(call())
            except ClickwrightError as error:
                future.set_exception(error)
            finally:  # a fault of the program is told where the call was made, and ends the thread
                if not future.done():
                    future.set_exception(sys.exception())

        self._calls.put(do)
        return await asyncio.wrap_future(future)

    def stop(self, timeout_s: float = 1.0) -> None:
        """End the thread after the calls that wait; one that hangs is left behind."""
        self._calls.put(None)
        self._thread.join(timeout_s)

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            call()
