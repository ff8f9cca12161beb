"""Lessons from a folder: of records, of recorded runs, or of lines of JSON with the pictures that they name."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, overload

from pydantic import BaseModel, ConfigDict, ValidationError

from ...agent.record.folder import RUN, RunFolder
from ...errors import UsageError
from ...files.folder import DataFolder
from ...model import Message, Part, Picture
from ...policies.profiles import Profile
from ..data.folder import RECORDS, RecordFolder
from ..data.lessons import Lessons, SeenSize
from ..data.store import Store
from ..lesson import Lesson

IMAGE = "<image>"
"""Where a picture stands in a text. Those that are named nowhere stand before the first text of the user."""


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Literal["system", "user", "assistant"]
    content: str


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    messages: tuple[_Said, ...]
    images: tuple[str, ...] = ()
    weight: float = 1.0


class _Lessons(Sequence[Lesson]):
    """Lessons whose pictures are read when they are learned."""

    def __init__(self, folder: Path, lines: Sequence[tuple[str, _Line]]) -> None:
        self._folder, self._lines, self._files = folder, lines, DataFolder(folder)

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, index: int) -> Lesson: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Lesson]: ...
    def __getitem__(self, index: int | slice) -> Lesson | Sequence[Lesson]:
        if isinstance(index, slice):
            return _Lessons(self._folder, self._lines[index])
        name, line = self._lines[index]
        pictures = iter([Picture(self._files.reader(path, name)().pixels) for path in line.images])
        unnamed = len(line.images) - sum(said.content.count(IMAGE) for said in line.messages)
        if unnamed < 0:
            raise UsageError(f"{name} has {-unnamed} more {IMAGE} than images")
        messages = list[Message]()
        for said in line.messages:
            first = [next(pictures) for _ in range(unnamed)] if said.role == "user" else []
            unnamed -= len(first)
            messages.append(Message(said.role, (*first, *_parts(said.content, pictures))))
        if unnamed:
            raise UsageError(f"{name} has images and no message of a user that shows them")
        return Lesson(name=name, messages=tuple(messages), weight=line.weight)


def holds_runs(folder: Path) -> bool:
    """Whether a folder is a recorded run, or holds some: those must become records first."""
    return RunFolder(folder).is_used or any(folder.glob(f"*/{RUN}"))


def holds_records(folder: Path) -> bool:
    """Whether a folder holds records, as `training.data` writes them."""
    return (folder / RECORDS).exists()


def lessons_in(
    folder: Path, profile: Profile, *, seen: SeenSize, failed: bool = False, store: Path | None = None
) -> Sequence[Lesson]:
    """The lessons of a folder, in the words of the checkpoints of a profile, which reads pictures at the size `seen`.

    It holds records (records.jsonl, as `training.data` writes them), or lessons as they are: each line of its *.jsonl
    files has `messages` of a role and a content, `images` beside the file, and a `weight` where it has one of its own.
    Records come from `store` where one is told, which holds those of the folder. Of trajectories, those are learned
    that are not known to have missed their goal, and with `failed` all.
    Raises UsageError for a folder without lessons and for a line that is none.
    """
    if holds_records(folder) or store is not None:
        held = RecordFolder(folder)
        records = list(held.read()) if store is None else Store(folder, home=store)
        return Lessons(records, held, profile, seen=seen, failed=failed)
    return _as_they_are(folder)


def _as_they_are(folder: Path) -> Sequence[Lesson]:
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise UsageError(f"{folder} holds no lessons: there are neither records, nor runs, nor files *.jsonl")
    lines = [(f"{file.name}:{n}", line) for file in files for n, line in _lines(file)]
    if not lines:
        raise UsageError(f"{folder} holds no lessons: its files are empty")
    return _Lessons(folder, lines)


def _lines(path: Path) -> Iterator[tuple[int, _Line]]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, _Line.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"])) or "the line"
            raise UsageError(f"{path.name}:{number} is no lesson: {place}: {first['msg']}") from None


def _parts(text: str, pictures: Iterator[Picture]) -> Iterator[Part]:
    for number, piece in enumerate(text.split(IMAGE)):
        if number:
            yield next(pictures)
        if piece:
            yield piece
