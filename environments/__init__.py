"""Where actions happen: browsers, desktops, in-memory screens; one contract for all."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .browser.find import find_browser
from .browser.install import install_browser
from .contract import check_environment
from .environment import (
    ActsBlindly,
    Confines,
    Destination,
    DialogJudge,
    DownloadLimits,
    Environment,
    Facts,
    Judge,
    JudgesDialogs,
    LimitsDownloads,
    Recovers,
    Screen,
    TellsMore,
)
from .memory.environment import MemoryEnvironment
from .memory.screen import MemoryItem, MemoryPage

if TYPE_CHECKING:
    from .android.environment import AndroidEnvironment
    from .browser.environment import BrowserEnvironment
    from .browser.launch import Chromium
    from .browser.options import BrowserOptions, Proxy
    from .browsergym.environment import BrowserGymEnvironment
    from .desktop.environment import DesktopEnvironment
    from .desktop.recorded import RecordedBackend
    from .desktop.virtual_display import VirtualDisplay
    from .miniwob.environment import MiniWobEnvironment, MiniWobEpisode
    from .osworld.environment import OSWorldEnvironment
    from .playwright_api.environment import PlaywrightEnvironment

_HOME = {  # loaded when first used: Playwright takes 160 ms to import, mss and cv2 as long
    "AndroidEnvironment": ".android.environment",
    "BrowserEnvironment": ".browser.environment",
    "BrowserGymEnvironment": ".browsergym.environment",
    "BrowserOptions": ".browser.options",
    "Chromium": ".browser.launch",
    "DesktopEnvironment": ".desktop.environment",
    "MiniWobEnvironment": ".miniwob.environment",
    "MiniWobEpisode": ".miniwob.environment",
    "OSWorldEnvironment": ".osworld.environment",
    "PlaywrightEnvironment": ".playwright_api.environment",
    "Proxy": ".browser.options",
    "RecordedBackend": ".desktop.recorded",
    "VirtualDisplay": ".desktop.virtual_display",
}

__all__ = [
    "ActsBlindly",
    "AndroidEnvironment",
    "BrowserEnvironment",
    "BrowserGymEnvironment",
    "BrowserOptions",
    "Chromium",
    "Confines",
    "DesktopEnvironment",
    "Destination",
    "DialogJudge",
    "DownloadLimits",
    "Environment",
    "Facts",
    "Judge",
    "JudgesDialogs",
    "LimitsDownloads",
    "MemoryEnvironment",
    "MemoryItem",
    "MemoryPage",
    "MiniWobEnvironment",
    "MiniWobEpisode",
    "OSWorldEnvironment",
    "PlaywrightEnvironment",
    "Proxy",
    "RecordedBackend",
    "Recovers",
    "Screen",
    "TellsMore",
    "VirtualDisplay",
    "check_environment",
    "find_browser",
    "install_browser",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name], __name__), name)
