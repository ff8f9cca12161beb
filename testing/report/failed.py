"""The screen that a test failed on, as it may be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...screen import Box, Screenshot, masked
from ..call import Done
from ..sight import Sight
from ..verdicts import CheckFailed, Inconclusive
from .told import picture_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Fields for secrets are painted over. `box` is the part that the failure is about, where it is about one."""

    screen: Screenshot
    box: Box | None

    @property
    def told(self) -> dict[str, Any]:
        """The fields of a `TestTold`."""
        box = self.box
        sides = None if box is None else (box.x1, box.y1, box.x2, box.y2)
        return {"failure": picture_name(self.screen), "failure_box": sides}

    @property
    def pictures(self) -> dict[str, Screenshot]:
        return {picture_name(self.screen): self.screen}


def failed_on(error: BaseException, last: Done | None, sights: Sequence[Sight]) -> Failed | None:
    """As the error shows it, else as it was seen last; None where nothing was seen.

    `last` is the last call, `sights` are those of the last one that saw anything, the newest last.
    """
    shows = error if isinstance(error, CheckFailed | Inconclusive) else None
    screen, box = (None, None) if shows is None else (shows.screen, shows.box)
    if screen is None:
        if not sights:
            return None
        screen = sights[-1].screenshot
    if box is None and last is not None and last.verdict != "passed":
        box = last.box
    return Failed(screen=masked(screen, [place for sight in sights for place in sight.sensitive]), box=box)
