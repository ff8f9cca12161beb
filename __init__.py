"""Clickwright drives browsers and desktops by sight. The public names load when they are first used."""

import os
from importlib import import_module
from typing import Any

__version__ = "0.1.0"

if "OMP_WAIT_POLICY" not in os.environ:
    # Read when torch loads. Threads of GNU OpenMP that spin long while they wait, as they do unless told, hold the
    # very cores that they wait for where a machine is busy. Nothing else at import would help those who call a policy
    # from a script of their own. Figures: python -m clickwright.perf.busy
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")

_HOME = {
    "agent": ("Agent", "Result", "resume"),
    "agent.subgraph": ("build_graph",),
    "environments": ("BrowserEnvironment", "DesktopEnvironment", "MemoryEnvironment"),
    "model": ("load_model",),
    "policies": ("Decision", "ModelPolicy", "ScriptedPolicy", "load_policy"),
    "screen": ("Box", "Element", "Observation", "Point", "Screenshot", "Size", "draw_overlay", "read_image"),
    "tools": ("Action", "Limits", "Task", "tool"),
    "errors": (
        "ActionFailed",
        "BadModelOutput",
        "ClickwrightError",
        "Denied",
        "EnvironmentLost",
        "ModelUnavailable",
        "UsageError",
    ),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = ["__version__", *sorted(_MODULE_OF)]  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{module}", __name__), name)


def __dir__() -> list[str]:
    return __all__
