"""Pictures of the desktop by mss: BGRA from shared memory, made RGB in one pass, no PNG between."""

from collections.abc import Callable
from typing import TypeVar

import cv2
import mss
import numpy as np
from mss.exception import ScreenShotError

from ...errors import EnvironmentLost
from ...screen import Pixels
from .view import Area, Monitor

_Result = TypeVar("_Result")


class Capture:
    """The screens of one display. Raises EnvironmentLost where it cannot be reached or is gone.

    `display` is the name of an X display; empty means the one of this session. Used by one thread only.
    """

    def __init__(self, display: str = "") -> None:
        self._mss = _told(lambda: mss.MSS(display=display) if display else mss.MSS())

    def monitors(self) -> tuple[Monitor, ...]:
        """All monitors together as number 0, then each one."""
        found = _told(lambda: self._mss.monitors)
        return tuple(
            Monitor(
                number=number,
                area=Area(left=one["left"], top=one["top"], width=one["width"], height=one["height"]),
                name="all" if number == 0 else str(one.get("name") or one.get("output") or f"monitor {number}"),
                is_primary=bool(one.get("is_primary", number == 1)),
            )
            for number, one in enumerate(found)
        )

    def grab(self, area: Area) -> Pixels:
        """What an area shows. Dimensions: (height, width, 3) RGB; more pixels than input units on a dense display."""
        place = {"left": area.left, "top": area.top, "width": area.width, "height": area.height}
        shot = _told(lambda: self._mss.grab(place))
        bgra = np.frombuffer(shot.raw, np.uint8).reshape(shot.height, shot.width, 4)
        return np.asarray(cv2.cvtColor(bgra, cv2.COLOR_BGRA2RGB), np.uint8)

    def close(self) -> None:
        """Give the connection back. Harmless when the display is gone."""
        try:
            self._mss.close()
        except (ScreenShotError, AssertionError, OSError):
            return


def _told(call: Callable[[], _Result]) -> _Result:
    # mss asserts that its connection lives, and raises its own error for everything else.
    try:
        return call()
    except (ScreenShotError, AssertionError, OSError, ValueError) as error:
        raise EnvironmentLost(f"the display cannot be seen: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else "its connection is gone"
