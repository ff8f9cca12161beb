"""A screen that exists in memory only: Xvfb and a window manager, started and stopped together."""

import os
import select
import shutil
import time
from types import TracebackType
from typing import Self

from ...errors import EnvironmentLost
from ...screen import Size
from .access import Key
from .program import Program

FULL_HD = Size(1920, 1080)
START_S = 15.0
WINDOW_MANAGER = ("openbox", "--sm-disable")


class VirtualDisplay:
    """An X display of this size that nobody sees. `name` is what DISPLAY is set to for programs that shall use it.

    Only this user may use it. Windows have frames and can be moved where openbox is installed. Raises EnvironmentLost
    where Xvfb is missing or does not start. Both end with this process, however it ends.
    """

    def __init__(self, size: Size = FULL_HD) -> None:
        self.size = size
        self.name = ""
        self._programs: list[Program] = []
        self._key: Key | None = None

    @property
    def is_running(self) -> bool:
        return bool(self._programs) and self._programs[0].exit_code is None

    @property
    def is_managed(self) -> bool:
        """Whether a window manager looks after the windows."""
        return len(self._programs) > 1

    @property
    def pids(self) -> tuple[int, ...]:
        return tuple(program.pid for program in self._programs)

    def environment(self) -> dict[str, str]:
        """The environment variables for programs on this display: nothing leads them to another one."""
        kept = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
        here = {"DISPLAY": self.name, "GDK_BACKEND": "x11", "QT_QPA_PLATFORM": "xcb", "XDG_SESSION_TYPE": "x11"}
        here["XAUTHORITY"] = os.devnull  # it asks for no key, and python-xlib fails where the file is missing
        # An instance of the program that runs on the user's own display would be found on the bus, and open it there.
        return kept | here | {"DBUS_SESSION_BUS_ADDRESS": "disabled:", "NO_AT_BRIDGE": "1"}

    def start(self) -> None:
        """Start it and wait until it answers."""
        if self.is_running:
            return
        self.stop()
        if shutil.which("Xvfb") is None:
            raise EnvironmentLost("there is no Xvfb for a virtual display: apt install xvfb openbox")
        self._key = Key()
        try:
            number = self._start_server(self._key)
            self._key.let_this_user_in(number)
        except EnvironmentLost:
            self.stop()
            raise
        self.name = f":{number}"
        if shutil.which(WINDOW_MANAGER[0]):
            self._programs.append(Program(WINDOW_MANAGER, environment=self.environment()))

    def stop(self) -> None:
        """Stop both. Harmless when called twice."""
        for program in reversed(self._programs):
            program.end()
        self._programs.clear()
        if self._key is not None:
            self._key.forget()
            self._key = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start_server(self, key: Key) -> str:
        screen = f"{self.size.width}x{self.size.height}x24"
        reads, writes = os.pipe()
        try:
            command = ("Xvfb", "-displayfd", str(writes), "-auth", str(key.file), "-screen", "0", screen)
            self._programs.append(Program((*command, "-nolisten", "tcp", "-noreset"), pass_fds=(writes,)))
            os.close(writes)
            return self._number(reads)
        finally:
            os.close(reads)

    def _number(self, reads: int) -> str:
        """The display's number, which Xvfb chooses itself: no two can choose the same."""
        told = b""
        until = time.monotonic() + START_S
        while not told.endswith(b"\n"):
            ready, _, _ = select.select([reads], [], [], max(0.0, until - time.monotonic()))
            more = os.read(reads, 64) if ready else b""
            if not more:
                said = self._programs[0].said
                raise EnvironmentLost(f"Xvfb did not start within {START_S:g} s: {said or 'it gave no reason'}")
            told += more
        return str(int(told))
