"""An open desktop: what part of it is the screen, what windows it has, and what can be done with them."""

from dataclasses import dataclass, replace

from ...errors import ActionFailed, EnvironmentLost, UsageError
from ...screen import Box, Pixels, Point, Window
from .backend import Backend
from .requests import (
    CloseWindow,
    FocusWindow,
    ListWindows,
    PlaceWindow,
    ReadClipboard,
    WindowAt,
    WindowList,
    WindowSeen,
)
from .view import Area, Monitor, View, region_within

BLACK_ON_MACOS = (
    "the screen is black: macOS shows it only to programs that are allowed to record it; allow the terminal under "
    "System Settings, Privacy & Security, Screen & System Audio Recording, and start it again"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which part of the desktop is the screen: one monitor (0 is all together), a region, or the window with a title.

    A region is in input units from the desktop's top left corner. Part of a title is enough.
    """

    monitor: int = 0
    region: Box | None = None
    window: str = ""

    def __post_init__(self) -> None:
        if (self.monitor != 0) + (self.region is not None) + bool(self.window) > 1:
            raise UsageError("the screen is a monitor, a region or a window: give one of them")


class Desktop:
    """One opened desktop. Raises EnvironmentLost where it is gone, and ActionFailed for windows that are."""

    def __init__(self, backend: Backend, part: Part) -> None:
        self.backend = backend
        self.monitors: tuple[Monitor, ...] = ()
        self._part = part
        self._view: View | None = None

    @property
    def view(self) -> View:
        """What the last picture showed."""
        if self._view is None:
            raise EnvironmentLost("the desktop has not been looked at; reset it first")
        return self._view

    async def open(self) -> None:
        """Connect, and read the monitors. Raises UsageError where the part is not one that this desktop has."""
        await self.backend.open()
        self.monitors = tuple([await self._measured(monitor) for monitor in await self.backend.monitors()])
        if not 0 <= self._part.monitor < len(self.monitors):
            raise UsageError(f"there is no monitor {self._part.monitor}; this desktop has {len(self.monitors) - 1}")
        if self._part.region is not None:
            region_within(self._part.region, self.monitors[0].area)
        if not self._part.monitor and len({monitor.scale for monitor in self.monitors[1:]}) > 1:
            raise UsageError("the monitors have different scales: choose one of them with monitor=1, 2 ...")

    async def _measured(self, monitor: Monitor) -> Monitor:
        """With its scale. Only on macOS are input units other than pixels."""
        if self.backend.platform != "darwin" or monitor.number == 0:
            return monitor
        pixels = await self.backend.grab(monitor.area)
        return replace(monitor, scale=pixels.shape[1] / monitor.area.width)

    async def look(self) -> Pixels:
        """What the screen shows now."""
        area = await self._area()
        pixels = await self.backend.grab(area)
        if self._view is None and self.backend.platform == "darwin" and not pixels.any():
            raise EnvironmentLost(BLACK_ON_MACOS)
        self._view = View(area=area, scale=pixels.shape[1] / area.width)
        return pixels

    async def _area(self) -> Area:
        whole = self.monitors[0].area
        if self._part.region is not None:
            return region_within(self._part.region, whole)
        if not self._part.window:
            return self.monitors[self._part.monitor].area
        try:
            window = await self.find(self._part.window)
        except ActionFailed as gone:
            raise EnvironmentLost(str(gone)) from None
        seen = _area_of(window).clip(whole)
        if seen is None:
            raise EnvironmentLost(f"the window {window.title!r} is not on the desktop")
        return seen

    async def list(self) -> tuple[WindowSeen, ...]:
        """Every window that can be seen, the front one first, in input units."""
        return (await self.list_all()).windows

    async def list_all(self) -> WindowList:
        """The windows, and whether they are looked after."""
        return WindowList.model_validate(await self.backend.ask(ListWindows()))

    async def find(self, title: str) -> WindowSeen:
        """The front window whose title holds this text. Raises ActionFailed where there is none."""
        windows = await self.list()
        for window in windows:
            if title in window.title:
                return window
        titles = ", ".join(repr(window.title) for window in windows)
        raise ActionFailed(f"there is no window {title!r}; there are {titles or 'none'}")

    async def at(self, point: Point) -> WindowSeen | None:
        """The window with this pixel in front."""
        x, y = self.view.to_input(point)
        number = await self.backend.ask(WindowAt(x=x, y=y))
        return next((window for window in await self.list() if window.id == number), None)

    async def active(self) -> WindowSeen | None:
        """The window that keys go to."""
        return next((window for window in await self.list() if window.active), None)

    async def focus(self, title: str) -> None:
        """Bring a window to the front."""
        await self.backend.ask(FocusWindow(id=(await self.find(title)).id))

    async def move(self, title: str, box: Box) -> None:
        """Put a window where the box of the screenshot is; a tiling or small-minded window manager may not obey."""
        area = self.view.to_area(box)
        number = (await self.find(title)).id
        place = PlaceWindow(id=number, x=area.left, y=area.top, width=area.width, height=area.height)
        await self.backend.ask(place)

    async def close_window(self, title: str) -> None:
        """Ask a window to close; it may ask back."""
        await self.backend.ask(CloseWindow(id=(await self.find(title)).id))

    async def clipboard(self) -> str | None:
        """The text on the clipboard."""
        text = await self.backend.ask(ReadClipboard())
        return text if isinstance(text, str) else None

    def shown(self, window: WindowSeen) -> Window:
        """The window as an observation tells it."""
        box = self.view.to_pixels(_area_of(window))
        return Window(title=window.title, app=window.app, box=box, active=window.active)


def _area_of(window: WindowSeen) -> Area:
    return Area(left=window.x, top=window.y, width=max(1, window.width), height=max(1, window.height))
