"""What a file format is: how its files become records, and records its files."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import JsonValue

from ....agent.record.folder import replace_file
from ....errors import BadModelOutput, UsageError
from ....files import DataFolder, Entry, Stored, read_entries
from ....files import Record as Row
from ....files.records import told_at
from ....policies.grammars import Canvas
from ....screen import Size
from ..folder import PICTURES, RecordFolder
from ..record import PictureFile, Record

_Kind = TypeVar("_Kind", bound=Row)
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Source:
    """A file in a format, its folder, that in which its pictures and videos lie, and the records' own folder."""

    file: Path
    data: DataFolder
    shelf: DataFolder
    into: RecordFolder
    left_out: list[str] = field(default_factory=list[str])
    """Why rows are no record, a sentence each."""

    @classmethod
    def of(cls, path: Path, into: RecordFolder, *, pictures: Path | None = None) -> "Source":
        """`pictures` is the folder that names of pictures are below; that of the file unless told.

        Raises UsageError where there is no such file or folder.
        """
        if not path.is_file():
            raise UsageError(f"{path} is no file")
        path = path.parent.resolve() / path.name
        return cls(path, DataFolder(path.parent), DataFolder(path.parent if pictures is None else pictures), into)

    @property
    def name(self) -> str:
        return self.file.name

    def picture(self, picture: str | Stored, place: str) -> PictureFile:
        """A picture that a row names, which becomes one of the records' folder. Raises UsageError with the place."""
        try:
            if isinstance(picture, Stored):
                return self.into.adopt(picture.read())
            return self.into.adopt(self.shelf.file(picture, ".", PICTURES, "images", "imgs", "screenshots"))
        except UsageError as error:
            raise UsageError(f"{place}: {error}") from None


@dataclass(slots=True)
class Target:
    """A file in a format that is written: pictures are copied beside it, once each."""

    file: Path
    source: RecordFolder
    left_out: list[str] = field(default_factory=list[str])
    lost: Counter[str] = field(default_factory=Counter[str])
    """What was not written of records that were, and of how many."""
    written: int = 0
    _losing: set[str] = field(default_factory=set[str])

    def picture(self, picture: PictureFile) -> str:
        """The path of a picture below the folder of the file. Named by its pixels: names of files are not unique."""
        origin = self.source.file_of(picture)
        copy = self.file.parent / PICTURES / f"{picture.frame}{origin.suffix}"
        try:
            copy.parent.mkdir(parents=True, exist_ok=True)
            if not copy.exists():
                replace_file(copy, origin.read_bytes())
        except OSError as error:
            raise UsageError(f"{copy} cannot be written: {error.strerror}") from None
        return f"{PICTURES}/{copy.name}"

    def lose(self, what: str) -> None:
        """Tell that the format has no place for something of the record that is being written."""
        self._losing.add(what)

    def rows(
        self, records: Iterable[Record], row: Callable[[Record], _Row], *, holds_others: bool = False
    ) -> list[_Row]:
        """What is made of the records that the format can hold; of others the reason is kept."""
        rows: list[_Row] = []
        for record in records:
            self._losing.clear()
            if not holds_others and any(said.others for said in record.messages):
                self.lose("further answers that count as right")
            try:
                rows.append(row(record))
            except UsageError as error:
                self.left_out.append(f"{record.id}: {error}")
            else:
                self.lost.update(self._losing)
        self.written += len(rows)
        return rows

    def save_rows(self, rows: Sequence[dict[str, JsonValue]]) -> None:
        """Write rows as a list, or a line each where the file is a .jsonl. Raises as `save` does."""
        if self.file.suffix.lower() in (".jsonl", ".ndjson"):
            self.save("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows))
        else:
            self.save(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")

    def save(self, text: str) -> None:
        """Write the file whole. Raises UsageError where the disk does not take it."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{self.file.parent} cannot be made: {error.strerror}") from None
        replace_file(self.file, text.encode("utf-8", "replace"))


Reads = Callable[[Source], Iterator[Record]]
Writes = Callable[[Iterable[Record], Target], None]


def by_rows(kind: type[_Kind], records: Callable[[Source, Entry[_Kind]], Iterator[Record]]) -> Reads:
    """What reads a file row after row. What is wrong with one is told with its place."""

    def read(source: Source) -> Iterator[Record]:
        for entry in read_entries(source.data, (source.file,), kind):
            with told_at(entry.place):
                yield from records(source, entry)

    return read


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A published file format. `holds` says in words what it can hold; `suffix` is that of its files."""

    name: str
    holds: str
    suffix: str
    reads: Reads
    writes: Writes


def thousandths(size: Size) -> Canvas:
    """A picture whose places are written from 0 to 999, as Qwen2-VL has them."""
    return Canvas(size=size)


def told_in(place: str, error: BadModelOutput | UsageError) -> UsageError:
    """The error of a row."""
    return UsageError(f"{place}: {error}")


def only(pictures: Sequence[PictureFile]) -> PictureFile:
    """The one picture of a record. Raises UsageError where there are more or none."""
    if len(pictures) != 1:
        raise UsageError(f"the format holds one picture each, not {len(pictures)}")
    return pictures[0]
