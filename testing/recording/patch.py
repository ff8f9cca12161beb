"""A repair of a recording as a patch that people read and `git apply` takes."""

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ...errors import UsageError
from ...screen import Screenshot
from .files import pictures_in, pictures_of, read_picture, read_recording, write_recording
from .recorded import Recording

GIT_S = 60.0


def write_patch(folder: Path, path: Path, new: Recording, pictures: Mapping[str, Screenshot]) -> Path:
    """The patch file, with new pictures in it. Paths are from the root of the repository that the recording is in, else
    from its folder. Raises UsageError where there is no git.
    """
    git = shutil.which("git")
    if git is None:
        raise UsageError("a repair is written as a patch by git, which is not installed")
    patch = folder / f"{path.stem}.patch"
    root = _root_of(git, path)
    below = Path(path.name) if root is None else path.resolve().relative_to(root)
    with tempfile.TemporaryDirectory(prefix="clickwright-") as place:
        before, after = Path(place) / "a" / below, Path(place) / "b" / below
        before.parent.mkdir(parents=True)
        _copy(path, before)
        write_recording(after, new, pictures)
        command = [git, "diff", "--no-index", "--binary", "--no-prefix", "--no-color", "--no-ext-diff", "a", "b"]
        done = subprocess.run(command, cwd=place, capture_output=True, timeout=GIT_S, check=False)
    if done.returncode not in (0, 1):
        raise UsageError(f"the repair of {path} could not be written: {done.stderr.decode(errors='replace').strip()}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        patch.write_bytes(done.stdout)
    except OSError as error:
        raise UsageError(f"{patch} cannot be written: {error.strerror}") from None
    return patch


def _copy(path: Path, to: Path) -> None:
    """The recording and the pictures that it names, as they are: links are followed nowhere."""
    old = read_recording(path)
    to.write_bytes(path.read_bytes())
    pictures_of(to).mkdir()
    for name in pictures_in(old):
        read_picture(path, name, old.made.scale)
        (pictures_of(to) / name).write_bytes((pictures_of(path) / name).read_bytes())


def _root_of(git: str, path: Path) -> Path | None:
    command = [git, "-C", str(path.resolve().parent), "rev-parse", "--show-toplevel"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=GIT_S, check=False)
    return Path(done.stdout.strip()) if done.returncode == 0 else None
