"""The synchronous front: a coroutine in a thread and a loop of its own, with Ctrl-C and SIGTERM passed on to it."""

import asyncio
import signal
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

_Result = TypeVar("_Result")

POLL_S = 0.5
"""How often the waiting thread wakes; on Windows a signal is seen only then."""
FINISH_S = 3.0
"""How long the first signal waits for the action that has begun; then it is left, in doubt until it is looked at."""
GRACE_S = 5.0
"""How long it may take to close the screen."""
WORKER_S = 0.3
"""How long a model that is still thinking is waited for, after a signal."""
THREAD = "clickwright"
"""The name of the thread. It is alive after a signal only while a model is still thinking."""


def in_own_thread(work: Callable[[], Coroutine[Any, Any, _Result]], stop: Callable[[], None]) -> _Result:
    """What the coroutine returns. The first signal calls `stop`, the second cancels; both are raised in the end.

    What does not stop in time after the first one is cancelled, too.
    """
    over, asked = threading.Event(), list[BaseException]()
    with _loop_in_thread(lambda: WORKER_S if asked else GRACE_S) as loop, _sigterm_raises():
        task = asyncio.run_coroutine_threadsafe(_noting(work(), over), loop)
        until = float("inf")
        while not task.done():
            try:
                wait([task], timeout=min(POLL_S, max(0.0, until - time.monotonic())))
                if time.monotonic() >= until:
                    _cancel(task, over)
            except (KeyboardInterrupt, SystemExit) as signalled:
                asked.append(signalled)
                if len(asked) > 1:
                    _cancel(task, over)
                    raise
                until = time.monotonic() + FINISH_S
                stop()
        if asked and (task.cancelled() or task.exception() is None):
            raise asked[0]
        return task.result()


async def _noting(work: Coroutine[Any, Any, _Result], over: threading.Event) -> _Result:
    """Tell when the screen is closed, which a cancelled Future says too early."""
    try:
        return await work
    finally:
        over.set()


def _cancel(task: "Future[Any]", over: threading.Event) -> None:
    task.cancel()
    over.wait(GRACE_S)


@contextmanager
def _loop_in_thread(patience_s: Callable[[], float]) -> Generator[asyncio.AbstractEventLoop]:
    """A running loop in a daemon thread, which ends with the block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=_serve, args=(loop,), name=THREAD, daemon=True)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(patience_s())


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.get_loop().run_forever()


@contextmanager
def cancelled_by_sigterm() -> Generator[None]:
    """SIGTERM cancels the task that is in this block, as Ctrl-C does in `asyncio.run`, and then ends the process."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    told: list[int] = []

    def cancel() -> None:
        told.append(signal.SIGTERM)
        if task is not None:
            task.cancel()

    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return
    loop.add_signal_handler(signal.SIGTERM, cancel)
    try:
        yield
    except asyncio.CancelledError:
        if told:
            raise SystemExit(128 + signal.SIGTERM) from None
        raise
    finally:
        loop.remove_signal_handler(signal.SIGTERM)


@contextmanager
def _sigterm_raises() -> Generator[None]:
    """SIGTERM ends a run as Ctrl-C does, where nobody else listens to it."""
    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _raise_exit)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _raise_exit(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
