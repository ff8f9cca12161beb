"""From the name of a mode to the way that it finds things."""

from pathlib import Path
from typing import assert_never

from ...errors import UsageError
from ..eyes import Eyes
from ..page_eyes import PAGE, PageEyes
from .heal import Heal
from .live import Live
from .record import Record
from .replay import Replay
from .way import Mode, Way


def choose_way(
    mode: Mode, model: str | Eyes, recording: Path | None, *, test: str = "", patches: Path | None = None
) -> Way:
    """The model is not loaded yet. Raises UsageError where a mode lacks its recording.

    Repairs go as patches into the folder of that name, else beside the recording.
    """
    if mode == "live":
        return Live(eyes_of(model))
    if recording is None:
        raise UsageError(f"the mode {mode} needs a recording: name its file")
    match mode:
        case "record":
            return Record(eyes_of(model), recording, test=test)
        case "replay":
            return Replay(recording)
        case "heal":
            return Heal(eyes_of(model), recording, patches=patches or recording.parent)
        case _:
            assert_never(mode)


def eyes_of(model: str | Eyes) -> Eyes:
    """The eyes themselves, or a model of this name; `page` names those of the page itself."""
    if not isinstance(model, str):
        return model
    if model == PAGE:
        return PageEyes()
    from ..model_eyes import ModelEyes

    return ModelEyes(model)
