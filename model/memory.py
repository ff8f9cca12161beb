"""What a network remembers of one trajectory: the keys and values of what it has read, and which tokens they are."""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Self

from .decoder import Cache
from .prompt import Prompt

ANSWERS = 8
"""How many of a trajectory's last answers drafts are made from."""


class Memory:
    """One trajectory. `known` names what the cache holds, token by token: an id, or the picture it belongs to.

    Rotary positions belong to the prompt that is read, and so to the trajectory; the network keeps none. `answers` are
    the tokens of the last ones written.
    """

    def __init__(self, cache: Cache, known: Sequence[int | str] = (), answers: Iterable[list[int]] = ()) -> None:
        self.cache = cache
        self.known = list(known)
        self.answers = deque(answers, maxlen=ANSWERS)

    def shared(self, prompt: Prompt) -> int:
        """How many tokens at the beginning of a prompt are known, with whole pictures and one token left to read."""
        pairs = zip(prompt.keys[:-1], self.known, strict=False)
        common = next(
            (n for n, (new, old) in enumerate(pairs) if new != old), min(len(prompt.keys) - 1, len(self.known))
        )
        for start, shown in zip(prompt.starts, prompt.pictures, strict=True):
            if start < common < start + shown.tokens:
                common = start
        return common

    def cut(self, tokens: int) -> None:
        """Keep the first `tokens` of them, which costs nothing."""
        self.cache.cut(tokens)
        del self.known[tokens:]

    def fork(self) -> Self:
        """A second trajectory that has read the same so far. It costs as much memory as the first."""
        return type(self)(self.cache.fork(), self.known, self.answers)

    def forget(self) -> None:
        """Give all memory back."""
        self.cache.clear()
        self.known.clear()
        self.answers.clear()
