"""A desktop as an environment: pictures by mss, input by pyautogui in a process of its own."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from ...errors import ActionFailed, EnvironmentLost, UsageError
from ...screen import Box, Effect, Observation, Pixels, Screenshot, Size
from ...tools import Action, Task, points_of
from ..environment import Facts
from ..points import refuse_off_screen
from .actions import do, is_for_the_screen, own_time_s
from .backend import Backend
from .desktop import Desktop, Part
from .launch import Applications
from .machine import MachineBackend
from .requests import WindowSeen
from .settle import STARTED_CALM_S, STARTED_CAP_S, differ, settle
from .virtual_display import VirtualDisplay

_Result = TypeVar("_Result")


class DesktopEnvironment:
    """The screen of this session, of an X display by its name, or of a virtual one that is started and stopped here.

    `app` is a command as a list of words; each reset ends it and starts it anew, and waits for its window. The screen
    is all monitors together, or one `monitor` (1 is the first), a `region` in input units, or the window whose title
    holds `window`. Every call ends within `deadline_s`; a reset, which may start a display, within `start_s`.

    On a display that people see (`failsafe`, by default where it is not virtual) a person who moves the pointer into
    the top left corner stops the run: that raises Denied. A display that is gone or hangs raises EnvironmentLost;
    `reset` starts afresh.
    """

    def __init__(
        self,
        app: Sequence[str] = (),
        *,
        virtual_display: Size | None = None,
        display: str = "",
        monitor: int = 0,
        region: Box | None = None,
        window: str = "",
        failsafe: bool | None = None,
        deadline_s: float = 15.0,
        start_s: float = 60.0,
        backend: Backend | None = None,
    ) -> None:
        if isinstance(app, str):
            raise UsageError(f"a command is a list of words: {app.split()}, not {app!r}")
        if sum((virtual_display is not None, bool(display), backend is not None)) > 1:
            raise UsageError("give a virtual display, the name of a display, or a backend: one of them")
        self.deadline_s = deadline_s
        self.start_s = start_s
        self.app = tuple(app)
        self._part = Part(monitor=monitor, region=region, window=window)
        self._display = display
        self._failsafe = virtual_display is None if failsafe is None else failsafe
        self._given = backend
        self.virtual_display = None if virtual_display is None else VirtualDisplay(virtual_display)
        self._applications = Applications()
        self._desktop: Desktop | None = None
        self._lost = ""
        self._shown: Screenshot | None = None
        self._known: dict[int, str] = {}
        self._focus: int | None = None

    @property
    def desktop(self) -> Desktop:
        """The open desktop, for what the actions cannot do. Raises EnvironmentLost before a reset and after a loss."""
        if self._desktop is None:
            raise EnvironmentLost("no desktop is open; reset the environment first")
        if self._lost:
            raise EnvironmentLost(self._lost)
        return self._desktop

    @property
    def processes(self) -> tuple[int, ...]:
        """What runs for this environment: the input process, the display, the window manager, the application."""
        backend = None if self._desktop is None else self._desktop.backend
        own = backend.input_pid if isinstance(backend, MachineBackend) else None
        display = () if self.virtual_display is None else self.virtual_display.pids
        return (*((own,) if own else ()), *display, *self._applications.pids)

    async def reset(self, task: Task) -> Observation:
        """The application started anew. Raises EnvironmentLost where the display or the application does not start."""
        if task.start_url:
            raise UsageError(
                f"a desktop opens no URL: start a browser with it as the application, not {task.start_url}"
            )
        if self._lost:
            await self._leave()
        try:
            return await self._guard(self._begin(), self.start_s)
        except ActionFailed as failure:
            raise EnvironmentLost(str(failure)) from None

    async def observe(self) -> Observation:
        return await self._guard(self._observe(self.desktop), self.deadline_s)

    async def step(self, action: Action) -> Observation:
        """Do one action. Raises EnvironmentLost when the display is gone, Denied when a person stopped the run."""
        return await self._guard(self._step(self.desktop, action), self.deadline_s + own_time_s(action))

    async def facts(self, action: Action) -> Facts:
        """The window at the place of the action, or the active one: what stands in it, a desktop does not tell."""
        return await self._guard(self._facts(self.desktop, action), self.deadline_s)

    async def sensitive_boxes(self) -> tuple[Box, ...]:
        """Nothing: a desktop does not tell where passwords are. Keep what must not be stored off its screen."""
        return ()

    async def launch(self, command: Sequence[str]) -> Observation:
        """Start a further application and wait for its window; the next reset ends it.

        Raises UsageError where there is no such program, ActionFailed where it shows no window.
        """
        return await self._guard(self._launch(self.desktop, command), self.start_s)

    async def close(self) -> None:
        await self._leave()
        if self.virtual_display is not None:
            await asyncio.to_thread(self.virtual_display.stop)

    async def _begin(self) -> Observation:
        """Everything that a reset does, in order."""
        await asyncio.to_thread(self._applications.end)
        if self.virtual_display is not None and not self.virtual_display.is_running:
            await self._leave()
            await asyncio.to_thread(self.virtual_display.start)
        if self._desktop is None:
            self._desktop = Desktop(self._backend(), self._part)
        desktop = self._desktop
        await desktop.open()
        if self.virtual_display is not None and self.virtual_display.is_managed:
            await self._applications.await_window_manager(desktop)
        if self.app:
            await self._start(desktop, self.app)
        if self._part.window:
            if self.app:
                await self._applications.await_title(desktop, self._part.window)
            await desktop.focus(self._part.window)
        pixels = await self._settle_started(desktop)
        self._known = {window.id: window.title for window in await desktop.list()}
        return await self._show(desktop, pixels)

    async def _start(self, desktop: Desktop, command: Sequence[str]) -> None:
        known = None if self.virtual_display is None else self.virtual_display.environment()
        await self._applications.launch(command, desktop, environment=known, display=self._display)

    async def _settle_started(self, desktop: Desktop) -> Pixels:
        return await settle(desktop.look, None, calm_s=STARTED_CALM_S, cap_s=STARTED_CAP_S)

    async def _launch(self, desktop: Desktop, command: Sequence[str]) -> Observation:
        await self._start(desktop, command)
        return await self._show(desktop, await self._settle_started(desktop))

    def _backend(self) -> Backend:
        if self._given is not None:
            return self._given
        if self.virtual_display is None:  # kept: it knows whether it was killed, with keys of the user's desktop held
            self._given = MachineBackend(self._display, failsafe=self._failsafe)
            return self._given
        virtual = self.virtual_display
        return MachineBackend(virtual.name, failsafe=self._failsafe, environment=virtual.environment())

    async def _observe(self, desktop: Desktop) -> Observation:
        return await self._show(desktop, await settle(desktop.look, None))

    async def _step(self, desktop: Desktop, action: Action) -> Observation:
        error, effect = None, None
        before = await desktop.look()
        shown = before if self._shown is None else self._shown.pixels
        try:
            for point in points_of(action):
                refuse_off_screen(point, Size(before.shape[1], before.shape[0]))
            await do(action, desktop, shown=shown)
        except ActionFailed as failure:
            error = str(failure)
        after = await settle(desktop.look, before if is_for_the_screen(action) and error is None else None)
        if is_for_the_screen(action):
            effect = "changed" if differ(after, before) else "nothing"
        return await self._show(desktop, after, error=error, effect=effect)

    async def _facts(self, desktop: Desktop, action: Action) -> Facts:
        points = points_of(action)
        window = await (desktop.at(points[0]) if points else desktop.active())
        facts = Facts(point=points[0] if points else None, screen="desktop")
        if window is None:
            return facts
        changed = self._change(window, is_focus=not points)
        told = replace(facts, role="window", name=window.title, window=window.title, program=window.app)
        return replace(told, changed=changed)

    def _change(self, window: WindowSeen, *, is_focus: bool) -> str:
        """What is another window than in the last picture."""
        if window.id not in self._known:
            return "the window has come since the picture"
        return "another window has the focus since the picture" if is_focus and window.id != self._focus else ""

    async def _show(
        self, desktop: Desktop, pixels: Pixels, *, error: str | None = None, effect: Effect | None = None
    ) -> Observation:
        windows = await desktop.list()
        self._focus = next((window.id for window in windows if window.active), None)
        self._shown = Screenshot(pixels=pixels, scale=desktop.view.scale)
        return Observation(
            screenshot=self._shown,
            title=next((window.title for window in windows if window.active), ""),
            error=error,
            effect=effect,
            events=self._events(windows),
            windows=tuple(desktop.shown(window) for window in windows),
        )

    def _events(self, windows: tuple[WindowSeen, ...]) -> tuple[str, ...]:
        """The windows that came and went since the last look."""
        before, self._known = self._known, {window.id: window.title for window in windows}
        opened = [f"a window opened: {title}" for number, title in self._known.items() if number not in before]
        closed = [f"a window closed: {title}" for number, title in before.items() if number not in self._known]
        return (*opened, *closed)

    async def _guard(self, work: Coroutine[Any, Any, _Result], seconds: float) -> _Result:
        """The result, or EnvironmentLost: when the display says so, or when the seconds are over."""
        try:
            async with asyncio.timeout(seconds):
                return await work
        except TimeoutError:
            await self._lose(f"the desktop did not answer within {seconds:g} s")
        except EnvironmentLost as lost:
            await self._lose(str(lost))
        raise EnvironmentLost(self._lost)

    async def _lose(self, reason: str) -> None:
        """Remember why, and end what hangs."""
        self._lost = reason
        if self._desktop is not None:
            await self._desktop.backend.kill()

    async def _leave(self) -> None:
        """Give the desktop back; a virtual display that was lost is stopped, too."""
        desktop, self._desktop = self._desktop, None
        was_lost, self._lost = self._lost, ""
        await asyncio.to_thread(self._applications.end)
        if was_lost and self.virtual_display is not None:
            await asyncio.to_thread(self.virtual_display.stop)
        if desktop is not None:
            await desktop.backend.close()
