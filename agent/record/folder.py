"""The folder of one run: run.json, steps.jsonl, frames/. Whatever kills the process, it can be opened again."""

import json
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TypeVar

from pydantic import BaseModel, ValidationError

from ...errors import UsageError
from ...screen import Screenshot, read_image
from .trace import RunInfo, Step, Trajectory

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_Line = TypeVar("_Line", bound=BaseModel)

DOWNLOADS = "downloads"
"""Where the files that a page gives are kept, in the folder of the run."""
RUN, STEPS, FRAMES, JOURNAL, ASKED, LOCK = (
    "run.json",
    "steps.jsonl",
    "frames",
    "journal.jsonl",
    "asked.jsonl",
    "lock",
)


class RunFolder:
    """Writes and reads one run. Only who holds the lock may write."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def locked(self) -> Generator[None]:
        """Hold the folder alone. Raises UsageError when another process runs in it; its death gives it free."""
        with locked(self.path):
            with _told(self.path):
                self.path.joinpath(FRAMES).mkdir(exist_ok=True)
            yield

    @property
    def is_used(self) -> bool:
        """Whether a run has begun here."""
        return any(self.path.joinpath(name).exists() for name in (RUN, STEPS, JOURNAL))

    def write_info(self, info: RunInfo) -> None:
        """Replace run.json as a whole."""
        replace_file(self.path / RUN, info.model_dump_json(indent=2).encode() + b"\n", durable=True)

    def append(self, step: Step) -> None:
        """Add a step to steps.jsonl. On disk when this returns."""
        append_line(self.path / STEPS, step)

    def repair(self) -> tuple[str, ...]:
        """Put what cannot be read at an end into a file beside, so that the next line can be added. Says what it did.

        That is a damaged last line of steps.jsonl, which the journal makes good, and of the others a torn one only.
        """
        steps, damage = _read_lines(self.path / STEPS, Step)
        told = [_set_aside(self.path / STEPS, _end_of(self.path / STEPS, len(steps)))] if damage else []
        torn = [path for name in (JOURNAL, ASKED) if _is_torn(path := self.path / name)]
        return (*told, *(_set_aside(path, _content(path).rfind(b"\n") + 1) for path in torn))

    def keep_frame(self, screenshot: Screenshot) -> str:
        """The name of the picture, which is in frames/ when this returns."""
        path = self.path / FRAMES / f"{screenshot.frame}.png"
        if not path.exists():
            replace_file(path, screenshot.to_png())
        return screenshot.frame

    def frame_path(self, frame: str) -> Path:
        return self.path / FRAMES / f"{frame}.png"

    def load_frame(self, frame: str, *, scale: float = 1.0) -> Screenshot:
        """A stored picture. Raises UsageError when it is missing or damaged."""
        return read_image(self.frame_path(frame), scale=scale)

    def read(self) -> Trajectory:
        """The run. A last line that was being written when the process died is left out and named in `warnings`."""
        if not self.is_used:
            raise UsageError(f"{self.path} holds no run")
        info, fault = _read_info(self.path / RUN)
        steps, warning = _read_lines(self.path / STEPS, Step)
        aside = [path.name for name in (STEPS, JOURNAL, ASKED) if (path := damaged_beside(self.path / name)).exists()]
        warnings = (fault, warning, *(f"what could not be read is in {name}" for name in aside))
        return Trajectory(info=info, steps=tuple(steps), warnings=tuple(text for text in warnings if text))


def new_run_dir() -> Path:
    """Where a run is kept that nobody named a folder for."""
    return Path("runs") / datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")


def read_run(run_dir: Path | str) -> Trajectory:
    """The run in a folder. Raises UsageError when there is none, or when steps in its middle cannot be read."""
    return RunFolder(Path(run_dir)).read()


def damaged_beside(path: Path) -> Path:
    """Where that of a file is kept which cannot be read."""
    return path.with_suffix(".damaged")


def _end_of(path: Path, records: int) -> int:
    """Where so many whole lines end, empty ones not counted."""
    content, end = _content(path), 0
    while records:
        start, end = end, content.index(b"\n", end) + 1
        records -= end - start > 1
    return end


def _set_aside(path: Path, end: int) -> str:
    """Keep what comes after that place in a file beside, and cut it off. A kill in between leaves it in both."""
    content, beside = _content(path), damaged_beside(path)
    _append(beside, content[end:].strip(b"\n") + b"\n")
    replace_file(path, content[:end], durable=True)
    return f"the last line of {path.name} was damaged: it was put into {beside}"


def append_line(path: Path, record: BaseModel) -> None:
    """Add one JSON line and wait until it is on disk. A torn line that a killed process left goes first.

    Raises UsageError where the disk does not take it; then nothing of it counts.
    """
    _append(path, record.model_dump_json().encode() + b"\n")


def _append(path: Path, line: bytes) -> None:
    with _told(path):
        is_new = not path.exists()
        with path.open("a+b") as file:
            cut_torn_line(file)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            _sync_folder(path.parent)


def cut_torn_line(file: IO[bytes]) -> None:
    """End the file after its last whole line."""
    end = file.seek(0, os.SEEK_END)
    if end == 0:
        return
    file.seek(end - 1)
    if file.read(1) == b"\n":
        return
    file.seek(0)
    file.truncate(file.read().rfind(b"\n") + 1)


def read_json_lines(path: Path, kind: type[_Line]) -> list[_Line]:
    """The records of a file of JSON lines, without a torn last one. Raises UsageError for a damaged line."""
    records, warning = _read_lines(path, kind)
    if warning and not _is_torn(path):
        raise UsageError(f"the last line of {path} is damaged")
    return records


def _is_torn(path: Path) -> bool:
    """Whether the last line was being written when the process died: it has no end."""
    content = _content(path)
    return bool(content) and not content.endswith(b"\n")


def _content(path: Path) -> bytes:
    """Of a file that need not be there. Raises UsageError where it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None


def _read_lines(path: Path, kind: type[_Line]) -> tuple[list[_Line], str]:
    """The records, and what is wrong with the last line if it cannot be read."""
    lines = _content(path).split(b"\n")
    torn = lines.pop()  # empty where the last line has its end; without one it was still being written
    whole = [(number, line) for number, line in enumerate(lines, 1) if line]
    records: list[_Line] = []
    for number, line in whole:
        try:
            records.append(kind.model_validate_json(line))
        except ValidationError:
            if number != whole[-1][0]:
                raise UsageError(f"line {number} of {path} is damaged") from None
            return records, f"the last line of {path.name} (line {number}) is damaged and was left out"
    if torn:
        return records, f"the last line of {path.name} (line {len(lines) + 1}) is damaged and was left out"
    return records, ""


def _read_info(path: Path) -> tuple[RunInfo | None, str]:
    try:
        return RunInfo.model_validate_json(path.read_bytes()), ""
    except FileNotFoundError:
        return None, f"{path.name} is missing"
    except ValidationError:
        return None, f"{path.name} is damaged"
    except OSError as error:
        return None, f"{path.name} cannot be read: {error.strerror}"


def replace_file(path: Path, content: bytes, *, durable: bool = False) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part. Raises UsageError as `append_line`
    does."""
    part = path.with_name(f".{path.name}.part")
    with _told(path):
        with part.open("wb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        part.replace(path)
        if durable:
            _sync_folder(path.parent)


@contextmanager
def _told(path: Path) -> Generator[None]:
    """What the disk refuses, as one sentence: it is full, it is read-only, it is broken."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error


def _sync_folder(folder: Path) -> None:
    """Have the name of a new file on disk, too."""
    if sys.platform == "win32":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def locked(folder: Path) -> Generator[None]:
    """Hold a folder alone, which is made. Raises UsageError when another process does; its death gives it free."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder.joinpath(LOCK).open("a+")
    except OSError as error:
        raise UsageError(f"{folder} cannot be used as a run folder: {error.strerror}") from None
    with file:
        if not _try_lock(file):
            raise UsageError(f"another process is running in {folder}")
        yield


def _try_lock(file: IO[str]) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def dump(record: BaseModel) -> dict[str, object]:
    """A record as plain JSON values, the form in which the graph's state holds it."""
    return json.loads(record.model_dump_json())
