"""Something described in words that is to be found on a picture, and what counts as finding it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from pydantic import JsonValue

from ....errors import BadModelOutput, UsageError
from ....policies import Grounding
from ....screen import Screenshot, Size
from ...subjects import ScriptedSubject
from ...suite import Subject
from ..samples import MAX_PREDICTION_CHARS, Examined, Judged


class Target(Protocol):
    """What is right, on pictures of any size."""

    @property
    def told(self) -> dict[str, JsonValue]:
        """The target in the numbers of the data, for a reader of results."""
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
    """One thing to be found. Implements `Sample`.

    `place` is where it stands in the data, for messages; `file` and `image` name its annotations and its picture.
    """

    name: str
    description: str
    picture: Callable[[], Screenshot]
    target: Target
    place: str
    file: str = ""
    image: str = ""
    groups: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def expected(self) -> JsonValue:
        return {**self.target.told, "instruction": self.description, "image": self.image, "file": self.file}

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
        found = self.target.refused(error.raw) or Judged(score=0.0, success=False)
        text = error.raw[:MAX_PREDICTION_CHARS]
        return found if found.prediction else replace(found, prediction={"point": None, "text": text})

    def knower(self) -> Subject:
        return ScriptedSubject(ground=lambda screenshot, _: self.target.answer(screenshot.size))
