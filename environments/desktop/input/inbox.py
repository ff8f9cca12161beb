"""The requests as they come in, and the news that nobody sends any more."""

import os
import sys
import threading
from queue import Empty, SimpleQueue

_PATIENCE_S = 2.0


class Stopped(BaseException):
    """The other side is gone: release what is held and end. No error, so that nothing takes it for one."""


class Inbox:
    """Lines of the standard input. When it closes, what is being done is stopped, and ended if that does not help."""

    def __init__(self) -> None:
        self._lines: SimpleQueue[bytes] = SimpleQueue()
        self._closed = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def next(self, timeout_s: float | None) -> bytes | None:
        """The next line, None when the seconds are over. Raises Stopped at the end."""
        try:
            line = self._lines.get(timeout=timeout_s)
        except Empty:
            return None
        if not line:
            raise Stopped
        return line

    def pause(self, seconds: float) -> None:
        """Let time pass. Raises Stopped when nobody waits for the answer any more."""
        if self._closed.wait(seconds):
            raise Stopped

    def _read(self) -> None:
        rest = b""
        while more := os.read(sys.stdin.fileno(), 65536):  # not its buffer, which Python locks as it ends
            *lines, rest = (rest + more).split(b"\n")
            for line in lines:
                self._lines.put(line)
        self._closed.set()
        self._lines.put(b"")
        threading.Event().wait(_PATIENCE_S)
        os._exit(1)  # the main thread waits for a display that does not answer
