"""A model in other processes, as a policy sees it: each trajectory stays with the process that has read it."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Protocol

from pydantic import ValidationError

from ...errors import ModelUnavailable
from ...model import Conversation, Decoding, Generation, Pointed
from ...screen import Size
from .wire import About, Asked, Told, asked_bytes, pointed_of, read_told

ANSWER_S = 600.0
"""For one answer, and for all that wait before it."""


class ModelLine(Protocol):
    """A line to one process that holds the model. Several threads may ask at once."""

    def ask(self, message: bytes, within_s: float) -> bytes:
        """The answer. Where the process ends or takes longer it is ended, ModelUnavailable raised, and another begun
        with the next question: what it had read is read again there."""
        ...

    def about(self) -> About:
        """What the model is that it holds. Raises as `ask`, and what `open_model` raises."""
        ...


class RemoteModel:
    """Implements `Sessions` and `Pointer` with several processes that hold the same model."""

    def __init__(self, lines: Sequence[ModelLine]) -> None:
        """Waits until one of them has opened it. Raises as `ModelLine.about`."""
        self._lines = lines
        self._numbers = count()
        self._about = lines[0].about()
        self._first = self.session()

    @property
    def name(self) -> str:
        return self._about.name

    @property
    def backend(self) -> str:
        """What runs it there."""
        return self._about.backend

    @property
    def device(self) -> str:
        return self._about.device

    @property
    def dtype(self) -> str:
        return self._about.dtype

    @property
    def can_point(self) -> bool:
        return self._about.can_point

    @property
    def budget(self) -> tuple[int | None, int | None]:
        """The least and the most pixels at which it reads a picture."""
        return self._about.min_pixels, self._about.max_pixels

    def session(self) -> "RemoteSession":
        """A trajectory with a memory of its own. They are dealt out to the processes in turn."""
        number = next(self._numbers)
        return RemoteSession(self._lines[number % len(self._lines)], number, self._about)

    def seen_size(self, size: Size) -> Size:
        """As the model has it."""
        return self._first.seen_size(size)

    def generate(
        self,
        conversation: Conversation,
        decoding: Decoding | None = None,
        *,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """As the model does, in a session of its own."""
        return self._first.generate(conversation, decoding, on_text=on_text)

    def point(self, conversation: Conversation) -> Pointed:
        """As the model does, in a session of its own."""
        return self._first.point(conversation)


class RemoteSession:
    """Implements `Model` and `Pointer`: one trajectory, in one of the processes."""

    def __init__(self, line: ModelLine, number: int, about: About) -> None:
        self._line, self._number, self._about = line, number, about

    @property
    def name(self) -> str:
        return self._about.name

    @property
    def can_point(self) -> bool:
        return self._about.can_point

    def seen_size(self, size: Size) -> Size:
        """As the model has it."""
        told, _ = self._told(Asked(do="size", session=self._number, size=(size.width, size.height)))
        if told.size is None:
            raise ModelUnavailable("the model elsewhere told no size")
        return Size(*told.size)

    def generate(
        self,
        conversation: Conversation,
        decoding: Decoding | None = None,
        *,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """As the model does; `on_text` is called once, with all of it."""
        told, _ = self._told(Asked(do="generate", session=self._number, decoding=decoding), conversation)
        if told.generation is None:
            raise ModelUnavailable("the model elsewhere gave no answer")
        if on_text is not None:
            on_text(told.generation.text)
        return told.generation

    def point(self, conversation: Conversation) -> Pointed:
        """As the model does."""
        told, scores = self._told(Asked(do="point", session=self._number), conversation)
        if told.aimed is None:
            raise ModelUnavailable("the model elsewhere pointed at nothing")
        return pointed_of(told.aimed, scores)

    def _told(self, asked: Asked, conversation: Conversation | None = None) -> tuple[Told, bytes]:
        answer = self._line.ask(asked_bytes(asked, conversation), ANSWER_S)
        try:
            return read_told(answer)
        except (ValidationError, ValueError) as error:
            raise ModelUnavailable(f"the answer of the model elsewhere cannot be read: {error}") from None
