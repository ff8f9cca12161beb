"""Run a program that ends with whoever started it: `python -I keep.py PROGRAM ...` with a pipe as standard input.

When the pipe closes, also because its other end was killed, the program and all that it started are ended: TERM, and
KILL after a second. When the program ends by itself, so does this, with its exit code. Imports nothing of Clickwright,
so that it starts in some 30 ms.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

_PATIENCE_S = 1.0
_SET_PARENT_DEATH_SIGNAL, _SET_CHILD_SUBREAPER = 1, 36


def _ask_linux(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _adopt_orphans() -> None:
    """Let what the program leaves behind come to this process instead of to the first one."""
    _ask_linux(_SET_CHILD_SUBREAPER, 1)


def _die_with_parent() -> None:
    """Let the program end also where this process is killed."""
    _ask_linux(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _go_on(number: int, frame: object) -> None:
    """The pipe decides. A signal that is ignored would be ignored by the program, too."""


def _descendants() -> set[int]:
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents[int(folder.name)] = int(fields[1])
    found = {os.getpid()}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


def _send(number: int, program: "subprocess.Popen[bytes]") -> None:
    left = _descendants() if Path("/proc/self").exists() else {program.pid}
    for pid in left:
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):  # it is gone, or another user's
            continue


def _end(program: "subprocess.Popen[bytes]") -> None:
    _send(signal.SIGTERM, program)
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and (program.poll() is None or _descendants()):
        time.sleep(0.02)
    for _ in range(3):  # what is being killed may start something meanwhile
        _send(getattr(signal, "SIGKILL", signal.SIGTERM), program)
        time.sleep(0.01)


def _watch(program: "subprocess.Popen[bytes]") -> None:
    while os.read(0, 4096):
        pass
    _end(program)
    os._exit(0)


def main() -> None:
    """Start the program, and stay for as long as it does."""
    _adopt_orphans()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _go_on)
    try:
        program = subprocess.Popen(
            sys.argv[1:],
            stdin=subprocess.DEVNULL,
            close_fds=False,  # Xvfb writes to one that it was given
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # no other thread runs yet
        )
    except OSError as error:
        sys.stderr.write(f"{sys.argv[1]} cannot be started: {error.strerror}\n")
        sys.exit(127)
    threading.Thread(target=_watch, args=(program,), daemon=True).start()
    code = program.wait()
    while _descendants():  # a program may go into the background
        time.sleep(0.1)
    os._exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()
