"""From the name of a mode to the way that it finds things."""

from pathlib import Path
from typing import assert_never

from ...errors import UsageError
from ..eyes import Eyes
from .live import Live
from .way import Mode, Way


def choose_way(mode: Mode, model: str | Eyes, recording: Path | None, *, test: str = "") -> Way:
    """Raises UsageError where a mode lacks its recording."""
    if mode != "live" and recording is None:
        raise UsageError(f"the mode {mode} needs a recording: name its file")
    match mode:
        case "live":
            return Live(_eyes(model))
        case "record" | "replay" | "heal":
            raise UsageError(f"the mode {mode} is not there yet")
        case _:
            assert_never(mode)


def _eyes(model: str | Eyes) -> Eyes:
    if not isinstance(model, str):
        return model
    from ..model_eyes import ModelEyes

    return ModelEyes(model)
