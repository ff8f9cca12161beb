"""The driver's end of the line: a worker process that can be killed at any moment, or whatever else answers."""

import asyncio
import os
import signal
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from typing import IO, Protocol

from pydantic import ValidationError

from ...errors import EnvironmentLost
from ...screen.screenshot import pixel_bytes
from .wire import Answer, Request, packed, read_body

MODULE = __package__ or ""
_READ_BYTES = 8_000_000


class WorkerGone(EnvironmentLost):
    """The worker ended or was killed, and the episode in it with it."""


class NoPlace(EnvironmentLost):
    """No worker can be had in the place of one that is gone. Nothing is wrong with the episode."""


class Link(Protocol):
    """A line to one worker. Requests go one after another."""

    async def ask(self, request: Request, within_s: float) -> tuple[Answer, bytes]:
        """Its answer and the pixels with it. One that takes longer is killed, and WorkerGone raised, as where it ended
        by itself. Raises what the answer says was raised, and NoPlace where it needs another worker and has none."""
        ...

    async def kill(self) -> None:
        """End it now, in the middle of a request too; the next request begins another."""
        ...

    async def close(self, within_s: float) -> None:
        """Let it close what it holds, and end it. Harmless when called twice."""
        ...


class ProcessLink:
    """A process on this machine. Started with the first request, and again after it died or was killed."""

    def __init__(self, opening: Request) -> None:
        """`opening` is the first thing that every new process is told."""
        self._opening = opening
        self._process: Process | None = None
        self._said: IO[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Of the process that runs, None where none does."""
        return None if self._process is None or self._process.returncode is not None else self._process.pid

    async def ask(self, request: Request, within_s: float) -> tuple[Answer, bytes]:
        """As `Link.ask`. The process is started where none runs."""
        if self._process is not None and self._process.returncode is not None:  # it died between two requests
            gone = await self._gone()
            if request.do != "begin":
                raise gone  # a new one knows nothing of the episode
        try:
            async with asyncio.timeout(within_s):
                if self._process is None:
                    await self._start()
                answer, pixels = await self._exchange(request)
        except TimeoutError:
            await self.kill()
            raise WorkerGone(f"the worker did not {request.do} within {within_s:g} s, and was killed") from None
        except asyncio.CancelledError:
            await self.kill()  # its answer would be taken for that of the next request
            raise
        answer.require()
        return answer, pixels

    async def kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            # Not by its own `kill`, which would wait for one that has just ended, in the place of who waits below.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # what it started elsewhere ends with its line to it
            await process.wait()
        self._forget()

    async def close(self, within_s: float) -> None:
        process = self._process
        if process is not None and process.stdin is not None:
            with suppress(ConnectionError):
                process.stdin.close()
            with suppress(TimeoutError):
                async with asyncio.timeout(within_s):
                    await process.wait()
        await self.kill()

    async def _start(self) -> None:
        await self.kill()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  the process writes into it for as long as it runs
        # The process must find the package that this one runs, wherever it was imported from.
        path = os.pathsep.join(path for path in sys.path if path)
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # nothing is imported from the folder we are in
            "-m",
            MODULE,
            stdin=PIPE,
            stdout=PIPE,
            stderr=self._said,
            env={**os.environ, "PYTHONPATH": path},
            limit=_READ_BYTES,
            start_new_session=True,  # Ctrl-C is for the driver
        )
        answer, _ = await self._exchange(self._opening)
        answer.require()

    async def _exchange(self, request: Request) -> tuple[Answer, bytes]:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise WorkerGone("the worker has no line")
        message = packed(request)
        try:
            process.stdin.write(message)
            await process.stdin.drain()
            answer = Answer.model_validate_json(await read_body(process.stdout))
            size = 0 if answer.picture is None else pixel_bytes(answer.picture.shape)
            return answer, await process.stdout.readexactly(size) if size else b""
        except (ConnectionError, asyncio.IncompleteReadError, ValidationError, ValueError):
            raise await self._gone() from None

    async def _gone(self) -> WorkerGone:
        words = self._last_words()
        await self.kill()
        return WorkerGone(f"the worker ended: {words}")

    def _last_words(self) -> str:
        if self._said is None:
            return "it said nothing"
        end = self._said.seek(0, os.SEEK_END)
        self._said.seek(max(0, end - 20_000))
        lines = self._said.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else "it said nothing"

    def _forget(self) -> None:
        if self._said is not None:
            self._said.close()
            self._said = None
