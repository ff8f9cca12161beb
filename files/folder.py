"""The folder of a data set: only what lies in it is read, whatever its files say."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from ..errors import UsageError
from ..screen import Screenshot, read_image
from .hub import downloaded, is_hub_name
from .parquet import Stored


class DataFolder:
    """The folder of a data set. Raises UsageError where it is none."""

    def __init__(self, root: Path) -> None:
        if not root.is_dir():
            raise UsageError(f"{root} is no folder; --data names the folder of the data set, or hub:NAME")
        self.root = root.resolve()
        self._homes = (self.root, *_store(self.root))

    def files(self, *patterns: str) -> tuple[Path, ...]:
        """The files that match the first pattern that any does, sorted by name; none where no pattern matches.

        Patterns are those of `Path.glob`, such as `annotations/*.json`. Links that lead out of the folder are left out.
        Raises UsageError for a pattern that leads out of it.
        """
        for pattern in patterns:
            if not is_inside(pattern):
                raise UsageError(f"the pattern {pattern[:200]!r} leads out of the folder of the data set")
            found = sorted(path for path in self.root.glob(pattern) if self._holds(path))
            if found:
                return tuple(found)
        return ()

    def require(self, what: str, *patterns: str) -> tuple[Path, ...]:
        """As `files`. Raises UsageError where there is none, with `what` they are and where they were sought."""
        found = self.files(*patterns)
        if not found:
            raise UsageError(f"{self.root} has no {what}: sought were {', '.join(patterns)}")
        return found

    def file(self, name: str, *places: str) -> Path:
        """The file of that name in the first of the places that has it; a place is a folder below this one.

        Raises UsageError for a name that leads out of the folder, and where no place has it.
        """
        if not is_inside(name):
            raise UsageError(f"the name {name[:200]!r} leads out of the folder of the data set")
        for place in places or (".",):
            path = self.root / place / name
            if self._holds(path):
                return path
        sought = ", ".join(places) if places else "it"
        raise UsageError(f"{self.root} has no file {name[:200]!r} (sought in {sought})")

    def holds(self, name: str, *places: str) -> bool:
        """Whether `file` finds one."""
        try:
            self.file(name, *places)
        except UsageError:
            return False
        return True

    def picture(self, picture: str | Stored, *places: str) -> Screenshot:
        """A picture by its name in one of the places, or as a parquet file stores it. Raises as `file` does."""
        if isinstance(picture, Stored):
            return read_image(picture.read())
        return read_image(self.file(picture, *places))

    def reader(self, picture: str | Stored, place: str, *places: str) -> Callable[[], Screenshot]:
        """What reads a picture when it is called, as `picture` does; that its file is there is seen to at once.

        Raises UsageError, beginning with the `place` of the row that names it, where it is not.
        """
        if isinstance(picture, Stored):
            return lambda: read_image(picture.read())
        try:
            path = self.file(picture, *places)
        except UsageError as error:
            raise UsageError(f"{place}: {error}") from None
        return lambda: read_image(path)

    def name(self, path: Path) -> str:
        """A file's path below the folder, for messages and names."""
        return path.relative_to(self.root).as_posix()

    def _holds(self, path: Path) -> bool:
        """Whether it is a file of this folder."""
        return is_file_below(path, *self._homes)


def open_data(data: Path | None, suite: str) -> DataFolder:
    """The data of a suite: a folder, or `hub:NAME`, which is downloaded. Raises UsageError where none is given."""
    if data is None:
        raise UsageError(f"{suite} needs its data: give --data FOLDER, or --data hub:NAME to have it downloaded")
    if is_hub_name(str(data)):
        return DataFolder(downloaded(str(data)))
    return DataFolder(data)


def _store(root: Path) -> tuple[Path, ...]:
    """Where the files of a copy that the hub's own library keeps really lie: it holds links to them."""
    store = root.parent.parent / "blobs"
    return (store,) if root.parent.name == "snapshots" and store.is_dir() else ()


def is_file_below(path: Path, *homes: Path) -> bool:
    """Whether it is a file in one of the folders, links followed, those of the folders already.

    A loop of links is none, nor is a name that no file can have.
    """
    try:
        resolved = path.resolve()
        return path.is_file() and any(resolved.is_relative_to(home) for home in homes)
    except (OSError, RuntimeError, ValueError):
        return False


def is_inside(name: str) -> bool:
    """Whether a name is a plain path downwards: relative, without `..`, a drive or a NUL."""
    path = PurePosixPath(name.replace("\\", "/"))
    if not path.parts or path.is_absolute() or "\0" in name:
        return False
    return ":" not in path.parts[0] and ".." not in path.parts
