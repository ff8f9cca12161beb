"""How the screens of one test looked when somebody said that they were right: PNG files in a folder."""

import asyncio
import os
import re
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...errors import UsageError
from ...screen import Box, Screenshot, read_image, write_image
from ..sight import Sight
from ..verdicts import CheckFailed
from .compare import Comparison, compare
from .picture import side_by_side

PAUSE_S = 0.1
MAX_WORDS = 300
"""Of what a model says of a difference."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")
_PLATFORMS = {"darwin": "macos", "win32": "windows"}

Describe = Callable[[Screenshot, Screenshot, Box], str]
"""Says in words what differs within the box: baseline, actual, the largest region. Asked only where something does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What has to look as it did: a part of the screen, or all of it, but for what is masked."""

    name: str
    area: Box | None = None
    masks: Sequence[Box] = ()
    tolerance: float = 0.0
    browser: str = ""


@dataclass(slots=True, kw_only=True)
class Baselines:
    """The baselines of one test. With `update` new ones are kept in mind, and written by `commit` when it has passed.

    `results` is the folder for the pictures of a failure, None where nobody wants them. Never decided by `describe`,
    whose words are only added to a failure.
    """

    folder: Path
    update: bool = False
    results: Path | None = None
    describe: Describe | None = None
    _fresh: dict[Path, Screenshot] = field(default_factory=dict[Path, Screenshot])

    def path_of(self, wanted: Wanted, scale: float) -> Path:
        """Such as cart-chromium-linux-1x.png. Raises UsageError for a name that is no name of a file."""
        if not _NAME.fullmatch(wanted.name):
            raise UsageError(f"a baseline is named by letters, digits, '.', '_' and '-', not {wanted.name!r}")
        platform = _PLATFORMS.get(sys.platform, sys.platform)
        parts = [wanted.name, *([wanted.browser] if wanted.browser else []), platform, f"{scale:g}x"]
        return self.folder / ("-".join(parts) + ".png")

    async def require(
        self, wanted: Wanted, look: Callable[[], Awaitable[Sight]], *, seconds: float = 0.0
    ) -> tuple[Sight, str]:
        """Look until the screen looks as it should, for so long at most. What was seen, and a sentence on it.

        Raises CheckFailed where it does not, or where there is no baseline and none is to be made.
        """
        until = time.monotonic() + seconds
        while True:
            sight = await look()
            seen = sight.screenshot if wanted.area is None else sight.screenshot.crop(wanted.area)
            masks = [_moved(mask, wanted.area) for mask in wanted.masks]
            path = self.path_of(wanted, seen.scale)
            known = await asyncio.to_thread(self._known, path, seen.scale)
            if known is None:
                return sight, self._new(path, seen, sight)
            found = await asyncio.to_thread(compare, known, seen, masks=masks, tolerance=wanted.tolerance)
            if found.same:
                return sight, found.reason
            if self.update and path not in self._fresh:
                self._fresh[path] = seen
                return sight, f"the baseline {path.name} is replaced when the test has passed: {found.reason}"
            if time.monotonic() >= until:
                raise await asyncio.to_thread(self._failure, wanted, path, known, seen, found, sight)
            await asyncio.sleep(PAUSE_S)

    def commit(self) -> tuple[Path, ...]:
        """Write what is new; each file whole or not at all. Only for a test that has passed. Raises UsageError."""
        written: list[Path] = []
        for path, picture in self._fresh.items():
            _write(path, picture)
            written.append(path)
        self._fresh.clear()
        return tuple(written)

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
            screen=sight.screenshot,
        )

    def _failure(
        self, wanted: Wanted, path: Path, known: Screenshot, seen: Screenshot, found: Comparison, sight: Sight
    ) -> CheckFailed:
        self._keep(f"{path.stem}-actual.png", seen)
        kept = self._keep(f"{path.stem}-diff.png", side_by_side(known, seen, found))
        words = ""
        if self.describe is not None and known.size == seen.size:
            words = " ".join(self.describe(known, seen, found.regions[0]).split())[:MAX_WORDS]
        corner = Box(0, 0, 0, 0) if wanted.area is None else wanted.area
        largest = found.regions[0]
        x, y = max(0, int(corner.x1)), max(0, int(corner.y1))
        box = Box(largest.x1 + x, largest.y1 + y, largest.x2 + x, largest.y2 + y)
        said = f"{wanted.name!r} does not look like {path.name}: {found.reason}{kept}"
        return CheckFailed(f"{said}; {words}" if words else said, screen=sight.screenshot, box=box)

    def _keep(self, name: str, picture: Screenshot) -> str:
        """Put a picture into the results; where it is, for a sentence."""
        if self.results is None:
            return ""
        _write(self.results / name, picture)
        return f" ({self.results / name})"


def _moved(mask: Box, area: Box | None) -> Box:
    """A mask of the screen in pixels of the area; empty at an edge where it lies outside."""
    if area is None:
        return mask
    x, y = max(0, int(area.x1)), max(0, int(area.y1))
    return Box(mask.x1 - x, mask.y1 - y, mask.x2 - x, mask.y2 - y)


def _write(path: Path, picture: Screenshot) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_image(fresh, picture)
        fresh.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    finally:
        fresh.unlink(missing_ok=True)
