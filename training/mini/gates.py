"""The gate before what is large: words in small windows must be read and found first, else the time is lost there."""

from collections.abc import Iterable, Mapping

from .evaluate import FEW, FOUND, READ, Share

PASSES = 0.8
"""Of the words in small windows, read as well as found: on what stands below that, larger pages teach little."""
_WINDOWS = f"held-out windows of {FEW.start} to {FEW.stop - 1} words"


def unchecked(words: Mapping[str, Mapping[str, Share]], kinds: Iterable[str]) -> list[str]:
    """A sentence for each kind of picture that nothing is known of."""
    return [
        f"whether words are read and found was not checked on {kind}: there are no {_WINDOWS} of them"
        for kind in sorted(kinds)
        if kind not in words
    ]


def shortfall(words: Mapping[str, Mapping[str, Share]], kinds: Iterable[str]) -> str:
    """What is missing, as the beginning of a sentence; empty where nothing is."""
    parts = [
        f"of {kind} {one[READ].value:.0%} are read and {one[FOUND].value:.0%} found"
        for kind, one in sorted(words.items())
        if kind in kinds and min(one[READ].value, one[FOUND].value) < PASSES
    ]
    return f"in {_WINDOWS} {' and '.join(parts)}, less than {PASSES:.0%}" if parts else ""
