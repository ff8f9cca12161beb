"""The machine that Clickwright runs on, or one X display of it, as a backend."""

import asyncio
import os
import sys
from collections.abc import Mapping

from pydantic import JsonValue

from ...errors import EnvironmentLost
from ...screen import Pixels
from .capture import Capture
from .link import InputLink
from .requests import ListWindows, Request
from .view import Area, Monitor
from .worker import Worker

ON_WAYLAND = (
    "this session runs on Wayland, where no program may see or use the whole screen: log in to a session on X11, or "
    "take a virtual display (--virtual-display 1920x1080), or start the application in an XWayland of its own "
    "(Xwayland :7 -geometry 1920x1080) and name it; the portals RemoteDesktop and ScreenCast are not supported"
)
NO_DISPLAY = (
    "there is no display: DISPLAY is not set. Take a virtual one (--virtual-display 1920x1080, or "
    "virtual_display=Size(1920, 1080)), or start this in a desktop session"
)


class MachineBackend:
    """`display` names an X display; empty means the one of this session. `failsafe` lets a person stop a run.

    Raises EnvironmentLost on opening where there is no display that could be used.
    """

    def __init__(
        self, display: str = "", *, failsafe: bool = True, environment: Mapping[str, str] | None = None
    ) -> None:
        self._display = display
        self._failsafe = failsafe
        self._environment = environment
        self._capture: Capture | None = None
        self._link: InputLink | None = None
        self._eyes: Worker | None = None
        self._hands: Worker | None = None
        self._was_killed = False

    @property
    def platform(self) -> str:
        return sys.platform

    @property
    def input_pid(self) -> int | None:
        """Of the input process, where it runs."""
        return None if self._link is None else self._link.pid

    async def open(self) -> None:
        """Start what looks and what types. Harmless when called again; raises EnvironmentLost without a display."""
        if self._link is not None:
            return
        require_display(self._display)
        self._eyes, self._hands = Worker("clickwright-capture"), Worker("clickwright-input")
        self._link = InputLink(
            display=self._display,
            failsafe=self._failsafe,
            lets_go=self._was_killed,
            environment=self._environment,
        )
        self._capture = await self._eyes.run(lambda: Capture(self._display))
        await self.ask(ListWindows())  # what is missing is told now
        self._was_killed = False

    async def monitors(self) -> tuple[Monitor, ...]:
        capture, eyes = self._seeing()
        return await eyes.run(capture.monitors)

    async def grab(self, area: Area) -> Pixels:
        capture, eyes = self._seeing()
        return await eyes.run(lambda: capture.grab(area))

    async def ask(self, request: Request) -> JsonValue:
        link, hands = self._link, self._hands
        if link is None or hands is None:
            raise EnvironmentLost("the desktop is closed; reset it first")
        return await hands.run(lambda: link.ask(request))

    async def kill(self) -> None:
        if self._link is not None:
            self._link.kill()
            self._was_killed = True

    async def close(self) -> None:
        """End both, by force where the display hangs."""
        link, capture, eyes, hands = self._link, self._capture, self._eyes, self._hands
        self._link = self._capture = self._eyes = self._hands = None
        if link is not None:
            await asyncio.to_thread(link.end)
        if hands is not None:
            await asyncio.to_thread(hands.stop)
        if eyes is not None:
            if capture is not None:
                closing = asyncio.ensure_future(eyes.run(capture.close))
                await asyncio.wait({closing}, timeout=1)  # a display that hangs is left to itself
                closing.cancel()
            await asyncio.to_thread(eyes.stop, 0.1)

    def _seeing(self) -> tuple[Capture, Worker]:
        if self._capture is None or self._eyes is None:
            raise EnvironmentLost("the desktop is closed; reset it first")
        return self._capture, self._eyes


def require_display(display: str) -> None:
    """Raise EnvironmentLost where this session has no display that mss and pyautogui can use."""
    if display or sys.platform != "linux":
        return
    if os.environ.get("WAYLAND_DISPLAY") or os.environ.get("XDG_SESSION_TYPE") == "wayland":
        raise EnvironmentLost(ON_WAYLAND)
    if not os.environ.get("DISPLAY"):
        raise EnvironmentLost(NO_DISPLAY)
