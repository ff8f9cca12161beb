"""What a run may do, as it is told on a command line."""

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UsageError

if TYPE_CHECKING:
    from ..agent import Permissions


def permissions_for(url: str, allowed: list[str], file: Path | None) -> "Permissions":
    """What the file says, else the origin where the run starts and those that the user named."""
    from pydantic import ValidationError

    from ..agent import Permissions

    if file is not None:
        if allowed:
            raise UsageError("name the origins in the file of --permissions, or by --allow, not in both")
        told = Permissions.read(file)
        needs_origins = told.origins is None and told.loads == "origins"
        return told.model_copy(update={"origins": Permissions.for_url(url).origins}) if needs_origins else told
    start = Permissions.for_url(url)
    if not allowed:
        return start
    try:
        return Permissions(origins=(*(start.origins or ()), *allowed), ask=start.ask)
    except ValidationError as error:
        raise UsageError(f"--allow: {error.errors()[0]['msg'].removeprefix('Value error, ')}") from None
