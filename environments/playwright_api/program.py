"""Which program is driven: one that is named, else Playwright's own build, else a Firefox of the system."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ...errors import EnvironmentLost
from ..browser.find import find_browser, find_build, is_of_a_build

Kind = Literal["chromium", "firefox", "webkit"]
NAMES: dict[Kind, str] = {"chromium": "Chromium", "firefox": "Firefox", "webkit": "WebKit"}
STOCK = "moz-firefox"
"""Playwright's word for a Firefox that was not built for it: driven by WebDriver BiDi."""
_FIREFOXES = (
    *("firefox", "firefox-esr", "/Applications/Firefox.app/Contents/MacOS/firefox"),
    *(r"C:\Program Files\Mozilla Firefox\firefox.exe", r"C:\Program Files (x86)\Mozilla Firefox\firefox.exe"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What Playwright is told to start; its own build where no path is told."""

    path: Path | None = None
    channel: str = ""


def find_program(kind: Kind, executable: Path | str | None = None, *, headless: bool = True) -> Program:
    """Raises EnvironmentLost with one sentence that says how to get one, or that what was named is no program."""
    if kind == "chromium":
        return Program(path=find_browser(executable, headless=headless))
    if executable:
        named = shutil.which(str(executable))
        if named is None:
            raise EnvironmentLost(f"the browser setting names {executable}, which is not a program on this machine")
        is_stock = kind == "firefox" and not is_of_a_build(Path(named))
        return Program(path=Path(named), channel=STOCK if is_stock else "")
    if find_build(kind) is not None:
        return Program()
    stock = next((path for name in _FIREFOXES if (path := shutil.which(name))), None) if kind == "firefox" else None
    if stock is None:
        raise EnvironmentLost(none_found(kind))
    return Program(path=Path(stock), channel=STOCK)


def none_found(kind: Kind) -> str:
    """How to get one."""
    return f"no {NAMES[kind]} was found that Playwright drives: python -m playwright install --with-deps {kind}"
