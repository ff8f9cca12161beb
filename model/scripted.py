"""A model without a network: it writes what it is told. For tests and demonstrations."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from ..errors import ModelUnavailable, UsageError
from ..screen import Size
from .conversation import Conversation, Decoding, Generation, Pointed
from .processor import FACTOR, Budget


class ScriptedModel:
    """Answers with its script, in order. An entry is a text, a whole generation, a place, or an error to raise.

    `asked` holds every conversation, `decodings` how each answer was to be decoded. A text becomes a generation of one
    token a character, each certain. It can point where its script has a place. With a budget it reads stills at the
    sizes that this gives, else as they are.
    """

    def __init__(
        self,
        script: Iterable[str | Generation | Pointed | Exception],
        *,
        name: str = "scripted",
        budget: Budget | None = None,
        factor: int = FACTOR,
    ) -> None:
        self.name = name
        self._budget, self._factor = budget, factor
        entries = tuple(script)
        self.can_point = any(isinstance(entry, Pointed) for entry in entries)
        self._script = iter(entries)
        self.asked: list[Conversation] = []
        self.decodings: list[Decoding] = []

    def seen_size(self, size: Size) -> Size:
        """The size at which it reads a still of this size."""
        return size if self._budget is None else self._budget.resized(size, factor=self._factor)

    def generate(
        self,
        conversation: Conversation,
        decoding: Decoding | None = None,
        *,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """The next entry. Raises the entry when it is an error, and ModelUnavailable when the script is over."""
        self.decodings.append(decoding or Decoding())
        match self._next(conversation):
            case Pointed():
                raise UsageError("the script has a place where it is asked for an answer")
            case Generation() as generation:
                pass
            case text:
                generation = Generation(
                    text=text, token_ids=tuple(map(ord, text)), tokens=tuple(text), logprobs=(0.0,) * len(text)
                )
        if on_text is not None:
            on_text(generation.text)
        return replace(generation, prompt_tokens=generation.prompt_tokens or 1)

    def point(self, conversation: Conversation) -> Pointed:
        """The next entry. Raises as `generate` does, and UsageError when it is no place."""
        found = self._next(conversation)
        if not isinstance(found, Pointed):
            raise UsageError("the script has an answer where it is asked for a place")
        return found

    def _next(self, conversation: Conversation) -> str | Generation | Pointed:
        self.asked.append(conversation)
        match next(self._script, None):
            case None:
                raise ModelUnavailable(f"the script is over after {len(self.asked) - 1} answers")
            case Exception() as error:
                raise error
            case entry:
                return entry
