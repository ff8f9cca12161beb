"""Where actions happen: browsers, desktops, in-memory screens; one contract for all."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .browser.find import find_browser
from .browser.install import install_browser
from .contract import check_environment
from .environment import Confines, Destination, Environment, Facts, Judge, Recovers
from .memory.environment import MemoryEnvironment
from .memory.screen import MemoryItem, MemoryPage

if TYPE_CHECKING:
    from .android.environment import AndroidEnvironment
    from .browser.environment import BrowserEnvironment
    from .browser.launch import Chromium
    from .browsergym.environment import BrowserGymEnvironment
    from .miniwob.environment import MiniWobEnvironment, MiniWobEpisode
    from .osworld.environment import OSWorldEnvironment

_HOME = {  # loaded when first used: Playwright takes 160 ms to import
    "AndroidEnvironment": ".android.environment",
    "BrowserEnvironment": ".browser.environment",
    "BrowserGymEnvironment": ".browsergym.environment",
    "Chromium": ".browser.launch",
    "MiniWobEnvironment": ".miniwob.environment",
    "MiniWobEpisode": ".miniwob.environment",
    "OSWorldEnvironment": ".osworld.environment",
}

__all__ = [
    "AndroidEnvironment",
    "BrowserEnvironment",
    "BrowserGymEnvironment",
    "Chromium",
    "Confines",
    "Destination",
    "Environment",
    "Facts",
    "Judge",
    "MemoryEnvironment",
    "MemoryItem",
    "MemoryPage",
    "MiniWobEnvironment",
    "MiniWobEpisode",
    "OSWorldEnvironment",
    "Recovers",
    "check_environment",
    "find_browser",
    "install_browser",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name], __name__), name)
