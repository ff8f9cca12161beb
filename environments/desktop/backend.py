"""What a desktop needs of a machine: pictures, and answers of the input process. All machines are used through this."""

from typing import Protocol

from pydantic import JsonValue

from ...screen import Pixels
from .requests import Request
from .view import Area, Monitor


class Backend(Protocol):
    """One machine's screens and input. Areas and places are input units.

    Every method raises EnvironmentLost where the display is gone, `ask` ActionFailed for what was not done, and Denied
    where a person stopped the run. No method keeps a deadline: the environment does, and ends what hangs by `kill`.
    """

    @property
    def platform(self) -> str:
        """As in sys.platform: "linux", "darwin", "win32"."""
        ...

    async def open(self) -> None:
        """Connect to the display and start the input process, where that is not done."""
        ...

    async def monitors(self) -> tuple[Monitor, ...]:
        """All monitors together as number 0, then each one."""
        ...

    async def grab(self, area: Area) -> Pixels:
        """What an area shows, with all the pixels it has."""
        ...

    async def ask(self, request: Request) -> JsonValue:
        """What the input process answers, once it is done."""
        ...

    async def kill(self) -> None:
        """End what may hang, at once, so that nothing more is done; `close` still has to be called."""
        ...

    async def close(self) -> None:
        """Give everything back, whether it answers or not. Harmless when called twice; may be opened again."""
        ...
