"""Brings Playwright's own build of Firefox or WebKit where there is none."""

import sys
from collections.abc import Callable
from pathlib import Path

from ...errors import EnvironmentLost
from ..browser.find import find_build
from ..browser.install import DOWNLOAD_S, run_quietly
from .program import NAMES, Kind, none_found


def install_build(kind: Kind, tell: Callable[[str], object], *, download_s: float = DOWNLOAD_S) -> Path:
    """The folder of the build there is, or of the one that is downloaded now; `tell` is given each step as a sentence.

    Raises EnvironmentLost with what to do where it cannot be had. What it needs of the system is not installed.
    """
    found = find_build(kind)
    if found is None:
        tell(f"Asking Playwright for {NAMES[kind]}.")
        run_quietly((sys.executable, "-m", "playwright", "install", kind), download_s, tell)
        found = find_build(kind)
    if found is None:
        raise EnvironmentLost(none_found(kind))
    return found
