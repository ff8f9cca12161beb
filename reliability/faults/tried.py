"""Each fault is made to happen, and must be told or recovered from within 15 s.

One browser goes through all of those of browsers. After each, the same environment must still open a page and click on
it, and no process of a browser that was given up may be left.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from ...environments.browser.environment import BrowserEnvironment
from ...environments.browser.launch import Chromium
from ...errors import ClickwrightError
from ...tools import Navigate, Task
from ..figure import Figure
from .numbered import FAULTS, Fault, OfBrowser, OfLoop
from .room import full_folder
from .scene import GO, Scene
from .site import BadSite

LIMIT_S = 15.0
DEADLINE_S = 2.5
"""Of the environment: short, so that hangs do not take long to show."""
ORPHANS_S = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Survived:
    """`told` is what an agent would have read of the fault."""

    told: str
    seconds: float


async def put_through(
    fault: OfBrowser, chromium: Chromium, site: BadSite, downloads: Path, deadline_s: float = DEADLINE_S
) -> Survived:
    """Let the fault happen. AssertionError or an error of ours says what was not survived."""
    environment = BrowserEnvironment(site.url(), chromium=chromium, deadline_s=deadline_s, download_dir=downloads)
    scene = Scene(environment=environment, site=site, seen=await environment.reset(Task(goal="survive")))
    first, began = chromium.pid, time.perf_counter()
    told = await fault.happen(scene)
    await _require_alive(scene)
    seconds = time.perf_counter() - began
    await environment.close()
    if first is not None and chromium.pid != first:
        await require_no_orphans(first)
    return Survived(told=told, seconds=seconds)


async def _require_alive(scene: Scene) -> None:
    there = await scene.environment.step(Navigate(url=scene.site.url()))
    clicked = await scene.environment.step(GO)
    if there.error or clicked.error or clicked.title != "clicked":
        raise AssertionError(f"the environment does not work any more: {there.error or clicked.error or clicked.title}")


async def require_no_orphans(group: int) -> None:
    """Every browser leads a group of processes of its own."""
    until = time.monotonic() + ORPHANS_S
    while left := _of_group(group):
        if time.monotonic() > until:
            raise AssertionError(f"of the browser that was given up {left} are left")
        await asyncio.sleep(0.05)


def _of_group(group: int) -> list[str]:
    found: list[str] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _, its_group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(its_group) == group and state != "Z":
            found.append(folder.name)
    return found


async def happen_to_a_run(fault: OfLoop, folder: Path) -> Survived:
    """Let the fault happen to a run of its own. AssertionError or an error of ours says what was not survived."""
    began = time.perf_counter()
    told = await fault.happen(folder)
    return Survived(told=told, seconds=time.perf_counter() - began)


async def go_through(names: Sequence[str]) -> tuple[dict[Fault, Survived | str], list[str]]:
    """What became of each fault, in words where it was not survived; and the processes that were left."""
    found: dict[Fault, Survived | str] = {}
    with full_folder() as full, tempfile.TemporaryDirectory() as runs:
        async with BadSite() as site, Chromium() as chromium:
            for fault in (one for one in FAULTS if not names or one.name in names):
                try:
                    if isinstance(fault, OfLoop):
                        found[fault] = await happen_to_a_run(fault, Path(runs, fault.name))
                    else:
                        found[fault] = await put_through(fault, chromium, site, full)
                except (AssertionError, ClickwrightError, OSError, RuntimeError, ValueError) as error:
                    found[fault] = f"{type(error).__name__}: {error}"
            last = chromium.pid
        if last is not None:
            await require_no_orphans(last)
    return found, [one.name() for one in psutil.Process().children(recursive=True)]


def figures(nightly: bool) -> list[Figure]:
    """How many of all faults are survived in time."""
    found, left = asyncio.run(go_through(()))
    survived = [one for one in found.values() if isinstance(one, Survived) and one.seconds <= LIMIT_S]
    lost = [fault.name for fault, one in found.items() if one not in survived]
    slowest = max((one.seconds for one in survived), default=0.0)
    told = f"{len(survived)} of {len(found)}, the slowest in {slowest:.1f} s{'; not ' if lost else ''}{' '.join(lost)}"
    return [
        Figure(name="faults recovered or told within 15 s", found=told, bar="all", holds=not lost),
        Figure(name="processes left", found=str(len(left)), bar="0", holds=not left),
    ]
