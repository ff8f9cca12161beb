"""One call of a test's words, and what became of it."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ..errors import ActionFailed, ClickwrightError
from ..screen import Box, Point, Screenshot
from .recording.recorded import Key, Verb
from .sight import Sight
from .target import How
from .verdicts import CheckFailed, Verdict, verdict_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What the test says. `nth` counts the calls of the same verb and words from 1, across the test."""

    does: Verb
    words: str
    nth: int = 1

    @property
    def key(self) -> Key:
        """What a recording knows it by."""
        return self.does, self.words, self.nth

    def __str__(self) -> str:
        return f"{self.does} {self.words!r}" + (f" (call {self.nth})" if self.nth > 1 else "")


@dataclass(slots=True, kw_only=True)
class Done:
    """One call that is over, for reports. `given` is what else the call said, such as the text that was typed.

    `how` and the places are None where nothing was found; `note` says what was not as recorded; `error` why it failed.
    `before` is the last look before it was done, `after` one behind it, where there was one: mostly that is the look
    of the next call. `recorded` is how the thing was recorded, where it was not found again by that very picture.
    """

    call: Call
    given: str = ""
    seconds: float = 0.0
    tokens: int = 0
    how: How | None = None
    point: Point | None = None
    box: Box | None = None
    note: str = ""
    healed: bool = False
    verdict: Verdict = "passed"
    error: str = ""
    before: Sight | None = field(default=None, repr=False)
    after: Sight | None = field(default=None, repr=False)
    recorded: Screenshot | None = field(default=None, repr=False)


@contextmanager
def noting(done: Done, what: str) -> Generator[None]:
    """Around what a call does: how long it took, and how it ended. What is cut off passes for nothing.

    A thing that was there, and did not do what things of its sort do, is the program's fault: CheckFailed.
    """
    began = time.monotonic()
    done.verdict, done.error = "inconclusive", "it was not finished"
    try:
        yield
        done.verdict, done.error = "passed", ""
    except ActionFailed as failure:
        done.verdict, done.error = "product", str(failure)
        raise CheckFailed(f"{what}: {failure}", box=done.box) from failure
    except (AssertionError, ClickwrightError) as failure:
        done.verdict, done.error = verdict_of(failure), str(failure)
        raise
    finally:
        done.seconds = time.monotonic() - began
