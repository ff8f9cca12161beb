"""How a command ends that did not do what it should: one sentence, and an exit code."""

import sys

INTERRUPTED = 130


def complain(sentence: str) -> None:
    """Tell it on stderr, in one line."""
    sys.stderr.write(f"clickwright: {' '.join(sentence.split())}\n")
