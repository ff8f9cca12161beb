"""The other side of the border: a server run by the Python of BrowserGym's virtual environment."""

import asyncio
import json
import os
import signal
import tempfile
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

from ...errors import EnvironmentLost, UsageError
from ...screen.screenshot import pixel_bytes

SERVER = Path(__file__).with_name("venv_side") / "server.py"
MAX_LINE_BYTES = 16_000_000
END_S = 5.0
"""For the browser to go after its driver: after that the whole group is killed."""
Told = dict[str, Any]


class GymProcess:
    """One server process and its browser. Calls have no deadline of their own: `kill` ends them from outside.

    Raises UsageError where the Python or BrowserGym is missing, EnvironmentLost when the process has ended.
    """

    def __init__(self, python: str) -> None:
        self._python = python
        self._process: Process | None = None
        self._errors: IO[bytes] | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start the server. Its virtual environment's own browsers are used where it has some."""
        browsers = Path(self._python).parent.parent / "browsers"
        environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}
        if browsers.is_dir():
            environment.setdefault("PLAYWRIGHT_BROWSERS_PATH", str(browsers))
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            self._process = await asyncio.create_subprocess_exec(
                self._python,
                str(SERVER),
                stdin=PIPE,
                stdout=PIPE,
                stderr=self._errors,
                env=environment,
                limit=MAX_LINE_BYTES,
                start_new_session=True,
            )
        except (FileNotFoundError, PermissionError):
            raise UsageError(f"there is no Python at {self._python}; clickwright setup browsergym makes one") from None

    async def ask(self, **request: Any) -> tuple[Told, bytes]:
        """What it answers, and the pixels that came along."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise EnvironmentLost("no BrowserGym is running; reset the environment first")
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            await process.stdin.drain()
            line = await process.stdout.readline()
            told = _read(line)
            size = pixel_bytes([int(side) for side in told["shape"]]) if "shape" in told else 0
            pixels = await process.stdout.readexactly(size)
        except (ConnectionError, asyncio.IncompleteReadError, ValueError):
            raise self._ended() from None
        if "wrong" in told:
            raise UsageError(str(told["wrong"])[:500])
        return told, pixels

    def _ended(self) -> EnvironmentLost | UsageError:
        """Why, as the last line that it wrote says."""
        lines = self._complaints()
        if any("No module named 'browsergym'" in line or "No module named 'gymnasium'" in line for line in lines):
            return UsageError(f"{self._python} has no BrowserGym; clickwright setup browsergym makes one that has")
        return EnvironmentLost(f"BrowserGym ended: {lines[-1][:300] if lines else 'it did not say why'}")

    def _complaints(self) -> list[str]:
        if self._errors is None:
            return []
        end = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, end - 20_000))
        return [line for line in self._errors.read().decode("utf-8", "replace").splitlines() if line.strip()]

    async def close(self, seconds: float) -> None:
        """Let it close its browser; it is killed when that takes longer."""
        process = self._process
        if process is not None and process.stdin is not None:
            with suppress(ConnectionError):
                process.stdin.close()
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await process.wait()
        await self.kill()

    async def kill(self) -> None:
        """End it and whatever it started. Without it the driver ends, and without that the browser."""
        process, self._process = self._process, None
        if process is not None:
            if process.returncode is None:
                process.kill()
                await process.wait()
            await _end_group(process.pid)
        if self._errors is not None:
            self._errors.close()
            self._errors = None


def _read(line: bytes) -> Told:
    told: object = json.loads(line) if line else None
    if not isinstance(told, dict):
        raise ValueError("no answer")
    return cast(Told, told)


async def _end_group(group: int) -> None:
    clock = asyncio.get_running_loop().time
    until = clock() + END_S
    with suppress(ProcessLookupError, PermissionError):
        while clock() < until:
            os.killpg(group, 0)  # raises when nobody is left
            await asyncio.sleep(0.05)
        os.killpg(group, signal.SIGKILL)
