"""Writing an answer: the model chooses where there is a choice, the grammar fills in the rest."""

from collections import deque
from collections.abc import Sequence

from torch import Tensor

from .answer import Answer, Asked
from .conversation import Generation, Timings
from .grammar import Guide
from .sampling import Choice, Sampler


class Writer:
    """Turns logits into the tokens of one answer until it is over."""

    def __init__(self, answer: Answer, sampler: Sampler, guide: Guide | None) -> None:
        self.answer = answer
        self._sampler, self._guide = sampler, guide
        self._ahead = deque(self._forced())

    @property
    def is_over(self) -> bool:
        return self.answer.is_over

    def ahead(self) -> list[int]:
        """Tokens that are written already and that the model has still to read."""
        tokens = list(self._ahead)
        self._ahead.clear()
        return tokens

    def write(self, logits: Tensor, guess: Sequence[int] = ()) -> tuple[int, list[int]]:
        """Tokens chosen and forced: how many of the guess they confirm, and those that are still to be read.

        Dimensions: logits (1 + guess, vocab), behind the tokens read before the guess and behind each one of it. The
        same tokens are chosen as without a guess.
        """
        known = 0
        while not self.is_over:
            written = [self.write_one(logits[known : known + 1]), *self.ahead()]
            common = _common(written, guess[known:])
            known += common
            if common < len(written):
                return known, written[common:]
        return known, []

    def write_one(self, logits: Tensor) -> int:
        """The next token alone: forced before, or chosen. Answers that are written together keep step in this way."""
        if self.is_over:
            return 0
        if self._ahead:
            return self._ahead.popleft()
        choice = self._sampler.choose(logits, self._guide.allowed() if self._guide else None)
        self.answer.push(choice)
        if self._guide:
            self._guide.follow(choice.token)
            self._ahead.extend(self._forced())
        return choice.token

    def generation(self, prompt: Asked, reused: int, timings: Timings, *, looked: int | None = None) -> Generation:
        """As `Answer.generation`."""
        self._sampler.settle()
        return self.answer.generation(prompt, reused, timings, looked=looked)

    def _forced(self) -> list[int]:
        written: list[int] = []
        for token in self._guide.forced() if self._guide else ():
            if self.is_over:
                break
            self.answer.push(Choice(token, 0.0))
            written.append(token)
        return written


def _common(written: Sequence[int], guess: Sequence[int]) -> int:
    """How many tokens at the beginning are the same."""
    pairs = enumerate(zip(written, guess, strict=False))
    return next((n for n, (one, other) in pairs if one != other), min(len(written), len(guess)))
