"""One test from beginning to end, and what is kept of it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ...errors import ClickwrightError, Denied, EnvironmentLost
from ...screen import Screenshot
from ..budget import Budget
from ..call import Done
from ..eyes import Eyes
from ..front import open_ui
from ..looks import Baselines
from ..recording import looks_of, patches_of, recording_of
from ..report.failed import failed_on
from ..report.told import ScreenTold, StepTold, TestTold, told_of
from ..sight import Sight
from ..ui import DEADLINE_S, AsyncUi
from ..verdicts import verdict_of
from ..ways import Mode
from .plan import Planned
from .play import Player, reason_of
from .screens import OpenScreen, Screens
from .step import Step

LOOKS = "looks"
Failure = AssertionError | ClickwrightError


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How tests are run. `deadline_s` is how long a thing is waited for; `results` is where patches go.

    With `takes_looks`, what `look_like` sees is right from now on.
    """

    results: Path
    mode: Mode = "live"
    deadline_s: float = DEADLINE_S
    takes_looks: bool = False

    def recording(self, planned: Planned) -> Path | None:
        """The file of a test's recording, None where there is none to be."""
        return None if self.mode == "live" else recording_of(planned.file.path, planned.name)

    def baselines(self, planned: Planned) -> Baselines:
        """How the screens of a test should look: pictures beside its recording."""
        recording = recording_of(planned.file.path, planned.name)
        folder = looks_of(recording)
        return Baselines(folder=folder, update=self.takes_looks, results=self.results / LOOKS / recording.stem)

    def patches(self, planned: Planned) -> Path:
        """The folder for the repairs of a test's recording."""
        return patches_of(recording_of(planned.file.path, planned.name), self.results)


@dataclass(slots=True, kw_only=True)
class _Went:
    """What became of a test, while it goes on. `line` is where it failed."""

    began: float = field(default_factory=time.monotonic)
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    hide: Callable[[str], str] = str
    done: list[Done] = field(default_factory=list[Done])
    failure: Failure | None = None
    line: int = 0
    patch: Path | None = None
    unasked: tuple[str, ...] = ()


async def run_test(
    planned: Planned, asked: Asked, screens: Screens, eyes: Eyes
) -> tuple[TestTold, dict[str, Screenshot]]:
    """What became of it, and its pictures. Raises Denied, where a person stopped it; all else is told."""
    went = _Went()
    try:
        async with screens.open(planned) as screen:
            went.hide = screen.hide
            await _play(planned, asked, screen, eyes, went)
    except (AssertionError, ClickwrightError) as failure:
        went.failure = went.failure or failure
    if isinstance(went.failure, Denied):
        raise went.failure
    return _told(planned, asked, eyes, went)


async def _play(planned: Planned, asked: Asked, screen: OpenScreen, eyes: Eyes, went: _Went) -> None:
    """The steps before the test, its own, and those after it, which are done whatever came before but a lost screen."""
    file = planned.file
    limits, baselines = file.budget, asked.baselines(planned)
    ui = open_ui(
        screen.stage,
        eyes,
        mode=asked.mode,
        recording=asked.recording(planned),
        test=planned.name,
        patches=asked.patches(planned),
        deadline_s=asked.deadline_s,
        budget=Budget(seconds=limits.seconds, tokens=limits.tokens, steps=limits.steps),
        baselines=baselines,
    )
    went.done = ui.done
    await _try(planned, ui, screen, went, (*file.before, *planned.test.steps))
    if file.after and not isinstance(went.failure, EnvironmentLost | Denied):
        ui.budget = Budget()
        await _try(planned, ui, screen, went, file.after)
    if went.failure is None:
        baselines.commit()
        kept = ui.keep()
        went.patch = kept if asked.mode == "heal" else None
        went.unasked = ui.way.unasked()


async def _try(planned: Planned, ui: AsyncUi, screen: OpenScreen, went: _Went, steps: tuple[Step, ...]) -> None:
    """Do these steps. The first failure is the one of the test."""
    player = Player(planned, ui, screen)
    try:
        await player.play(steps)
    except (AssertionError, ClickwrightError) as failure:
        if went.failure is None:
            went.failure, went.line = failure, player.line


def _told(planned: Planned, asked: Asked, eyes: Eyes, went: _Went) -> tuple[TestTold, dict[str, Screenshot]]:
    pictures: dict[str, Screenshot] = {}
    steps: list[StepTold] = []
    for done in went.done:
        step, seen = told_of(done)
        steps.append(step)
        pictures |= seen
    failure = went.failure
    last = went.done[-1] if went.done else None
    failed = None if failure is None else failed_on(failure, last, _seen_last(went.done))
    pictures |= {} if failed is None else failed.pictures
    first = next((done.before for done in went.done if done.before is not None), None)
    recording = asked.recording(planned)
    told = TestTold(
        test=planned.id,
        title=planned.name,
        file=planned.file.path.as_posix(),
        line=planned.test.line,
        mode=asked.mode,
        model=eyes.name,
        verdict=verdict_of(failure),
        reason="" if failure is None else _reason(failure, went.line),
        seconds=time.monotonic() - went.began,
        tokens=sum(step.tokens for step in steps),
        steps=tuple(steps),
        started_at=went.started_at,
        recording="" if recording is None else recording.as_posix(),
        patch="" if went.patch is None else went.patch.as_posix(),
        unasked=went.unasked,
        screen=None if first is None else ScreenTold.of(first),
        **({} if failed is None else failed.told),
    )
    return _hidden(told, went.hide), pictures


def _seen_last(done: Sequence[Done]) -> list[Sight]:
    """The sights of the last call that saw anything."""
    seen = ([sight for sight in (one.before, one.after) if sight is not None] for one in reversed(done))
    return next(filter(None, seen), list[Sight]())


def _reason(failure: Failure, line: int) -> str:
    return f"line {line}: {reason_of(failure)}" if line else reason_of(failure)


def _hidden(told: TestTold, hide: Callable[[str], str]) -> TestTold:
    """Without the values of secrets in what pages and errors said."""
    steps = tuple(
        step.model_copy(
            update={
                "words": hide(step.words),
                "given": hide(step.given),
                "note": hide(step.note),
                "error": hide(step.error),
            }
        )
        for step in told.steps
    )
    return told.model_copy(update={"reason": hide(told.reason), "steps": steps})
