"""How a command ends that did not do what it should: one sentence, and an exit code."""

import os
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import NoReturn

from .errors import ClickwrightError

INTERRUPTED, TERMINATED = 130, 143


def complain(sentence: str) -> None:
    """Tell it on stderr, in one line."""
    sys.stderr.write(f"clickwright: {' '.join(sentence.split())}\n")


@contextmanager
def in_one_sentence() -> Generator[None]:
    """Around a command, or as its decorator: an error raised on purpose is told, and its exit code ends the process."""
    try:
        yield
    except ClickwrightError as error:
        complain(str(error))
        sys.exit(error.exit_code)


def leave(ended: SystemExit) -> NoReturn:
    """End the process. A model that was still thinking when the run was interrupted is not waited for."""
    if ended.code in (INTERRUPTED, TERMINATED) and any(
        thread.name == "clickwright" for thread in threading.enumerate()
    ):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(ended.code)
    raise ended
