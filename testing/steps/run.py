"""All tests of a command: by several workers, each told as soon as it is over, kept in the folder of the results."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ..eyes import Eyes
from ..report.told import TESTS, TestTold, read_tests, safe_name, write_test
from ..verdicts import Verdict
from .plan import Planned
from .run_test import Asked, run_test
from .screens import Screens

CODES: dict[Verdict, int] = {"product": 1, "environment": 4, "model": 3, "inconclusive": 5}
"""What the command ends with, the worst first."""


class Following(Protocol):
    """Who is told how it goes."""

    def begun(self, planned: Planned) -> None: ...

    def ended(self, told: TestTold) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """How a whole run is done. Each worker has eyes of its own, which load a model only where one is needed."""

    asked: Asked
    eyes: Callable[[], Eyes]
    workers: int = 1
    stops: bool = False
    """Whether the first test that does not pass is the last one."""
    headed: bool = False


def run_all(planned: Sequence[Planned], runs: Runs, following: Following) -> tuple[TestTold, ...]:
    """What became of each, in the order in which they ended. What is over is kept, whatever ends this: Ctrl-C and
    SIGTERM let the step that has begun end, and wait for no model."""
    from ...agent.front import in_own_thread

    left = deque(planned)
    return in_own_thread(lambda: _run_all(left, runs, following), left.clear)


async def _run_all(left: deque[Planned], runs: Runs, following: Following) -> tuple[TestTold, ...]:
    told = list[TestTold]()
    before = {one.test: one for one in read_tests(runs.asked.results)}
    screens = Screens(headed=runs.headed)

    async def work() -> None:
        eyes = runs.eyes()
        while left:
            one = left.popleft()
            following.begun(one)
            ended, pictures = await run_test(one, runs.asked, screens, eyes)
            ended = _tried(ended, before.get(ended.test))
            await asyncio.to_thread(write_test, runs.asked.results, ended, pictures)
            told.append(ended)
            following.ended(ended)
            if runs.stops and ended.verdict != "passed":
                left.clear()

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(runs.workers, len(left))):
                group.create_task(work())
    except ExceptionGroup as several:
        raise several.exceptions[0] from None
    finally:
        await screens.close()
    return tuple(told)


def _tried(told: TestTold, before: TestTold | None) -> TestTold:
    """With what is known of earlier tries of it."""
    if before is None:
        return told
    was_wrong = before.flaky or before.verdict != "passed"
    return told.model_copy(update={"tries": before.tries + 1, "flaky": was_wrong and told.verdict == "passed"})


def forget(results: Path) -> None:
    """Remove what is kept of the last run's tests, and nothing else: the folder may be anybody's."""
    for told in read_tests(results):
        (results / TESTS / f"{safe_name(told.test)}.json").unlink(missing_ok=True)


def passed_before(results: Path) -> frozenset[str]:
    """The ids of those that passed in the last run."""
    return frozenset(told.test for told in read_tests(results) if told.verdict == "passed")


def code_of(told: Iterable[TestTold]) -> int:
    """What the command ends with: 0 where all passed, else what the worst of them says."""
    seen = {one.verdict for one in told}
    return next((code for verdict, code in CODES.items() if verdict in seen), 0)
