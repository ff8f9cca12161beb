"""Files written as a whole: whoever reads sees the old one or the new one."""

import os
import threading
from contextlib import suppress
from pathlib import Path

from ..errors import UsageError


def write_whole(path: Path, content: bytes) -> None:
    """Its folder is made where it is missing. Raises UsageError where the disk does not take it."""
    part = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    finally:
        with suppress(OSError):  # it has its own name by now, or never came to be
            part.unlink()
