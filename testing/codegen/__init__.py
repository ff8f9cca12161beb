"""Tests written by Clickwright: from an agent's run, or from what a person does in a browser."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .from_run import write_test
    from .replay import replay_run

_HOME = {"replay_run": ".replay", "write_test": ".from_run"}

__all__ = ["replay_run", "write_test"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name], __name__), name)
