"""A lesson in tokens: for each of its answers what the engine would read before it, and what it is to write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from ...errors import UsageError
from ...model import Conversation, Message
from ...model.prompt import Shown
from ...model.tokenizer import DIFF_MARKER, RECIPIENT, TURN_END
from ..lesson import Lesson
from .tunable import Tunable


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Turn:
    """A conversation up to the end of one answer. Dimensions: positions (3, n).

    The first `given` of the n `ids` are read only, the others are learned. `keys` equals `ids`, but says which picture
    is shown, and where only some of its tokens are read, `kept` says which.
    """

    ids: list[int]
    keys: list[int | str]
    positions: NDArray[np.int64]
    given: int
    pictures: Mapping[str, Shown]
    kept: Mapping[str, NDArray[np.int64]]

    @property
    def read(self) -> int:
        """How many tokens are read: the last is only written."""
        return len(self.ids) - 1

    @property
    def opening(self) -> int:
        """How many tokens there are up to the end of the first picture; 0 where there is none."""
        first = next((n for n, key in enumerate(self.keys) if isinstance(key, str)), None)
        if first is None:
            return 0
        return next(n for n in range(first, len(self.keys)) if self.keys[n] != self.keys[first])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Example:
    """A lesson in tokens."""

    name: str
    weight: float
    turns: tuple[Turn, ...]

    @property
    def tokens(self) -> int:
        """How many tokens are read at most."""
        return max(turn.read for turn in self.turns) if self._is_one_chain() else sum(turn.read for turn in self.turns)

    @property
    def learned(self) -> int:
        """How many tokens are learned."""
        return sum(len(turn.ids) - turn.given for turn in self.turns)

    @property
    def family(self) -> str:
        """Equal for lessons that begin alike up to the end of their first picture; empty where there is none."""
        turn = self.turns[0]
        opening = turn.keys[: turn.opening]
        return sha256(repr(opening).encode()).hexdigest() if opening else ""

    def _is_one_chain(self) -> bool:
        pairs = zip(self.turns, self.turns[1:], strict=False)
        return all(behind.keys[: before.read] == before.keys[: before.read] for before, behind in pairs)


def example_of(lesson: Lesson, checkpoint: Tunable) -> Example:
    """A lesson as its checkpoint reads and writes it.

    Raises UsageError for a lesson without an answer, with a picture in one, or longer than the checkpoint can read.
    """
    answers = lesson.learned
    if not answers:
        raise UsageError(f"the lesson {lesson.name} has no message of the assistant, so there is nothing to learn")
    turns = tuple(_turn(lesson, n, checkpoint) for n in answers)
    last = max(int(turn.positions.max()) for turn in turns)
    most = checkpoint.network.config.text.max_position_embeddings
    if last >= most:
        raise UsageError(f"the lesson {lesson.name} reaches position {last}; {checkpoint.name} reads {most}")
    return Example(name=lesson.name, weight=lesson.weight, turns=turns)


def thinned(example: Example, kept: Mapping[str, NDArray[np.int64]]) -> Example:
    """The same with only those tokens of its pictures that are named, at the positions that they had."""
    return replace(example, turns=tuple(_thinned(turn, kept) for turn in example.turns))


def pictures_of(examples: Sequence[Example]) -> dict[str, Shown]:
    """Every picture of some lessons, by its name."""
    turns = chain.from_iterable(example.turns for example in examples)
    return {name: shown for turn in turns for name, shown in turn.pictures.items()}


def _turn(lesson: Lesson, number: int, checkpoint: Tunable) -> Turn:
    before, answer = lesson.messages[:number], _text(lesson.name, lesson.messages[number])
    tokenizer = checkpoint.tokenizer
    prompt = checkpoint.prompt(Conversation(messages=before))
    given = len(prompt.ids)
    written = tokenizer.encode_marked(answer)
    if answer.startswith(RECIPIENT) and tokenizer.has(RECIPIENT):  # such an answer begins right behind the role
        prompt = checkpoint.prompt(Conversation(messages=before, prefix=RECIPIENT))
        given, written = len(prompt.ids) - 1, written[1:]
    if not (answer.endswith(DIFF_MARKER) and tokenizer.has(DIFF_MARKER)):
        written = [*written, tokenizer.id(TURN_END)]
    ids = [*prompt.ids, *written]
    return Turn(
        ids=ids,
        keys=[*prompt.keys, *written],
        positions=prompt.places(0, len(ids)).numpy(),
        given=given,
        pictures={shown.name: shown for shown in prompt.pictures},
        kept={},
    )


def _text(name: str, answer: Message) -> str:
    texts = [part for part in answer.parts if isinstance(part, str)]
    if len(texts) != len(answer.parts):
        raise UsageError(f"the lesson {name} has a picture in an answer; a model writes only text")
    return "".join(texts)


def _thinned(turn: Turn, kept: Mapping[str, NDArray[np.int64]]) -> Turn:
    stays = np.ones(len(turn.ids), bool)
    start = 0
    while start < turn.given:
        name = turn.keys[start]
        if isinstance(name, str):
            tokens = turn.pictures[name].tokens
            stays[start : start + tokens] = False
            stays[start + kept[name]] = True
            start += tokens
        else:
            start += 1
    places = np.flatnonzero(stays)
    return replace(
        turn,
        ids=[turn.ids[n] for n in places],
        keys=[turn.keys[n] for n in places],
        positions=turn.positions[:, places],
        given=int(stays[: turn.given].sum()),
        kept={name: kept[name] for name in turn.pictures},
    )
