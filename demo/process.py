"""The demo site as a child process that keeps its state in a file, so that a killed run can go on."""

import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from ..errors import EnvironmentLost
from .state import State, read_state, write_state

SITE = "site.json"
"""The file with the state, in the folder of the run."""
START_S = 20.0
STOP_S = 5.0


class SiteProcess:
    """A running site; `url` is where. The file in its folder is written first where it is new."""

    def __init__(self, folder: Path, before: State) -> None:
        self._path = folder / SITE
        self._log = folder / "site.log"
        self._before = before
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    def __enter__(self) -> Self:
        """Start, on the port where it was before. Raises EnvironmentLost when it says no URL in time."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if not self._path.exists():
            write_state(self._path, self._before)
        with self._log.open("a", encoding="utf-8") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"{__package__}.site", "--state", str(self._path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,  # Ctrl-C is for the run, which then ends this in its own time
            )
        self._process = process
        deadline = threading.Timer(START_S, process.kill)
        deadline.start()
        self.url = process.stdout.readline().strip() if process.stdout else ""
        deadline.cancel()
        if not self.url:
            self._stop()
            raise EnvironmentLost(f"the demo site did not start; {self._log} may say why")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop()

    @property
    def state(self) -> State:
        """What has been done on it so far."""
        return read_state(self._path)

    def _stop(self) -> None:
        """Close its standard input, which ends it."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(BrokenPipeError, subprocess.TimeoutExpired):
            process.communicate(timeout=STOP_S)
        if process.poll() is None:
            process.kill()
            process.wait()
