"""The home folder that programs on a desktop are given, and its files held against those that should be there."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ....errors import EnvironmentLost

_MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A folder that no other process uses, for as long as this is kept or until its process ends."""

    folder: Path
    lock: int
    """The file that is locked, by its descriptor."""

    def free(self) -> None:
        """Remove the folder, and let others have its number."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self.lock)


def claim_folder() -> Claim:
    """An empty folder, by the first number that is free: programs show where their files are, and the same episode is
    to look the same."""
    for number in range(1, _MOST):
        folder = Path(tempfile.gettempdir()) / f"clickwright-desk-{number}"
        lock = _locked(folder.with_suffix(".lock"))
        if lock is None:
            continue
        shutil.rmtree(folder, ignore_errors=True)
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:  # another user's
            os.close(lock)
            continue
        return Claim(folder=folder, lock=lock)
    raise EnvironmentLost(f"all {_MOST} home folders in {tempfile.gettempdir()} are in use")


def _locked(path: Path) -> int | None:
    """The file, locked until it is closed; None where another has it. It stays where it is: who removed it could lock
    another one of the same name than the next."""
    try:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError:  # another user's
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


def variables(home: Path) -> tuple[str, ...]:
    """What keeps a program to its home folder, to English, and to the settings it comes with: `NAME=VALUE` each."""
    folders = {"HOME": "", "XDG_CONFIG_HOME": ".config", "XDG_DATA_HOME": ".local/share", "XDG_CACHE_HOME": ".cache"}
    told = {"LC_ALL": "C.UTF-8", "LANGUAGE": "en", "GSETTINGS_BACKEND": "memory", "GTK_THEME": "Adwaita"}
    return (*(f"{name}={home / folder}" for name, folder in folders.items()), *(f"{n}={v}" for n, v in told.items()))


def files_in(home: Path) -> dict[str, bytes | None]:
    """What each file holds, by its path in the folder; None for folders. Hidden ones are the programs' own.

    One that cannot be read is not there yet.
    """
    found: dict[str, bytes | None] = {}
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home)
        if not any(part.startswith(".") for part in name.parts):
            with suppress(OSError):  # it is just being moved, or leads nowhere
                found[str(name)] = None if path.is_dir() else path.read_bytes()
    return found


def amiss_in(home: Path, wanted: Mapping[str, bytes]) -> str:
    """The first file or folder that is not as it was wanted; empty where all are, and nothing else is there.

    A text may end with one line break more or less.
    """
    folders = {str(folder): None for name in wanted for folder in Path(name).parents if folder != Path()}
    expected = {**folders, **wanted}
    found = files_in(home)
    for name in sorted({*expected, *found}):
        if name not in found or name not in expected:
            return f"{name} {'is missing' if name in expected else 'should not be there'}"
        if _ended(found[name]) != _ended(expected[name]):
            return f"{name} holds {str(found[name])[:200]}, not {str(expected[name])[:200]}"
    return ""


def _ended(content: bytes | None) -> bytes | None:
    return None if content is None else content.removesuffix(b"\n")
