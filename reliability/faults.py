"""What goes wrong with browsers, made to go wrong: each fault must be told or recovered from within 15 s.

    python -m clickwright.reliability.faults [F2 F21 ...]

One browser goes through all of them. After each, the same environment must still open a page and click on it, and no
process of a browser that was given up may be left.
"""

import argparse
import asyncio
import subprocess
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from ..environments.browser.environment import BrowserEnvironment
from ..environments.browser.launch import Chromium
from ..errors import ClickwrightError
from ..tools import Navigate, Task
from .fault_list import FAULTS, GO, Fault, Scene
from .fault_site import BadSite
from .figure import Figure

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
    fault: Fault, chromium: Chromium, site: BadSite, downloads: Path, deadline_s: float = DEADLINE_S
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


@contextmanager
def full_folder() -> Generator[Path]:
    """A folder for which there is no room: 64 kB of memory where it may be mounted, else below a file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "full")
        folder.mkdir()
        mount = ("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder))
        is_mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
        if not is_mounted:
            folder = Path(name, "file", "full")
            folder.parent.touch()
        try:
            yield folder
        finally:
            if is_mounted:
                subprocess.run(("umount", str(folder)), check=True)


async def go_through(names: Sequence[str]) -> tuple[dict[Fault, Survived | str], list[str]]:
    """What became of each fault, in words where it was not survived; and the processes that were left."""
    found: dict[Fault, Survived | str] = {}
    with full_folder() as folder:
        async with BadSite() as site, Chromium() as chromium:
            for fault in (one for one in FAULTS if not names or one.name in names):
                try:
                    found[fault] = await put_through(fault, chromium, site, folder)
                except (AssertionError, ClickwrightError) as error:
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


def main(names: Sequence[str]) -> int:
    found, left = asyncio.run(go_through(names))
    table, survived = Table("", "fault", "s", "told"), 0
    for fault, one in found.items():
        if isinstance(one, str):
            table.add_row(fault.name, fault.what, "", f"[red]not survived: {one}")
            continue
        survived += one.seconds <= LIMIT_S
        table.add_row(fault.name, fault.what, f"{one.seconds:.1f}", one.told)
    Console(width=160).print(table)
    print(f"{survived} of {len(found)} survived; processes left: {len(left)} {' '.join(left)}")
    return 0 if survived == len(found) and not left else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Put the browser environment through faults.")
    parser.add_argument("names", nargs="*", metavar="F1", help="only these")
    raise SystemExit(main(parser.parse_args().names))
