"""Drafts: what an answer probably goes on with, because the prompt or an earlier answer did."""

from collections.abc import Iterable, Sequence
from itertools import islice

LONGEST = 4
"""Tokens at the end of an answer that are looked up, at most; fewer where these were never read."""
PROMPT_TOKENS = 1024
"""Of the prompt, as many of its last tokens are searched."""
_GAP = -1


class Drafts:
    """Guesses at the next tokens, by what followed the same tokens before: the longest match, then the latest.

    The model reads a guess together with the tokens before it, in one pass, and what it would not have written itself
    is dropped. So a guess costs little and changes nothing; the surer it is, the longer it may be.
    """

    def __init__(self, prompt: Sequence[int], answers: Iterable[Sequence[int]], tokens: int) -> None:
        """From the text of a prompt and the answers before it, oldest first; `tokens` is the longest guess."""
        self._tokens = tokens
        self._read = [*prompt[-PROMPT_TOKENS:]]
        for answer in answers:
            self._read += [_GAP, *answer]
        self._behind: dict[tuple[int, ...], int] = {}
        for size in range(1, LONGEST + 1) if tokens else ():
            ends = range(size, len(self._read))
            self._behind |= {tuple(self._read[end - size : end]): end for end in ends}

    def after(self, written: Sequence[int]) -> list[int]:
        """The guess behind these tokens: none where they were never read."""
        for size in range(min(LONGEST, len(written)), 0, -1):
            start = self._behind.get(tuple(written[-size:]))
            if start is not None:
                return list(islice(_until_gap(self._read, start), self._tokens * (1 + size) // (1 + LONGEST)))
        return []


def _until_gap(read: Sequence[int], start: int) -> Iterable[int]:
    for place in range(start, len(read)):
        if read[place] == _GAP:
            return
        yield read[place]
