"""The line to the input process: one request, one answer."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping

from pydantic import JsonValue, ValidationError

from ...errors import ActionFailed, Denied, EnvironmentLost
from .requests import Answer, Request

MODULE = "clickwright.environments.desktop.input"
END_S = 3.0
"""Longer than the input process takes to release what it holds."""


class InputLink:
    """A running input process. Used by one thread only, but for `kill` and `end`, which any may call.

    With `lets_go` it first releases all keys and buttons, which one that was killed may have held.
    """

    def __init__(
        self,
        *,
        display: str = "",
        failsafe: bool,
        lets_go: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        known = dict(os.environ if environment is None else environment)
        # The process must find the package that this one runs, wherever it was imported from.
        known["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
        known |= {"DISPLAY": display} if display else {}
        options = [*(["--failsafe"] if failsafe else []), *(["--let-go"] if lets_go else [])]
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  the process writes into it for as long as it runs
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", MODULE, *options],  # -P: nothing is imported from the folder we are in
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env=known,
            start_new_session=True,  # Ctrl-C is for the agent
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, request: Request) -> JsonValue:
        """Raises ActionFailed, Denied or EnvironmentLost as the answer says, EnvironmentLost where there is none."""
        writes, reads = self._process.stdin, self._process.stdout
        if writes is None or reads is None:
            raise RuntimeError("the input process was started without pipes")
        try:
            writes.write(request.model_dump_json().encode() + b"\n")
            writes.flush()
            line = reads.readline()
            answer = Answer.model_validate_json(line)
        except ValidationError:
            raise EnvironmentLost(f"the input process gave no answer: {self._last_words()}") from None
        except (OSError, ValueError):  # ValueError: the pipe was closed meanwhile
            raise EnvironmentLost(f"the input process is gone: {self._last_words()}") from None
        if answer.lost:
            raise EnvironmentLost(answer.lost)
        if answer.stopped:
            raise Denied(answer.stopped)
        if answer.failed:
            raise ActionFailed(answer.failed)
        return answer.value

    def kill(self) -> None:
        """End it now; a call that waits for its answer then fails."""
        self._process.kill()

    def end(self) -> None:
        """Let it release what it holds, and end it. Harmless when called twice."""
        if self._process.stdin is not None:
            try:
                self._process.stdin.close()
            except OSError:
                self._process.kill()  # a request was on its way to a process that is gone
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._said.close()

    def _last_words(self) -> str:
        if self._said.closed:
            return "it was ended"
        self._said.seek(0)
        lines = self._said.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else "it said nothing"
