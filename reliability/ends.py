"""How commands end that drive a real browser: killed and resumed, interrupted, terminated, told twice.

    python -m clickwright.reliability.ends

Timed is from the signal to the end of the process; after it no process of the browser, of its driver or of the demo's
site may be left.
"""

import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from .figure import Figure

MAIN = "import sys; from clickwright.cli import main; sys.argv[0] = 'clickwright'; main()"
CLICKWRIGHT = (sys.executable, "-c", MAIN)
START_S = 120.0
END_S = 60.0
LEFT_S = 3.0
"""How long processes that were told to end may take."""
BAR_S = 5.0
CODES = [130, 143, 130, 130]

WAITING = """
import signal, sys
from clickwright.agent import Agent
from clickwright.environments import BrowserEnvironment
from clickwright.policies import ScriptedPolicy
from clickwright.running import follow
from clickwright.terminal import make_console
from clickwright.tools import Wait
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background inherits that it is ignored
policy = ScriptedPolicy([Wait(seconds=float(sys.argv[2]))] * 30)
sys.exit(follow(Agent("wait", policy=policy, environment=BrowserEnvironment(), run_dir=sys.argv[1]), make_console()))
"""
"""A run in a real browser that does nothing but wait, each step for so many seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended: its exit code, the seconds after the last signal, and the processes that it left."""

    code: int
    seconds: float
    left: tuple[str, ...]
    said: str


class Started:
    """A command that runs, with all that it has started."""

    def __init__(self, command: tuple[str, ...], folder: Path) -> None:
        self._process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        self._pause = threading.Event()

    def until_written(self, path: Path) -> None:
        """Wait for the first line of a file. Raises AssertionError where it does not come."""
        until = time.monotonic() + START_S
        while not (path.exists() and b"\n" in path.read_bytes()):
            if self._process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"it has written no {path.name}: {self._rest()}")
            self._pause.wait(0.01)

    def end(self, *signals: int, apart_s: float = 0.3) -> Ended:
        """Send these signals, and see what is left when it has ended."""
        family = [psutil.Process(self._process.pid), *psutil.Process(self._process.pid).children(recursive=True)]
        for place, number in enumerate(signals):
            if place:
                self._pause.wait(apart_s)  # two at once would be one
            self._process.send_signal(number)
        began = time.monotonic()
        said = self._rest()
        seconds = time.monotonic() - began
        _, left = psutil.wait_procs(family[1:], timeout=LEFT_S)
        return Ended(code=self._process.returncode, seconds=seconds, left=tuple(map(str, left)), said=said)

    def _rest(self) -> str:
        try:
            return self._process.communicate(timeout=END_S)[0]
        finally:
            if self._process.poll() is None:
                self._process.kill()


@contextmanager
def folder() -> Generator[Path]:
    with tempfile.TemporaryDirectory(prefix="clickwright-") as name:
        yield Path(name)


def ended_demo(at: Path, number: int) -> Ended:
    """A demo that gets this signal after its first step."""
    started = Started((*CLICKWRIGHT, "demo", "--player", "oracle", "--seed", "5", "--run-dir", str(at)), at)
    started.until_written(at / "seed-5" / "shop" / "steps.jsonl")
    return started.end(number)


def killed_demo(at: Path, *, resume: str) -> subprocess.CompletedProcess[str]:
    """A demo that is killed after its first step, and then `clickwright run --resume` with this part of its folder."""
    killed = ended_demo(at, signal.SIGKILL)
    assert killed.code == -signal.SIGKILL, killed
    command = (*CLICKWRIGHT, "run", "--resume", str(at / resume))
    return subprocess.run(command, cwd=at, capture_output=True, text=True, timeout=START_S, check=False)


def ended(number: int, *, twice: bool = False, seconds: float = 1.0) -> Ended:
    """A run in a real browser that gets this signal in the middle of an action that takes so many seconds."""
    with folder() as at:
        started = Started((sys.executable, "-c", WAITING, "run", str(seconds)), at)
        started.until_written(at / "run" / "journal.jsonl")
        return started.end(*(number,) * (1 + twice))


def figures(nightly: bool) -> list[Figure]:
    """Whether a killed demo goes on, how long an interrupted run takes to end, and what it leaves."""
    with folder() as at:
        resumed = killed_demo(at, resume="")
    goes_on = resumed.returncode == 0 and "passed 3 of 3" in resumed.stdout
    ends = {
        "Ctrl-C": ended(signal.SIGINT),
        "SIGTERM": ended(signal.SIGTERM),
        "Ctrl-C in an action of 60 s": ended(signal.SIGINT, seconds=60),
        "Ctrl-C twice in an action of 60 s": ended(signal.SIGINT, twice=True, seconds=60),
    }
    left = [name for end in ends.values() for name in end.left]
    codes_are_right = [end.code for end in ends.values()] == CODES
    return [
        Figure(
            name="demo killed after its first step, resumed by its folder",
            found=f"exit code {resumed.returncode}, {'3 of 3' if goes_on else 'not 3 of 3'}",
            bar="0, 3 of 3",
            holds=goes_on,
        ),
        *(_within_the_bar(name, end) for name, end in ends.items()),
        Figure(
            name="exit codes",
            found=" ".join(str(end.code) for end in ends.values()),
            bar=" ".join(map(str, CODES)),
            holds=codes_are_right,
        ),
        Figure(name="processes left of browser and driver", found=str(len(left)), bar="0", holds=not left),
    ]


def _within_the_bar(name: str, end: Ended) -> Figure:
    return Figure(
        name=f"seconds to end after {name}", found=f"{end.seconds:.1f}", bar=f"< {BAR_S:g}", holds=end.seconds < BAR_S
    )


if __name__ == "__main__":
    for figure in figures(nightly=False):
        print(f"{figure.name}: {figure.found} (must be {figure.bar})")
