"""Tests and their steps as the pages show them: in words, with their share of the time and a colour."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ..target import How
from ..verdicts import Verdict
from .pictures import Picture, Pictures, Shot
from .told import StepTold, TestTold

Look = Literal["good", "bad", "doubt", "asked"]
"""As a step is coloured; `asked` is one that was healed."""

Kind = Verdict | Literal["flaky"]
"""How a test ended: one that passed only after it had failed is no plain pass."""

WORDS: Mapping[Kind, str] = {
    "passed": "passed",
    "flaky": "flaky",
    "product": "failed",
    "environment": "environment",
    "model": "model",
    "inconclusive": "inconclusive",
}
MEANINGS: Mapping[Kind, str] = {
    "passed": "the program is as the test says",
    "flaky": "it passed, after it had failed",
    "product": "the program is not as the test says",
    "environment": "the browser or the display failed",
    "model": "the model could not be reached, or wrote what cannot be read",
    "inconclusive": "nobody can tell",
}
FOUND_BY: Mapping[How, str] = {
    "selector": "by its selector",
    "pixels": "by its recorded picture",
    "page": "by what the page says",
    "layout": "by the things around it",
    "model": "by the model",
}
COLOURS: Mapping[How, int] = {"selector": 5, "pixels": 2, "page": 7, "layout": 4, "model": 6}
"""Numbers of the style."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many things were found in one way, and its share of all, 0 to 100."""

    how: How
    n: int
    start: float
    share: float

    @property
    def colour(self) -> int:
        return COLOURS[self.how]

    @property
    def told(self) -> str:
        return f"{self.n} found {FOUND_BY[self.how]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """One step on the page of its test. `start` and `share` are of the time of all steps, 0 to 100."""

    number: int
    step: StepTold
    words: str
    look: Look
    start: float
    share: float
    length: float
    """Its time as a share of that of the longest one."""
    shot: Shot | None
    after: Picture | None
    recorded: Picture | None


def shown_steps(told: TestTold, pictures: Pictures) -> list[StepShown]:
    """Every step of a test."""
    whole = sum(step.seconds for step in told.steps) or 1.0
    longest = max((step.seconds for step in told.steps), default=0.0) or 1.0
    shown, start = list[StepShown](), 0.0
    for number, step in enumerate(told.steps, 1):
        share = 100 * step.seconds / whole
        shown.append(
            StepShown(
                number=number,
                step=step,
                words=words_of(step),
                look=look_of(step),
                start=round(start, 2),
                share=round(share, 2),
                length=round(100 * step.seconds / longest, 1),
                shot=pictures.shot(step.before, step.box, step.point),
                after=pictures.get(step.after) if step.after != step.before else None,
                recorded=pictures.get(step.recorded),
            )
        )
        start += share
    return shown


def words_of(step: StepTold) -> str:
    """What the test says there, in one line."""
    verb = step.does.replace("_", " ")
    match step.does:
        case "press":
            return f"press {step.words}"
        case "fill":
            return f"fill “{step.words}” with “{step.given}”" if step.given else f"empty “{step.words}”"
        case "choose":
            return f"choose “{step.given}” in “{step.words}”"
        case "upload":
            return f"give “{step.given}” to “{step.words}”"
        case "inside":
            return f"find “{step.words}” to scroll in"
        case _:
            return f"{verb} “{step.words}”"


def kind_of(told: TestTold) -> Kind:
    """How a test ended."""
    return "flaky" if told.flaky and told.verdict == "passed" else told.verdict


def look_of(step: StepTold) -> Look:
    """How it went."""
    if step.verdict != "passed":
        return "bad" if step.verdict == "product" else "doubt"
    return "asked" if step.healed else "good"


def counts_of(steps: Sequence[StepTold]) -> tuple[Count, ...]:
    """How the things were found, in the order of `FOUND_BY`."""
    known = Counter(step.how for step in steps if step.how)
    counts, start = list[Count](), 0.0
    for how in FOUND_BY:
        if known[how]:
            share = 100 * known[how] / known.total()
            counts.append(Count(how=how, n=known[how], start=round(start, 2), share=round(share, 2)))
            start += share
    return tuple(counts)


def failure_of(told: TestTold, pictures: Pictures) -> Shot | None:
    """The screen of a test that did not pass: as it was told, else that of the step that ended it."""
    if told.verdict == "passed":
        return None
    step = failed_step(told)
    box = step.box if step is not None and step.before == told.failure else None
    shot = pictures.shot(told.failure, told.failure_box or box)
    if shot is not None:
        return shot
    return None if step is None else pictures.shot(step.before, step.box, step.point)


def failed_step(told: TestTold) -> StepTold | None:
    """The last one that did not pass."""
    return next((step for step in reversed(told.steps) if step.verdict != "passed"), None)
