"""Tasks on a desktop that nobody sees: what a task says of an episode, and how one is set up, shown and judged."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from ....environments import DesktopEnvironment
from ....errors import EnvironmentLost
from ....screen import Point, Size
from ....tools import Action, Finish, Task
from ...suite import Scored
from .home import Claim, claim_folder, variables
from .moves import Aim, Move, Thing, Until
from .twins import Twin

WINDOW_S = 10.0
"""How long an oracle waits for a window."""
WRITTEN_S = 1.0
"""How long a program may take to write what it was told to."""
_POLL_S = 0.05
_SOON_S = 1.5
_TRIES = 6


class Desk:
    """The desktop of an episode. `home` is the home folder of its programs, which nothing else uses."""

    def __init__(self, environment: DesktopEnvironment, home: Path) -> None:
        self.environment = environment
        self.home = home

    async def follow(self, moves: Sequence[Move]) -> AsyncIterator[Action]:
        """The actions that the moves come to, one by one, each when the one before has been done."""
        for move in moves:
            match move:
                case Aim():
                    places = [await self._place(thing) for thing in move.things]
                    if move.act is not None:
                        yield move.act(places)
                case Until():
                    for _ in range(_TRIES):
                        if await _comes_true(move.is_so):
                            break
                        async for action in self.follow([move.again] if move.again else []):
                            yield action
                case _:
                    yield move

    async def _place(self, thing: Thing) -> Point:
        """In the front window with that title, once it is there and stands still."""
        clock = asyncio.get_running_loop().time
        until, before = clock() + WINDOW_S, None
        while clock() < until:
            windows = await self.environment.desktop.list()
            found = [self.environment.desktop.shown(one).box for one in windows if thing.selector in one.title]
            if found and found[0] == before:
                return thing.place_in(found[0], scale=1.0)
            before = found[0] if found else None
            await asyncio.sleep(_POLL_S)
        raise EnvironmentLost(f"no window {thing.selector!r} has come within {WINDOW_S:g} s")


Check = Callable[[Desk, Finish | None], Awaitable[str]]
"""What is amiss with how things stand, in one sentence; empty where all is as it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskEpisode:
    """One episode of a task. `files` are those in the home folder when it begins, by their paths in it."""

    goal: str
    moves: Sequence[Move]
    """What an oracle does."""
    check: Check
    arguments: Sequence[str] = ()
    """Of the program."""
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskTask:
    """A task in a program with a window of its own. `package` is Debian's name for what holds the program."""

    name: str
    application: str
    program: str
    package: str
    begin: Callable[[Random, Path], DeskEpisode]
    twins: tuple[str, ...] = ()

    def missing(self, apps: Path) -> str:
        """What is not installed, with the command that installs it; empty where nothing is missing."""
        wanted = {"Xvfb": "xvfb", "openbox": "openbox", "xclip": "xclip", self.program: self.package}
        absent = [package for program, package in wanted.items() if shutil.which(program) is None]
        return f"{self.application} needs {', '.join(absent)}: apt install {' '.join(absent)}" if absent else ""


class DeskPlay:
    """An episode that is being played on a desktop."""

    start_url = ""

    def __init__(self, episode: DeskEpisode, desk: Desk) -> None:
        self.goal = episode.goal
        self.environment = desk.environment
        self._episode = episode
        self._desk = desk

    def follow(self) -> AsyncIterator[Action]:
        return self._desk.follow(self._episode.moves)

    def obey(self) -> AsyncIterator[Action]:
        """Nothing: no text on these desktops misleads."""
        return self._desk.follow(())

    async def score(self, finish: Finish | None) -> Scored:
        """What is amiss must still be amiss a little later: programs write and copy in their own time."""
        clock = asyncio.get_running_loop().time
        until = clock() + WRITTEN_S
        amiss = await self._episode.check(self._desk, finish)
        while amiss and clock() < until:
            await asyncio.sleep(4 * _POLL_S)
            amiss = await self._episode.check(self._desk, finish)
        return Scored(score=float(not amiss), success=not amiss, reason=amiss)


class DeskSide:
    """Where the tasks on a desktop are played: one virtual display, and a home folder that begins anew each time."""

    def __init__(self) -> None:
        self._size: Size | None = None
        self._environment: DesktopEnvironment | None = None
        self._claim: Claim | None = None

    async def begin(self, task: DeskTask, twin: Twin, chance: Random) -> DeskPlay:
        environment = await self._display(twin.desktop)
        home = self._new_home()
        episode = task.begin(chance, home)
        for name, content in episode.files.items():
            file = home / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        environment.app = ("env", f"--chdir={home}", *variables(home), task.program, *episode.arguments)
        return DeskPlay(episode, Desk(environment, home))

    async def close(self) -> None:
        environment, self._environment = self._environment, None
        if environment is not None:
            await environment.close()
        claim, self._claim = self._claim, None
        if claim is not None:
            claim.free()

    async def _display(self, size: Size) -> DesktopEnvironment:
        """The display, without the program of the episode before."""
        if self._environment is not None and self._size == size:
            self._environment.app = ()
            await self._environment.reset(Task(goal="Nothing yet."))
            return self._environment
        await self.close()
        self._environment, self._size = DesktopEnvironment(virtual_display=size), size
        return self._environment

    def _new_home(self) -> Path:
        self._claim = self._claim or claim_folder()
        home = self._claim.folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        return home


async def _comes_true(is_so: Callable[[], bool]) -> bool:
    """Whether it is so, soon."""
    clock = asyncio.get_running_loop().time
    until = clock() + _SOON_S
    while not is_so():
        if clock() >= until:
            return False
        await asyncio.sleep(_POLL_S)
    return True
