"""From any format to any other, by way of records."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ...errors import UsageError
from .folder import RecordFolder
from .formats import FORMATS, Source, Target
from .record import Record

RECORDS = "records"
"""The form of records themselves: a folder."""
NAMES = (RECORDS, *FORMATS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """How many records were written where, and why others were not, a sentence each."""

    path: Path
    written: int
    left_out: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    """What was left out of records that were written, and of how many."""


def convert(source: Path, out: Path, *, read_as: str, write_as: str, pictures: Path | None = None) -> Converted:
    """Read a file or a folder in one format and write it in another; `pictures` lie beside the file unless told.

    A folder of records is added to, and records with the same names are replaced. Raises UsageError for what cannot be
    read, and where nothing of it can be held.
    """
    for name in (read_as, write_as):
        if name not in NAMES:
            raise UsageError(f"there is no format {name!r}: {', '.join(NAMES)}")
    with ExitStack() as stack:
        home = out if write_as == RECORDS else Path(stack.enter_context(TemporaryDirectory()))
        folder = RecordFolder(source if read_as == RECORDS and write_as != RECORDS else home)
        skipped: list[str] = []
        records = _read(source, folder, read_as, pictures, skipped)
        if write_as == RECORDS:
            return Converted(path=out, written=folder.put(records), left_out=tuple(skipped))
        target = Target(out, folder)
        FORMATS[write_as].writes(records, target)
    if not target.written:
        reason = next(iter(skipped + target.left_out), "there is none")
        raise UsageError(f"{write_as} can hold none of the records of {source}: {reason}")
    lost = tuple(f"{what}, of {number} records" for what, number in sorted(target.lost.items()))
    return Converted(path=out, written=target.written, left_out=(*skipped, *target.left_out), lost=lost)


def _read(source: Path, into: RecordFolder, name: str, pictures: Path | None, skipped: list[str]) -> Iterable[Record]:
    """The records; why rows are none is added to `skipped` as they are read."""
    if name != RECORDS:
        return FORMATS[name].reads(replace(Source.of(source, into, pictures=pictures), left_out=skipped))
    return RecordFolder(source).read() if source.resolve() == into.path.resolve() else _moved(source, into)


def _moved(source: Path, into: RecordFolder) -> Iterator[Record]:
    """The records of another folder, with their pictures in this one."""
    folder = RecordFolder(source)
    for record in folder.read():
        pictures = tuple(into.adopt(folder.file_of(picture)) for picture in record.pictures)
        yield record.model_copy(update={"pictures": pictures})
