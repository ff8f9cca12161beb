"""What models read and wrote on the way to one result, whatever became of it."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from ..errors import BadModelOutput
from ..model import Generation


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens that were read, the visual ones among them, and written."""

    prompt_tokens: int = 0
    visual_tokens: int = 0
    new_tokens: int = 0

    @classmethod
    def of(cls, generation: Generation | None) -> "Usage":
        """What one answer took; nothing where no model gave it."""
        if generation is None:
            return cls()
        return cls(
            prompt_tokens=generation.prompt_tokens,
            visual_tokens=generation.visual_tokens,
            new_tokens=generation.new_tokens,
        )

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            visual_tokens=self.visual_tokens + other.visual_tokens,
            new_tokens=self.new_tokens + other.new_tokens,
        )


class Spending:
    """Adds up what is used for one result."""

    def __init__(self) -> None:
        self.usage = Usage()

    def add(self, usage: Usage) -> None:
        self.usage += usage

    @contextmanager
    def told_by_errors(self) -> Generator[None]:
        """A BadModelOutput from within tells all that was used, and not what its last answer took alone."""
        try:
            yield
        except BadModelOutput as error:
            error.prompt_tokens, error.new_tokens = self.usage.prompt_tokens, self.usage.new_tokens
            raise
