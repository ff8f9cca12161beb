"""Where actions happen: browsers, desktops, in-memory screens; one contract for all."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .environment import Environment, Facts
from .find_browser import find_browser
from .install_browser import install_browser
from .memory import MemoryEnvironment
from .memory_screen import MemoryItem, MemoryPage

if TYPE_CHECKING:
    from .browser import BrowserEnvironment
    from .browser_launch import Chromium

_HOME = {  # loaded when first used: Playwright takes 160 ms to import
    "BrowserEnvironment": ".browser",
    "Chromium": ".browser_launch",
}

__all__ = [
    "BrowserEnvironment",
    "Chromium",
    "Environment",
    "Facts",
    "MemoryEnvironment",
    "MemoryItem",
    "MemoryPage",
    "find_browser",
    "install_browser",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name], __name__), name)
