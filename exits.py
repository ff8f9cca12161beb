"""How a command ends that did not do what it should: one sentence, and an exit code."""

import os
import sys
import threading
from typing import NoReturn

INTERRUPTED, TERMINATED = 130, 143


def complain(sentence: str) -> None:
    """Tell it on stderr, in one line."""
    sys.stderr.write(f"clickwright: {' '.join(sentence.split())}\n")


def leave(ended: SystemExit) -> NoReturn:
    """End the process. A model that was still thinking when the run was interrupted is not waited for."""
    if ended.code in (INTERRUPTED, TERMINATED) and any(
        thread.name == "clickwright" for thread in threading.enumerate()
    ):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ended.code)
    raise ended
