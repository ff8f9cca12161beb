"""Which browser to use: an explicit setting, then Playwright's own, then what is installed on the machine."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from ...errors import EnvironmentLost

VARIABLE = "CLICKWRIGHT_BROWSER"

ON_PATH = (
    *("google-chrome", "google-chrome-stable", "chrome", "chromium", "chromium-browser"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge"),
)
_WINDOWLESS_ON_PATH = ("chrome-headless-shell", "chromium-headless-shell")
"""Quicker where no window is wanted: half the time for a context, three quarters for a step."""
_ELSEWHERE = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ),
}
_WINDOWED = ("chrome-linux*/chrome", "chrome-mac*/*.app/Contents/MacOS/*", "chrome-win*/chrome.exe")
_WINDOWLESS = (
    *("chrome-headless-shell-*/chrome-headless-shell", "chrome-headless-shell-*/chrome-headless-shell.exe"),
    *("chrome-linux/headless_shell", "chrome-mac/headless_shell", "chrome-win/headless_shell.exe"),
)

NONE_FOUND = (
    "no browser was found: install Google Chrome, Chromium or Edge (on Debian and Ubuntu: apt-get install chromium), "
    f"or set {VARIABLE} to the path of one"
)


def find_browser(executable: Path | str | None = None, *, headless: bool = True) -> Path:
    """The program of a Chromium browser. `executable`, then the variable CLICKWRIGHT_BROWSER, wins over all others.

    A windowless build is taken only where no window is wanted. Raises EnvironmentLost with one sentence
    that says what to install, or which setting names a file that is not there.
    """
    for setting, value in (("the browser setting", executable), (VARIABLE, os.environ.get(VARIABLE))):
        if value:
            return _named(setting, str(value))
    found = next(_candidates(headless), None)
    if found is None:
        raise EnvironmentLost(NONE_FOUND)
    return found


def _named(setting: str, value: str) -> Path:
    """A path, or the name of a program on PATH."""
    program = shutil.which(value)
    if program is None:
        raise EnvironmentLost(f"{setting} names {value}, which is not a program on this machine")
    return Path(program)


def _candidates(headless: bool) -> Iterator[Path]:
    yield from _playwrights_own(headless)
    names = (*_WINDOWLESS_ON_PATH, *ON_PATH) if headless else ON_PATH
    yield from (Path(program) for name in names if (program := shutil.which(name)) is not None)
    yield from (path for text in _ELSEWHERE.get(sys.platform, ()) if _is_program(path := Path(text)))


def find_build(kind: str) -> Path | None:
    """The folder of Firefox or WebKit of the revision that the installed Playwright was made for, if it was downloaded.

    Of another revision the installed Playwright knows nothing.
    """
    package = _package()
    if package is None:
        return None
    folder = _downloads(package) / f"{kind}-{_revisions(package).get(kind)}"
    return folder if (folder / "INSTALLATION_COMPLETE").exists() else None


def is_of_a_build(program: Path) -> bool:
    """Whether the program is one that some Playwright has downloaded."""
    package = _package()
    return package is not None and program.resolve().is_relative_to(_downloads(package).resolve())


def _playwrights_own(headless: bool) -> Iterator[Path]:
    """The builds of exactly the revisions that the installed Playwright was made for, if they were downloaded."""
    package = _package()
    if package is None:
        return
    revisions = _revisions(package)
    builds = [("chromium-headless-shell", _WINDOWLESS)] if headless else []
    for name, patterns in [*builds, ("chromium", _WINDOWED)]:
        folder = _downloads(package) / f"{name.replace('-', '_')}-{revisions.get(name)}"
        yield from (path for pattern in patterns for path in sorted(folder.glob(pattern)) if _is_program(path))


def _package() -> Path | None:
    """Playwright's driver."""
    spec = find_spec("playwright")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "driver" / "package"


def _revisions(package: Path) -> dict[str, str]:
    """Of the builds that it was made for; none where it does not say."""
    try:
        listed = json.loads((package / "browsers.json").read_text("utf-8"))["browsers"]
    except (OSError, ValueError, KeyError):
        return {}
    return {str(entry.get("name")): str(entry.get("revision")) for entry in listed}


def _downloads(package: Path) -> Path:
    """Where Playwright keeps its browsers: its own rules, see its page on managing browser binaries."""
    chosen = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")
    if chosen == "0":
        return package / ".local-browsers"
    if chosen:
        return Path(chosen)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "ms-playwright"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "ms-playwright"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ms-playwright"


def _is_program(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)
