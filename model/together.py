"""One engine for several threads: what is asked while it answers waits, and is then answered in one batch."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from ..errors import ClickwrightError, ModelUnavailable
from ..screen import Size
from .conversation import Conversation, Decoding, Generation, Model, Pointed
from .engine import Engine, Session

MOST = 16
"""Answers in one batch: each keeps the keys and values of its trajectory."""


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    session: Session
    conversation: Conversation
    decoding: Decoding
    answer: "Future[Generation]" = field(default_factory=lambda: Future[Generation]())


class Together:
    """Implements `Sessions` with the sessions of an engine. Each answer is as the engine gives it alone.

    No thread of its own is needed: whoever comes first answers for all that wait.
    """

    def __init__(self, engine: Engine, *, most: int = MOST) -> None:
        self.engine = engine
        self._most = most
        self._waiting: deque[_Asked] = deque()
        self._turn = threading.Lock()
        self._first = self.session()

    @property
    def name(self) -> str:
        return self.engine.name

    @property
    def can_point(self) -> bool:
        return self.engine.can_point

    def seen_size(self, size: Size) -> Size:
        """As the engine has it."""
        return self.engine.seen_size(size)

    def session(self) -> "TogetherSession":
        """A trajectory with a memory of its own, for one thread at a time."""
        return TogetherSession(self, self.engine.session())

    def generate(
        self,
        conversation: Conversation,
        decoding: Decoding | None = None,
        *,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """As the engine does, in a session of its own."""
        return self._first.generate(conversation, decoding, on_text=on_text)

    def point(self, conversation: Conversation) -> Pointed:
        """As the engine does, in a session of its own."""
        return self._first.point(conversation)

    def answered(self, session: Session, conversation: Conversation, decoding: Decoding) -> Generation:
        """The answer, once it is this one's turn or somebody else has given it. Raises as `Engine.generate` does."""
        asked = _Asked(session, conversation, decoding)
        self._waiting.append(asked)
        with self._turn:
            while not asked.answer.done():
                self._answer([self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))])
        return asked.answer.result()

    def _answer(self, batch: Sequence[_Asked]) -> None:
        try:
            if len(batch) == 1 or not self._answer_all(batch):
                for asked in batch:
                    self._answer_alone(asked)
        finally:
            for asked in batch:
                if not asked.answer.done():  # or who waits for it would wait for ever
                    asked.answer.set_exception(ModelUnavailable("the model failed while it answered several at once"))

    def _answer_all(self, batch: Sequence[_Asked]) -> bool:
        """Whether it could be done: where one of them is at fault, the others are not."""
        try:
            answers = self.engine.generate_batch(
                [asked.conversation for asked in batch],
                [asked.decoding for asked in batch],
                sessions=[asked.session for asked in batch],
            )
        except ClickwrightError:
            return False
        for asked, answer in zip(batch, answers, strict=True):
            asked.answer.set_result(answer)
        return True

    def _answer_alone(self, asked: _Asked) -> None:
        try:
            asked.answer.set_result(asked.session.generate(asked.conversation, asked.decoding))
        except ClickwrightError as error:
            asked.answer.set_exception(error)


def together(model: Model) -> Model:
    """The model for several threads. One that is no engine of ours, such as a server, is that already."""
    return Together(model) if isinstance(model, Engine) else model


class TogetherSession:
    """Implements `Model` and `Pointer`: one trajectory among several."""

    def __init__(self, together: Together, session: Session) -> None:
        self._together, self._session = together, session

    @property
    def name(self) -> str:
        return self._session.name

    @property
    def can_point(self) -> bool:
        return self._session.can_point

    def seen_size(self, size: Size) -> Size:
        """As the engine has it."""
        return self._session.seen_size(size)

    def generate(
        self,
        conversation: Conversation,
        decoding: Decoding | None = None,
        *,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """As `Session` does. What is to be told piece by piece is answered alone."""
        if on_text is not None:
            return self._session.generate(conversation, decoding, on_text=on_text)
        return self._together.answered(self._session, conversation, decoding or Decoding())

    def point(self, conversation: Conversation) -> Pointed:
        return self._session.point(conversation)
