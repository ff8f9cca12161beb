"""Programs that the desktop runs: each ends with it, whatever ends it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from ...errors import UsageError

KEEPER = Path(__file__).with_name("keep.py")
END_S = 3.0
"""Longer than `keep.py` waits for a program to end by itself."""
_SAID_CHARS = 300


class Program:
    """A running program and all that it started. What it says to its user goes to a file without a name."""

    def __init__(
        self, command: Sequence[str], *, environment: Mapping[str, str] | None = None, pass_fds: tuple[int, ...] = ()
    ) -> None:
        if not command or not all(isinstance(word, str) for word in command):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise UsageError(f"a command is a list of words, not {command!r}")
        self.command = tuple(command)
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  the program writes into it for as long as it runs
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", str(KEEPER), *command],
            stdin=subprocess.PIPE,
            stdout=self._said,
            stderr=subprocess.STDOUT,
            env=None if environment is None else dict(environment),
            pass_fds=pass_fds,
            start_new_session=True,  # Ctrl-C is for the agent, which ends its programs in order
        )

    @property
    def pid(self) -> int:
        """Of the process that looks after the program."""
        return self._keeper.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._keeper.poll()

    @property
    def said(self) -> str:
        """The last line that it wrote."""
        length = self._said.seek(0, os.SEEK_END)
        self._said.seek(max(0, length - 4096))
        lines = self._said.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1].strip()[:_SAID_CHARS] if lines else ""

    def end(self) -> None:
        """End it and all that it started, and wait until that is done. Harmless when called twice."""
        pipe = self._keeper.stdin
        if pipe is not None and not pipe.closed:
            pipe.close()
        try:
            self._keeper.wait(END_S)
        except subprocess.TimeoutExpired:
            self._keeper.kill()
            self._keeper.wait()
        if not self._said.closed:
            self._said.close()
