"""Runs `adb`, the program that talks to an Android device, and says what its complaints mean.

Its output is described in https://developer.android.com/tools/adb. A device joins the words after `adb shell` with
spaces and gives them to its own shell: every word that is not a constant of ours is quoted here for that shell.
"""

import asyncio
import re
import shlex
from asyncio.subprocess import DEVNULL, PIPE
from dataclasses import dataclass

from ...errors import ActionFailed, EnvironmentLost, UsageError

MAX_WORDS = 300
"""Of a complaint that is told on."""
_NO_PROGRAM = (
    "{0} is not installed; get Android's platform tools (on Debian: apt-get install adb) or say where it is with adb="
)
_MANY = "several Android devices are attached; say which with serial= (adb devices lists them)"
_LOST: tuple[tuple[str, str], ...] = (  # what adb writes, and what to do about it
    (r"unauthorized|still authorizing", "the device does not trust this computer yet: accept USB debugging on it"),
    (r"device offline", "the device is offline: reconnect it, or restart its emulator"),
    (r"no devices/emulators found", "no Android device is attached: connect one with USB debugging, or adb connect"),
    (r"device '.*' not found|device not found", "the device is gone: connect it again"),
    (
        r"(error|adb): (closed|protocol fault)|connection reset|transport",
        "the connection to the device broke: connect it again",
    ),
    (r"(cannot connect to|failed to start) daemon|failed to connect to", "adb has no server: run adb start-server"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adb:
    """One device behind an `adb` program. `serial` is needed where several are attached.

    Every call raises UsageError where `adb` or the choice of the device is missing, EnvironmentLost where the device
    cannot be reached, and ends its process when it is cancelled. The server that adb itself starts stays, as always.
    """

    program: str = "adb"
    serial: str | None = None

    async def shell(self, *words: str) -> str:
        """What a command on the device writes; each word arrives as it is. Raises ActionFailed when it fails."""
        return await self.script(shlex.join(words))

    async def script(self, text: str) -> str:
        """As `shell`, for a line that the device's shell reads: constants and words quoted with `shlex.quote` only."""
        return (await self._run("shell", text)).decode("utf-8", "replace")

    async def read(self, *words: str) -> bytes:
        """The bytes that a command writes, untouched by a terminal, such as a picture."""
        return await self._run("exec-out", shlex.join(words))

    async def _run(self, *arguments: str) -> bytes:
        chosen = ("-s", self.serial) if self.serial else ()
        try:
            process = await asyncio.create_subprocess_exec(
                self.program, *chosen, *arguments, stdin=DEVNULL, stdout=PIPE, stderr=PIPE
            )
        except (FileNotFoundError, PermissionError):
            raise UsageError(_NO_PROGRAM.format(self.program)) from None
        try:
            out, err = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            raise _meaning(err.decode("utf-8", "replace"), out.decode("utf-8", "replace"))
        return out


def _meaning(err: str, out: str) -> ActionFailed | EnvironmentLost | UsageError:
    """adb's own complaints begin with its name; all others come from the command on the device."""
    own = "\n".join(line for line in err.splitlines() if re.match(r"(adb|error):", line) or "daemon" in line)
    if "more than one device" in own:
        return UsageError(_MANY)
    for pattern, sentence in _LOST:
        if re.search(pattern, own):
            return EnvironmentLost(sentence)
    return ActionFailed(f"the device refused: {last_line(err) or last_line(out) or 'it did not say why'}")


def last_line(text: str) -> str:
    """The last line with anything in it, cut short: where programs say what went wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:MAX_WORDS] if lines else ""
