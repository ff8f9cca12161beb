"""Tests that read like the screen: recorded once with a model, replayed without one."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .budget import Budget
    from .call import Call, Done
    from .eyes import Eyes, Judged, ScriptedEyes, Told
    from .front import Ui, open_ui
    from .looks import Baselines
    from .page_eyes import PageEyes
    from .ui import AsyncUi
    from .verdicts import CheckFailed, Inconclusive, NotFound, Verdict, verdict_of

_HOME = {
    "AsyncUi": ".ui",
    "Baselines": ".looks",
    "Budget": ".budget",
    "Call": ".call",
    "CheckFailed": ".verdicts",
    "Done": ".call",
    "Eyes": ".eyes",
    "Inconclusive": ".verdicts",
    "Judged": ".eyes",
    "NotFound": ".verdicts",
    "PageEyes": ".page_eyes",
    "ScriptedEyes": ".eyes",
    "Told": ".eyes",
    "Ui": ".front",
    "Verdict": ".verdicts",
    "open_ui": ".front",
    "verdict_of": ".verdicts",
}

__all__ = [
    "AsyncUi",
    "Baselines",
    "Budget",
    "Call",
    "CheckFailed",
    "Done",
    "Eyes",
    "Inconclusive",
    "Judged",
    "NotFound",
    "PageEyes",
    "ScriptedEyes",
    "Told",
    "Ui",
    "Verdict",
    "open_ui",
    "verdict_of",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name], __name__), name)
