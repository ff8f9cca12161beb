"""Records on disk: records.jsonl, and beside it pictures/ with each picture once, named by the hash of its pixels."""

import shutil
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, count
from pathlib import Path

from ...agent.record.folder import replace_file
from ...errors import UsageError
from ...files.folder import is_file_below, is_inside
from ...screen import Screenshot, read_image
from .record import PictureFile, Record, read_record, written_record

RECORDS, PICTURES = "records.jsonl", "pictures"
KEPT_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
"""Of picture files that are kept byte for byte; others become PNG files."""
MAX_SHARED_CHARS = 980
"""Of a name that several records of a data set have; a number comes behind it, and a name has at most 1,000."""
CACHED = 16
"""Pictures in memory: the steps of a trajectory are read one after the other, and most lessons show some again."""


class RecordFolder:
    """Writes and reads records and their pictures."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._loaded = lru_cache(maxsize=CACHED)(self._read_picture)

    def __reduce__(self) -> tuple[type["RecordFolder"], tuple[Path]]:
        """For workers that are started anew: each has pictures of its own in memory."""
        return RecordFolder, (self.path,)

    def keep(self, screenshot: Screenshot) -> PictureFile:
        """A picture of the folder, as a PNG that is there when this returns."""
        found = self._found(screenshot.frame)
        return self._told(screenshot, found or self._write(f"{screenshot.frame}.png", screenshot.to_png(level=6)))

    def adopt(self, picture: Path | bytes) -> PictureFile:
        """A picture file as it is, its bytes unchanged where its kind allows it. Raises UsageError where it is none."""
        screenshot = read_image(picture)
        found = self._found(screenshot.frame)
        if found is not None:
            return self._told(screenshot, found)
        suffix = picture.suffix.lower() if isinstance(picture, Path) else _suffix_of(picture)
        if suffix not in KEPT_SUFFIXES:
            return self.keep(screenshot)
        content = picture.read_bytes() if isinstance(picture, Path) else picture
        return self._told(screenshot, self._write(f"{screenshot.frame}{suffix}", content))

    def load(self, picture: PictureFile) -> Screenshot:
        """The picture of a record. Raises UsageError where it is missing, damaged, or another one."""
        return self._loaded(picture.file, picture.frame)

    def file_of(self, picture: PictureFile) -> Path:
        """Where a picture lies. Raises UsageError where it is missing or outside of the folder."""
        return self._file(picture.file)

    def read(self, *, checks_files: bool = True) -> Iterator[Record]:
        """The records in their order.

        Raises UsageError, with the line, at the first that is none or whose picture is missing.
        """
        path = self.path / RECORDS
        try:
            with path.open("rb") as lines:
                for number, line in enumerate(lines, 1):
                    if line.strip():
                        yield self._record(line, f"{path} line {number}", checks_files=checks_files)
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror}") from None

    def write(self, records: Iterable[Record]) -> int:
        """Add records behind those that are there; how many. Raises UsageError where the disk does not take them."""
        count = 0
        try:
            with self._made().joinpath(RECORDS).open("a", encoding="utf-8") as file:
                for count, record in enumerate(records, 1):  # noqa: B007
                    file.write(f"{written_record(record)}\n")
        except OSError as error:
            raise UsageError(f"{self.path} cannot be written: {error.strerror}") from None
        return count

    def put(self, records: Iterable[Record], *, anew: bool = False) -> int:
        """Add records in the place of those with their names; how many. `anew` leaves none of the others.

        Where two of them have one name, the second has its number behind its own. A reader sees all of them or none.
        Raises as `read` and `write` do.
        """
        path = self._made() / RECORDS
        fresh, whole = path.with_name(f".{RECORDS}.fresh"), path.with_name(f".{RECORDS}.part")
        try:
            names = _written(fresh, named_apart(records))
            keeps = not anew and path.exists()
            kept = (one for one in self.read(checks_files=False) if one.id not in names) if keeps else ()
            _written(whole, kept)
            with whole.open("ab") as file, fresh.open("rb") as added:
                shutil.copyfileobj(added, file)
            whole.replace(path)
        except OSError as error:
            raise UsageError(f"{path} cannot be written: {error.strerror or error}") from None
        finally:
            fresh.unlink(missing_ok=True)
            whole.unlink(missing_ok=True)
        return len(names)

    def _made(self) -> Path:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{self.path} cannot be written: {error.strerror}") from None
        return self.path

    def _record(self, line: bytes, place: str, *, checks_files: bool) -> Record:
        record = read_record(line, place)
        for picture in record.pictures if checks_files else ():
            try:
                self._file(picture.file)
            except UsageError as error:
                raise UsageError(f"{place}: {error}") from None
        return record

    def _file(self, name: str) -> Path:
        path = self.path / name
        if not is_inside(name):
            raise UsageError(f"the picture {name[:200]!r} leads out of the folder of the records")
        if not is_file_below(path, self.path.resolve()):
            raise UsageError(f"the picture {name[:200]!r} is missing in {self.path}, or a link that leads out of it")
        return path

    def _read_picture(self, name: str, frame: str) -> Screenshot:
        screenshot = read_image(self._file(name))
        if screenshot.frame != frame:
            raise UsageError(f"the picture {name[:200]!r} in {self.path} is not the one that the record was made with")
        return screenshot

    def _found(self, frame: str) -> str | None:
        """The file of a picture that is there already."""
        names = (f"{PICTURES}/{frame}{suffix}" for suffix in KEPT_SUFFIXES)
        return next((name for name in names if self.path.joinpath(name).exists()), None)

    def _write(self, name: str, content: bytes) -> str:
        folder = self.path / PICTURES
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{folder} cannot be written: {error.strerror}") from None
        replace_file(folder / name, content)
        return f"{PICTURES}/{name}"

    def _told(self, screenshot: Screenshot, name: str) -> PictureFile:
        size = screenshot.size
        return PictureFile(file=name, frame=screenshot.frame, width=size.width, height=size.height)


def named_apart(records: Iterable[Record]) -> Iterator[Record]:
    """The records; one that has the name of an earlier one has its number behind it. Data sets have names twice."""
    names: set[str] = set()
    for number, record in enumerate(records, 1):
        numbered = (f"{record.id[:MAX_SHARED_CHARS]}#{n}" for n in count(number))
        name = next(name for name in chain([record.id], numbered) if name not in names)
        names.add(name)
        yield record if name == record.id else record.model_copy(update={"id": name})


def _written(path: Path, records: Iterable[Record]) -> set[str]:
    """Write a file of records; their names."""
    names: set[str] = set()
    with path.open("w", encoding="utf-8") as file:
        for record in records:
            file.write(f"{written_record(record)}\n")
            names.add(record.id)
    return names


def _suffix_of(content: bytes) -> str:
    if content.startswith(b"\x89PNG"):
        return ".png"
    if content.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    return ".webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else ""
