"""The desktop that is meant, in the place of a browser."""

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from typer import Option

from ..errors import UsageError
from .sizes import read_size

if TYPE_CHECKING:
    from ..environments import DesktopEnvironment
    from ..screen import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenDesktop:
    """The desktop that is meant, where any of its options is given."""

    desktop: Annotated[bool, Option("--desktop", help="Do it on the desktop instead of in a browser.")] = False
    virtual_display: Annotated[
        str, Option(metavar="1920x1080", help="A desktop that nobody sees, started for the run.")
    ] = ""
    app: Annotated[str, Option(metavar="COMMAND", help="The application to start on the desktop.")] = ""
    region: Annotated[str, Option(metavar="X,Y,WIDTH,HEIGHT", help="The part of the desktop that is looked at.")] = ""
    window: Annotated[str, Option(metavar="TITLE", help="Look at the window with this title only.")] = ""

    @property
    def is_meant(self) -> bool:
        return bool(self.desktop or self.virtual_display or self.app or self.region or self.window)

    def environment(self) -> "DesktopEnvironment":
        """Raises UsageError for what cannot be read, EnvironmentLost where this session has no display for it."""
        from ..environments import DesktopEnvironment
        from ..environments.desktop.machine import require_display

        virtual = read_size(self.virtual_display, "a virtual display") if self.virtual_display else None
        if virtual is None:
            require_display("")
        try:
            command = shlex.split(self.app)
        except ValueError as error:
            raise UsageError(f"--app is no command: {error}") from None
        return DesktopEnvironment(command, virtual_display=virtual, region=_region(self.region), window=self.window)


def _region(text: str) -> "Box | None":
    from ..screen import Box

    if not text:
        return None
    sides = [side.strip() for side in text.split(",")]
    if len(sides) != 4 or not all(side.isdecimal() and len(side) <= 5 for side in sides):
        raise UsageError(f"a region is written X,Y,WIDTH,HEIGHT, like 0,0,800,600, not {text[:50]!r}")
    x, y, width, height = map(int, sides)
    return Box(x, y, x + width, y + height)
