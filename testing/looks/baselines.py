"""How the screens of one test looked when somebody said that they were right: PNG files in a folder."""

import asyncio
import re
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from math import floor
from pathlib import Path

from ...errors import UsageError
from ...screen import Box, Point, Screenshot, read_image
from ..sight import Sight
from ..verdicts import CheckFailed
from ..whole import write_whole
from .compare import Comparison, compare
from .picture import side_by_side

PAUSE_S = 0.1
MAX_WORDS = 300
"""Of what a model says of a difference."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")
_PLATFORMS = {"darwin": "macos", "win32": "windows"}

Describe = Callable[[Screenshot, Screenshot, Box], str]
"""Says in words what differs within the box: baseline, actual, the largest region. Asked only where something does."""


@dataclass(slots=True, kw_only=True)
class Baselines:
    """The baselines of one test. With `update` new ones are kept in mind, and written by `commit` when it has passed.

    `results` is the folder for the pictures of a failure, whose names begin with `prefix`, None where nobody wants
    them. Never decided by `describe`, whose words are only added to a failure.
    """

    folder: Path
    update: bool = False
    results: Path | None = None
    describe: Describe | None = None
    prefix: str = ""
    _fresh: dict[Path, Screenshot] = field(default_factory=dict[Path, Screenshot])

    def path_of(self, name: str, scale: float, *, browser: str = "") -> Path:
        """Such as cart-chromium-linux-1x.png. Raises UsageError for a name that is no name of a file."""
        if not _NAME.fullmatch(name):
            raise UsageError(f"a baseline is named by letters, digits, '.', '_' and '-', not {name!r}")
        parts = [name, browser, _PLATFORMS.get(sys.platform, sys.platform), f"{scale:g}x"]
        return self.folder / ("-".join(part for part in parts if part) + ".png")

    async def require(
        self,
        name: str,
        look: Callable[[], Awaitable[Sight]],
        *,
        area: Box | None = None,
        masks: Sequence[Box] = (),
        tolerance: float = 0.0,
        browser: str = "",
        seconds: float = 0.0,
    ) -> tuple[Sight, str]:
        """Look until the area, else all of the screen, looks as it should, for so long at most.

        `masks` are not compared. What was seen last is given back, with a sentence on it.

        Raises CheckFailed where it does not, or where there is no baseline and none is to be made.
        """
        wanted = _Wanted(name=name, area=area, masks=tuple(masks), tolerance=tolerance, browser=browser)
        until = time.monotonic() + seconds
        while True:
            sight = await look()
            note = await asyncio.to_thread(self._judge, wanted, sight, is_last=time.monotonic() >= until)
            if note is not None:
                return sight, note
            await asyncio.sleep(PAUSE_S)

    def commit(self) -> tuple[Path, ...]:
        """Write what is new; each file whole or not at all. Only for a test that has passed. Raises UsageError."""
        written: list[Path] = []
        for path, picture in self._fresh.items():
            write_whole(path, picture.to_png())
            written.append(path)
        self._fresh.clear()
        return tuple(written)

    def _judge(self, wanted: "_Wanted", sight: Sight, *, is_last: bool) -> str | None:
        """A sentence where it looks as it should, None where it may come to. Raises CheckFailed."""
        seen = wanted.part(sight.shown)  # with no password in it
        path = self.path_of(wanted.name, seen.scale, browser=wanted.browser)
        known = self._known(path, seen.scale)
        if known is None:
            return self._new(path, seen, sight)
        found = compare(known, seen, masks=wanted.hidden, tolerance=wanted.tolerance)
        if found.same:
            return found.reason
        if self.update and path not in self._fresh:
            self._fresh[path] = seen
            return f"the baseline {path.name} is replaced when the test has passed: {found.reason}"
        if not is_last:
            return None
        raise self._failure(wanted, path, known, found, sight)

    def _known(self, path: Path, scale: float) -> Screenshot | None:
        """A baseline of this test's own counts before it is written: the same name means the same looks."""
        if path in self._fresh:
            return self._fresh[path]
        return read_image(path, scale=scale) if path.exists() else None

    def _new(self, path: Path, seen: Screenshot, sight: Sight) -> str:
        if self.update:
            self._fresh[path] = seen
            return f"the baseline {path.name} is written when the test has passed"
        kept = self._keep(f"{path.stem}-actual.png", seen)
        raise CheckFailed(
            f"there is no baseline {path.name} yet: look at what the screen shows{kept}, and run the test with "
            "--update-baselines to make it one",
            screen=sight.shown,
        )

    def _failure(
        self, wanted: "_Wanted", path: Path, known: Screenshot, found: Comparison, sight: Sight
    ) -> CheckFailed:
        seen, largest = wanted.part(sight.shown), found.regions[0]
        self._keep(f"{path.stem}-actual.png", seen)
        kept = self._keep(f"{path.stem}-diff.png", side_by_side(known, seen, found))
        said = f"{wanted.name!r} does not look like {path.name}: {found.reason}{kept}"
        if self.describe is not None and known.size == seen.size:
            words = " ".join(self.describe(known, seen, largest).split())
            said += f"; {words[:MAX_WORDS]}"
        return CheckFailed(said, screen=sight.shown, box=_aside(largest, wanted.corner))

    def _keep(self, name: str, picture: Screenshot) -> str:
        """Put a picture into the results; where it is, for a sentence."""
        if self.results is None:
            return ""
        path = self.results / f"{self.prefix}{name}"
        write_whole(path, picture.to_png())
        return f" ({path})"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What has to look as it did. All boxes in pixels of the screen."""

    name: str
    area: Box | None
    masks: tuple[Box, ...]
    tolerance: float
    browser: str

    @property
    def corner(self) -> Point:
        """Where the first pixel of the area lies on the screen."""
        return Point(0, 0) if self.area is None else Point(max(0, floor(self.area.x1)), max(0, floor(self.area.y1)))

    @property
    def hidden(self) -> list[Box]:
        """The masks in pixels of the area."""
        return [_aside(mask, Point(-self.corner.x, -self.corner.y)) for mask in self.masks]

    def part(self, screen: Screenshot) -> Screenshot:
        return screen if self.area is None else screen.crop(self.area)


def _aside(box: Box, by: Point) -> Box:
    return Box(box.x1 + by.x, box.y1 + by.y, box.x2 + by.x, box.y2 + by.y)
