"""Tables in text: .tsv as VLMEvalKit hands benchmarks out, pictures in it as base64, and .csv.

Such a file is gigabytes of pictures and few words. Rows come without their pictures; where each row stands in the file
is kept, and a picture is read when it is wanted.
"""

import base64
import binascii
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ..errors import UsageError
from .row import Row

PICTURE_COLUMN = "image"
MAX_REFERENCE_CHARS = 64
"""What is no longer is the index of the row that has the picture: VLMEvalKit, vlmeval/dataset/image_base.py."""
MAX_FIELD_CHARS = 2**30
_DELIMITERS = {".tsv": "\t", ".csv": ","}
_LIST_MARKS = "[]'\" \n"


@dataclass(frozen=True, slots=True)
class Encoded:
    """The pictures of one row, as base64 in a table; mostly one."""

    path: Path
    start: int
    """The byte of the file at which the row begins."""
    column: int

    def read(self) -> tuple[bytes, ...]:
        """The files of the pictures. Raises UsageError where what stands there is none."""
        with _opened(self.path, self.path.name) as file:
            file.seek(self.start)
            row = next(_records(file, self.path, self.path.name))[1]
        parts = [part.strip(_LIST_MARKS) for part in row[self.column].split(",")]
        try:
            return tuple(base64.b64decode(part, validate=True) for part in parts if part)
        except (binascii.Error, ValueError):
            raise UsageError(f"{self.path.name} holds a picture that is not base64, at byte {self.start}") from None


def read_table(path: Path, name: str) -> Iterator[Row]:
    """The rows of a table with a head, empty cells left out; in the place of base64 pictures each has an `Encoded`.

    A row may name another by its `index` for the picture. Raises UsageError where it cannot be read.
    """
    found: list[Row] = []
    with _opened(path, name) as file:
        records = _records(file, path, name)
        head = next(records, (0, list[str]()))[1]
        for number, (start, cells) in enumerate(records, 1):
            if len(cells) != len(head):
                raise UsageError(f"{name} row {number} has {len(cells)} cells where the head has {len(head)}")
            values: dict[str, object] = {key: cell for key, cell in zip(head, cells, strict=True) if cell}
            picture = values.get(PICTURE_COLUMN)
            if isinstance(picture, str) and len(picture) > MAX_REFERENCE_CHARS:
                values[PICTURE_COLUMN] = Encoded(path, start, head.index(PICTURE_COLUMN))
            found.append(Row(values, name, number))
    yield from _resolved(found)


def _resolved(rows: Sequence[Row]) -> Iterator[Row]:
    pictures = {str(row.values.get("index")): row.values.get(PICTURE_COLUMN) for row in rows}
    for row in rows:
        named = row.values.get(PICTURE_COLUMN)
        if isinstance(named, str) and isinstance(pictures.get(named), Encoded):
            yield Row({**row.values, PICTURE_COLUMN: pictures[named]}, row.file, row.number)
        else:
            yield row


def _opened(path: Path, name: str) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}") from None


def _records(file: IO[bytes], path: Path, name: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the byte at which it begins. A cell in quotes may hold line breaks."""
    csv.field_size_limit(MAX_FIELD_CHARS)
    place = [file.tell()]
    reader = csv.reader(_lines(file, place), delimiter=_DELIMITERS[path.suffix.lower()])
    while True:
        start = place[0]
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise UsageError(f"{name} cannot be read as a table: {error}") from None
        except UnicodeDecodeError:
            raise UsageError(f"{name} is not UTF-8 text") from None
        if cells is None:
            return
        if cells:
            yield start, cells


def _lines(file: IO[bytes], place: list[int]) -> Iterator[str]:
    """The lines of a file; where the next begins is kept in `place`, since the reader of records takes whole lines."""
    for line in file:
        first = place[0] == 0
        place[0] += len(line)
        yield line.decode("utf-8-sig" if first else "utf-8")
