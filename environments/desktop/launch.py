"""Applications that an environment starts: each is waited for until it shows a window."""

import asyncio
import os
import shutil
from collections.abc import Mapping, Sequence

from ...errors import ActionFailed, UsageError
from .desktop import Desktop
from .program import Program
from .settle import differ

WINDOW_S = 20.0
"""How long an application may take to show its first window."""
MANAGER_S = 5.0
_POLL_S = 0.03


class Applications:
    """The programs that run now."""

    def __init__(self) -> None:
        self._programs: list[Program] = []

    @property
    def pids(self) -> tuple[int, ...]:
        return tuple(program.pid for program in self._programs)

    def end(self) -> None:
        """End them all. Harmless when called twice."""
        for program in self._programs:
            program.end()
        self._programs.clear()

    async def launch(
        self, command: Sequence[str], desktop: Desktop, *, environment: Mapping[str, str] | None, display: str = ""
    ) -> None:
        """Start a program and wait for its window.

        Raises UsageError where there is no such program, ActionFailed where it shows no window.
        """
        if isinstance(command, str) or not command:
            raise UsageError(f"a command is a list of words, such as ['galculator'], not {command!r}")
        if shutil.which(command[0]) is None:
            raise UsageError(f"there is no program {command[0]!r} on this machine")
        known = dict(os.environ if environment is None else environment)
        known |= {"DISPLAY": display} if display else {}
        before = {window.id for window in await desktop.list()}
        picture = await desktop.backend.grab(desktop.monitors[0].area)
        program = Program(command, environment=known)
        self._programs.append(program)
        clock = asyncio.get_running_loop().time
        until = clock() + WINDOW_S
        while clock() < until:
            if any(window.id not in before for window in await desktop.list()):
                return
            if desktop.backend.platform != "linux" and differ(
                await desktop.backend.grab(desktop.monitors[0].area), picture
            ):
                return
            if program.exit_code:
                break
            await asyncio.sleep(_POLL_S)
        raise ActionFailed(_why(program))

    async def await_title(self, desktop: Desktop, title: str) -> None:
        """Until a window has it, or has had its time: many are named only after they have opened."""
        clock = asyncio.get_running_loop().time
        until = clock() + WINDOW_S
        while clock() < until:
            if any(title in window.title for window in await desktop.list()):
                return
            await asyncio.sleep(_POLL_S)

    async def await_window_manager(self, desktop: Desktop) -> None:
        """Until it looks after the windows: one that opens before is placed without it."""
        clock = asyncio.get_running_loop().time
        until = clock() + MANAGER_S
        while clock() < until:
            if (await desktop.list_all()).managed:
                return
            await asyncio.sleep(_POLL_S)


def _why(program: Program) -> str:
    name, said = program.command[0], program.said
    ended = program.exit_code
    what = (
        f"showed no window within {WINDOW_S:g} s" if ended is None else f"ended with code {ended} and showed no window"
    )
    return f"{name} {what}{': ' if said else ''}{said}"
