"""A policy that keeps what it is told."""

from collections.abc import Sequence

import pytest
from clickwright.policies.policy import Decision, Turn
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.screen import Observation


class Listening(ScriptedPolicy):
    """Keeps the history of each turn."""

    def __init__(self, script: list[object]) -> None:
        super().__init__(script)  # pyright: ignore[reportArgumentType]
        self.histories: list[Sequence[Turn]] = []

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        self.histories.append(history)
        return super().act(observation, history)

    @property
    def errors(self) -> list[str | None]:
        """What was told of the turn before, turn by turn from the second on."""
        return [history[-1].error if history else None for history in self.histories[1:]]


class Answering:
    """A user who is there."""

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    async def approve(self, request: object, question: str) -> bool:
        return True

    async def answer(self, question: str) -> str | None:
        self.asked.append(question)
        return self._answers.pop(0) if self._answers else None


@pytest.fixture
def listening() -> type[Listening]:
    return Listening


@pytest.fixture
def answering() -> type[Answering]:
    return Answering
