"""Writing an answer: the model chooses where there is a choice, the grammar fills in the rest."""

from collections import deque

from torch import Tensor

from .answer import Answer
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

    def write(self, logits: Tensor) -> list[int]:
        """The token chosen, and those that the grammar then forces. Dimensions: logits (1, vocab)."""
        return [self.write_one(logits), *self.ahead()]

    def write_one(self, logits: Tensor) -> int:
        """The next token alone: forced before, or chosen. Answers that are written together keep step in this way."""
        if self._ahead:
            return self._ahead.popleft()
        choice = self._sampler.choose(logits, self._guide.allowed() if self._guide else None)
        if not self.is_over:
            self.answer.push(choice)
            if self._guide:
                self._guide.follow(choice.token)
                self._ahead.extend(self._forced())
        return choice.token

    def _forced(self) -> list[int]:
        written: list[int] = []
        for token in self._guide.forced() if self._guide else ():
            if self.is_over:
                break
            self.answer.push(Choice(token, 0.0))
            written.append(token)
        return written
