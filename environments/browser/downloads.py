"""Where a downloaded file may go, how large it may be, and how many there may be."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from playwright.async_api import Download
from playwright.async_api import Error as PlaywrightError

from .faults import reason_of
from .loading import quietly
from .options import BrowserOptions
from .words import quoted

MAX_NAME_BYTES = 200


class Downloads:
    """The downloads of one window: kept in `folder`, or nowhere, and each told in an event when it has ended."""

    def __init__(self, folder: Path | None, options: BrowserOptions, report: Callable[[str], None]) -> None:
        self._folder = folder
        self._options = options
        self._report = report
        self.count = 0
        """How many came, whatever became of them; whoever opens another window for the same run takes it over."""
        self._running: dict[asyncio.Task[None], Download] = {}
        self._oversized: set[str] = set()
        self._cancelling: set[asyncio.Task[None]] = set()
        self.awaited: set[asyncio.Task[None]] = set()
        """Those that a look at the page waits for."""

    def begin(self, download: Download) -> None:
        self.count += 1
        task = asyncio.ensure_future(self._keep(download, self.count))
        self._running[task] = download
        self.awaited.add(task)
        task.add_done_callback(self._end)

    def grow(self, url: str, size_bytes: float) -> None:
        """Cancel what is too large as soon as that is known: a server may send for ever."""
        if size_bytes <= self._options.max_download_bytes or url in self._oversized:
            return
        for download in self._running.values():
            if download.url == url:
                self._oversized.add(url)
                self._cancelling.add(task := asyncio.ensure_future(quietly(download.cancel())))
                task.add_done_callback(self._cancelling.discard)

    def stop_waiting(self) -> None:
        """What has not come in reasonable time comes beside the next actions."""
        for task in self.awaited:
            self._report(f"the file {quoted(self._running[task].suggested_filename)} is still being downloaded")
        self.awaited.clear()

    def cancel(self) -> None:
        for task in tuple(self._running):
            task.cancel()

    def _end(self, task: asyncio.Task[None]) -> None:
        self.awaited.discard(task)
        self._running.pop(task, None)

    async def _keep(self, download: Download, number: int) -> None:
        name = quoted(download.suggested_filename)
        try:
            fault = await self._fault_of(download, number)
            if fault is not None:
                self._report(f"the file {name} was not downloaded: {fault}")
            elif self._folder is None:
                self._report(f"downloaded {name}")
            else:
                await self._store(download, name, free_path(self._folder, download.suggested_filename))
        except PlaywrightError as error:
            self._report(f"the file {name} was not downloaded: {reason_of(error)}")
        except OSError as error:
            self._report(f"the file {name} was not downloaded: {error.strerror}")
        except asyncio.CancelledError:
            with suppress(PlaywrightError):
                await download.cancel()
            raise

    async def _store(self, download: Download, name: str, path: Path) -> None:
        is_kept = False
        try:
            await download.save_as(path)
            is_kept = True
        finally:
            if not is_kept:
                path.unlink(missing_ok=True)  # noqa: ASYNC240 - at once, whatever is being cancelled
        self._report(f"downloaded {name} to {path}")

    async def _fault_of(self, download: Download, number: int) -> str | None:
        """Wait for the whole file; None, or why there is none."""
        if number > self._options.max_downloads:
            await download.cancel()
            return f"there were {self._options.max_downloads} already"
        judge = self._options.download_judge
        refused = "" if judge is None else judge(safe_name(download.suggested_filename))
        if refused:
            await download.cancel()
            return refused
        failure = await download.failure()
        most = self._options.max_download_bytes
        if failure is None and (await download.path()).stat().st_size > most:
            await download.delete()
        elif failure is None or download.url not in self._oversized:
            return failure
        self._oversized.discard(download.url)
        return f"it is larger than {most:,} bytes"


def files_in(folder: Path | None) -> int:
    """How many files are there already, such as those of a run that is taken up again."""
    return 0 if folder is None or not folder.is_dir() else sum(one.is_file() for one in folder.iterdir())


def safe_name(suggested: str) -> str:
    """The last part of a suggested file name, without separators, control characters or leading dots."""
    last = suggested.replace("\\", "/").rpartition("/")[2]
    printable = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip().lstrip(".")
    stem, dot, ending = printable.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{_cut(stem, MAX_NAME_BYTES - 41) or 'download'}.{ending}"
    return _cut(printable, MAX_NAME_BYTES) or "download"


def _cut(text: str, most_bytes: int) -> str:
    return text.encode()[:most_bytes].decode(errors="ignore")


def free_path(folder: Path, suggested: str) -> Path:
    """A new, empty file directly inside the folder, which no other download gets. Makes the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    name = Path(safe_name(suggested))
    path, number = folder / name, 1
    while True:
        try:
            path.touch(exist_ok=False)
        except FileExistsError:
            number += 1
            path = folder / f"{name.stem} ({number}){name.suffix}"
        else:
            return path
