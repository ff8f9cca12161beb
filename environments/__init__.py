"""Where actions happen: browsers, desktops, in-memory screens; one contract for all."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .browser.find import find_browser
from .browser.install import install_browser
from .contract import check_environment
from .environment import Environment, Facts, Recovers
from .memory.environment import MemoryEnvironment
from .memory.screen import MemoryItem, MemoryPage

if TYPE_CHECKING:
    from .browser.environment import BrowserEnvironment
    from .browser.launch import Chromium
    from .miniwob.environment import MiniWobEnvironment, MiniWobEpisode

_HOME = {  # loaded when first used: Playwright takes 160 ms to import
    "BrowserEnvironment": ".browser.environment",
    "Chromium": ".browser.launch",
    "MiniWobEnvironment": ".miniwob.environment",
    "MiniWobEpisode": ".miniwob.environment",
}

__all__ = [
    "BrowserEnvironment",
    "Chromium",
    "Environment",
    "Facts",
    "MemoryEnvironment",
    "MemoryItem",
    "MemoryPage",
    "MiniWobEnvironment",
    "MiniWobEpisode",
    "Recovers",
    "check_environment",
    "find_browser",
    "install_browser",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name], __name__), name)
