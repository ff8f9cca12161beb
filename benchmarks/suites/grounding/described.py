"""Something described in words that is to be found on a picture, and what counts as finding it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pydantic import JsonValue

from ....errors import BadModelOutput, UsageError
from ....policies import Grounding
from ....screen import Screenshot, Size
from ...subjects import ScriptedSubject
from ...suite import Subject
from ..samples import Examined, Judged


class Target(Protocol):
    """What is right, on pictures of any size."""

    @property
    def told(self) -> JsonValue:
        """The target, for a reader of results."""
        ...

    def judge(self, grounding: Grounding, size: Size) -> Judged:
        """How right a place is on a picture of this size. Raises UsageError where the target does not lie on it."""
        ...

    def refused(self, raw: str) -> Judged | None:
        """What it is worth to say that nothing fits; None where that was not said."""
        ...

    def answer(self, size: Size) -> Grounding:
        """A right place. Raises BadModelOutput, with what a model would write, where nothing fits."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """One thing to be found. `place` is where it stands in the data, for messages. Implements `Sample`."""

    name: str
    description: str
    picture: Callable[[], Screenshot]
    target: Target
    place: str
    groups: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def expected(self) -> JsonValue:
        return self.target.told

    def examine(self, subject: Subject) -> Examined:
        screenshot = self.picture()
        began = time.perf_counter()
        grounding = subject.ground(screenshot, self.description)
        asked_s = time.perf_counter() - began
        try:
            judged = self.target.judge(grounding, screenshot.size)
        except UsageError as error:
            raise UsageError(f"{self.place}: {error}") from None
        return Examined(
            judged=judged, generation=grounding.generation, confidence=grounding.confidence, asked_s=asked_s
        )

    def unread(self, error: BadModelOutput) -> Judged:
        return self.target.refused(error.raw) or Judged(score=0.0, success=False)

    def knower(self) -> Subject:
        return ScriptedSubject(ground=lambda screenshot, _: self.target.answer(screenshot.size))
