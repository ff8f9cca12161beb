"""An event loop in a thread of its own, for tests that do not wait with `await`."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

_Result = TypeVar("_Result")


END_S = 5.0
"""How long what is cancelled may take to end."""


class OwnLoop:
    """Runs until it is closed. Used by one thread at a time."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="clickwright-ui", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """What the coroutine returns or raises. Where the waiting is ended, as by Ctrl-C, it is cancelled first."""
        over = threading.Event()
        task = asyncio.run_coroutine_threadsafe(_noting(work, over), self._loop)
        try:
            return task.result()
        finally:
            if not over.is_set():
                task.cancel()
                over.wait(END_S)

    def close(self) -> None:
        """End the thread. Harmless when called twice."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.get_loop().run_forever()


async def _noting(work: Coroutine[Any, Any, _Result], over: threading.Event) -> _Result:
    """Tell when it has really ended, which a cancelled Future says too early."""
    try:
        return await work
    finally:
        over.set()
