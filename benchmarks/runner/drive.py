"""The driver: hands keys to workers, writes each row as it comes, and stops where going on makes no sense."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ...errors import EnvironmentLost, ModelUnavailable
from ..folder import BenchFolder
from ..players import Player
from ..row import Key, Row
from ..suite import DataSuite, Subject
from ..worker.link import NoPlace
from ..worker.remote import RemoteStage
from .episode import TRAJECTORIES, Rules, play

BROKEN_IN_A_ROW = 5
"""Errors one after another, with nothing scored between: the next would be the same. Where all are of one task of
several it may be that task alone that cannot be set up, and the others are still attempted."""
Attempt = Callable[[Key], Awaitable[Row]]


@dataclass(slots=True, kw_only=True)
class Work:
    """The keys that are left, and what is done with each row."""

    folder: BenchFolder
    left: deque[Key]
    tell: Callable[[Row], None]
    tries: int = 2
    """Of an attempt that something else than the player broke."""
    broken: list[str] = field(default_factory=list[str], init=False)
    """The tasks of the errors since the last score."""
    at_work: int = field(default=0, init=False)
    """How many attempt keys, or are about to."""
    tasks: int = field(init=False)

    def __post_init__(self) -> None:
        self.tasks = len({key.task for key in self.left})

    async def all_by(self, attempt: Attempt) -> None:
        """Attempt keys until none is left. One that has no worker any more leaves its key to the others.

        Raises what went wrong where it would go wrong again and again, and NoPlace where there are no others.
        """
        try:
            while self.left:
                await self._one(self.left.popleft(), attempt)
        except NoPlace:
            if self.at_work == 1:
                raise
        finally:
            self.at_work -= 1

    async def _one(self, key: Key, attempt: Attempt) -> None:
        try:
            row = await self._tried(key, attempt)
        except NoPlace:
            self.left.appendleft(key)
            raise
        self.folder.append(row)
        self.tell(row)
        self._count(row)

    async def _tried(self, key: Key, attempt: Attempt) -> Row:
        row = await attempt(key)
        for _ in range(1, self.tries):
            if row.error is None or row.error == "timeout":
                break
            row = await attempt(key)
        return row

    def _count(self, row: Row) -> None:
        self.broken = [] if row.error is None else [*self.broken, row.task]
        several = len(set(self.broken)) > 1 or self.tasks == 1
        if self.left and several and len(self.broken) >= BROKEN_IN_A_ROW:
            kind = ModelUnavailable if row.error == "model" else EnvironmentLost
            raise kind(f"{len(self.broken)} attempts in a row could not be made, the last: {row.reason}")


async def run_episodes(work: Work, stages: Sequence[RemoteStage], player: Player, rules: Rules) -> None:
    """Every key that is left, by as many workers as there are stages. They are closed at the end."""
    work.at_work = len(stages)
    try:
        await _together([_played(work, stage, player, rules) for stage in stages])
    finally:
        await asyncio.gather(*(stage.close() for stage in stages))
        with suppress(OSError):
            (rules.folder / TRAJECTORIES).rmdir()  # where nothing was kept


async def _played(work: Work, stage: RemoteStage, player: Player, rules: Rules) -> None:
    """What one worker does. It is closed at once: another may need its place."""
    await work.all_by(partial(play, stage, player.at(stage), rules=rules))
    await stage.close()


async def run_samples(work: Work, suite: DataSuite, subjects: Sequence[Subject]) -> None:
    """Every sample that is left, asked by as many threads as there are subjects."""
    work.at_work = len(subjects)
    await _together([work.all_by(partial(_asked, suite, subject)) for subject in subjects])


async def _together(works: Sequence[Coroutine[Any, Any, None]]) -> None:
    """All of them at once. Where one raises the others are ended, and what it raised is raised."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _asked(suite: DataSuite, subject: Subject, key: Key) -> Row:
    loop = asyncio.get_running_loop()
    began = loop.time()
    row = await asyncio.to_thread(suite.attempt, key, subject)
    return row.model_copy(update={"seconds": {"total": round(loop.time() - began, 4), **row.seconds}})
