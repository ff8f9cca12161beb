"""What a checkpoint is trained on: a conversation in its own words, whose assistant messages are learned."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from ..model import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One conversation. The answers of the assistant are learned, with the end of each turn; the rest is given.

    Texts, marks and pictures are exactly what the policy of the checkpoint would give its model: whoever makes lessons
    converts coordinates into the checkpoint's space, so that whoever trains knows nothing of boxes and actions.
    """

    name: str
    """What it is told by in logs and in what is held out, such as `run/3`."""
    messages: tuple[Message, ...]
    weight: float = 1.0
    given: frozenset[int] = frozenset()
    """Indexes of assistant messages that are only told: what was answered before and is learned in another lesson, with
    the prompt that it was answered to, or what did not work."""

    @property
    def learned(self) -> tuple[int, ...]:
        """The indexes of the messages that are learned."""
        return tuple(
            n for n, message in enumerate(self.messages) if message.role == "assistant" and n not in self.given
        )


@runtime_checkable
class Outlined(Protocol):
    """Lessons, a sequence, that can be told without their pictures: what they are in tokens needs no pixel."""

    def digest(self) -> str:
        """Equal for equal lessons in equal order."""
        ...

    def outline(self, number: int) -> Lesson:
        """A lesson whose stills have their size and their name, and no pixels that may be looked at."""
        ...
