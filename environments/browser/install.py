"""Brings a browser where there is none: Playwright's own build, else the package of the system."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ...errors import EnvironmentLost
from .find import find_browser

Tell = Callable[[str], object]

DOWNLOAD_S = 300.0
PACKAGES_S = 900.0


def install_browser(
    tell: Tell | None = None, *, download_s: float = DOWNLOAD_S, packages_s: float = PACKAGES_S
) -> Path:
    """The browser there is, or one that is installed now; `tell` is given each step as a sentence.

    Raises EnvironmentLost with what to install when neither way works.
    """
    tell = tell or _to_terminal
    ways: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("Asking Playwright for a browser.", lambda: run_quietly(_PLAYWRIGHT, download_s, tell)),
        ("Asking the system's package manager for Chromium.", lambda: _from_packages(packages_s, tell)),
    )
    for sentence, install in ways:
        try:
            return find_browser()
        except EnvironmentLost:
            tell(sentence)
            install()
    return find_browser()


_PLAYWRIGHT = (sys.executable, "-m", "playwright", "install", "--only-shell", "chromium")


def _from_packages(packages_s: float, tell: Tell) -> bool:
    apt = shutil.which("apt-get")
    if apt is None:
        tell("There is no apt-get here.")
        return False
    prefix = _as_root()
    if prefix is None:
        tell(f"Only an administrator may install packages: sudo {apt} install chromium")
        return False
    quiet = (*prefix, "env", "DEBIAN_FRONTEND=noninteractive", apt, "-qq")
    run_quietly((*quiet, "update"), packages_s, tell)
    return run_quietly((*quiet, "install", "-y", "--no-install-recommends", "chromium"), packages_s, tell)


def _as_root() -> tuple[str, ...] | None:
    """What to put before a command so that it runs as root, or None where that would need a password."""
    if os.geteuid() == 0:
        return ()
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    try:
        allowed = subprocess.run((sudo, "-n", "true"), capture_output=True, timeout=10, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return None
    return (sudo, "-n") if allowed else None


def run_quietly(command: Sequence[str], timeout_s: float, tell: Tell) -> bool:
    """Whether the command ended well in time; if not, its last line is told."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout_s, check=False
        )
    except subprocess.TimeoutExpired:
        tell(f"It was not done after {timeout_s:g} s.")
        return False
    except OSError as error:
        tell(f"It could not be started: {error.strerror}.")
        return False
    if done.returncode != 0:
        lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        tell(f"It failed: {lines[-1][:300] if lines else f'exit status {done.returncode}'}")
    return done.returncode == 0


def _to_terminal(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
