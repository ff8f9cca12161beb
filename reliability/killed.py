"""Processes that kill themselves: runs in a world that outlives them, one kill after the other.

    python -m clickwright.reliability.killed asked|blind FOLDER FIRST POINTS STRIDE

First a run that nobody kills, to count its ticks. Then, for every STRIDE-th point from FIRST to POINTS, one that dies
at a tick, the points spread evenly over all of them. What died is resumed in a new process, which dies at a tick of
its own, up to `MOST_KILLS`; then it may live. Printed is a line of JSON for each point.

A tick is the moment before or after any call of the environment or the policy, or before a file of the run is opened
or moved.
"""

import json
import os
import random
import signal
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..agent import Agent, AskUser, graph, read_run
from ..agent.record.folder import JOURNAL
from ..agent.record.journal import Journal
from ..environments.memory.environment import MemoryEnvironment
from ..environments.memory.screen import MemoryItem, MemoryPage
from ..policies.policy import Decision, Turn
from ..screen import Box, Observation, Size
from ..tools import Action, Click, Finish, Limits, Task

STEPS = ("0", "12", "3")
"""What each step of the plan presses; the second has one decision of two actions."""
PRESSES = sum(map(len, STEPS))
MOST_KILLS = 4
MOST_LIVES = 60
HELD = 5
"""The exit code of a run that waits for the user."""
ENDS = (".jsonl", "run.json.part", ".png.part")


def button(page: int) -> Box:
    """Where the button of a page is: nowhere near that of any other page, so that a click done twice misses."""
    return Box(5 + 40 * page, 10, 35 + 40 * page, 40)


class Clock:
    """Counts ticks, and dies at this one; 0 for none. Pictures are stored by a thread of their own."""

    def __init__(self, last: int) -> None:
        self._last = last
        self.ticks = 0

    def tick(self) -> None:
        self.ticks += 1
        if self.ticks == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        match event:
            case "open" if str(arguments[0]).endswith(ENDS) and "r" not in str(arguments[1]):
                self.tick()
            case "os.rename":
                self.tick()
            case _:
                pass


class World(MemoryEnvironment, ABC):
    """Every press is a line in a file, which outlives the process: the number of the page, or what it missed."""

    def __init__(self, pages: Sequence[MemoryPage], log: Path, clock: Clock) -> None:
        super().__init__(pages, size=Size(40 * (PRESSES + 1), 64))
        self._log, self._clock = log, clock

    def done(self) -> list[str]:
        return self._log.read_text().split() if self._log.exists() else []

    @abstractmethod
    def pressed(self, action: Action) -> str:
        """The line for this press."""

    async def observe(self) -> Observation:
        self._clock.tick()
        return await super().observe()

    async def step(self, action: Action) -> Observation:
        self._clock.tick()
        line = self.pressed(action)
        with self._log.open("a") as file:
            file.write(f"{line}\n")
        self._clock.tick()
        return await super().step(action)

    async def sensitive_boxes(self) -> tuple[Box, ...]:
        self._clock.tick()
        return await super().sensitive_boxes()


class Asked(World):
    """Pages with one button each, which leads to the next: the screen tells how far things are."""

    def __init__(self, log: Path, clock: Clock) -> None:
        pages = [
            MemoryPage(
                name=str(n),
                background=f"#{n + 1}{n + 1}99ff",
                items=(MemoryItem(name="Next", box=button(n), leads_to=str(min(n + 1, PRESSES))),),
            )
            for n in range(PRESSES + 1)
        ]
        super().__init__(pages, log, clock)

    def pressed(self, action: Action) -> str:
        hit = isinstance(action, Click) and self.box("Next").contains(action.point)
        return self.page if hit else "missed"

    async def reset(self, task: Task) -> Observation:
        self._clock.tick()
        page = str(min(len(self.done()), PRESSES))
        return await super().reset(task.model_copy(update={"start_url": f"memory:{page}"}))


class Blind(World):
    """One page with one button, which looks the same whatever was done."""

    def __init__(self, log: Path, clock: Clock) -> None:
        super().__init__([MemoryPage(items=(MemoryItem(name="Send", box=button(0)),))], log, clock)

    def pressed(self, action: Action) -> str:
        return str(len(self.done()))

    async def reset(self, task: Task) -> Observation:
        self._clock.tick()
        return await super().reset(task)


class Looking:
    """Presses the buttons that its step is about, from the one that is shown; where none of them is, it is done."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self.goal = clock, ""

    def reset(self, task: Task) -> None:
        self.goal = task.goal

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        self._clock.tick()
        due = self.goal[self.goal.find(observation.title) :] if observation.title in self.goal else ""
        presses = tuple(Click(point=button(int(page)).center) for page in due)
        return Decision(actions=(*presses, Finish()), frame=observation.screenshot.frame)


class Repeating(Looking):
    """Presses until a press came to no fault, or the user says that it was done."""

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        self._clock.tick()
        last = history[-1] if history else None
        is_done = last is not None and (last.error is None or "not to be done again" in last.error)
        action = Finish() if is_done else Click(point=button(0).center)
        return Decision(actions=(action,), frame=observation.screenshot.frame)


class Person:
    """Knows what was done, because they look at more than the screen."""

    def __init__(self, world: World, policy: Looking) -> None:
        self._world, self._policy = world, policy

    async def approve(self, request: AskUser, question: str) -> bool:
        return False

    async def answer(self, question: str) -> str | None:
        return "no" if self._policy.goal in self._world.done() else "yes"


@dataclass(slots=True, kw_only=True)
class Lived:
    """What became of one run. `doubtful` are the actions that a kill found begun and not ended, as turn and index."""

    kills: int = 0
    held: int = 0
    """How often it waited for the user."""
    exit: int | None = None
    log: list[str] = field(default_factory=list[str])
    doubtful: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    effects: dict[str, str] = field(default_factory=dict[str, str])
    """What the record says of each doubtful action."""
    gaps: list[int] = field(default_factory=list[int])
    """The numbers of the steps, where they are not 1, 2, 3 ..."""


def live(kind: str, folder: Path, last: int, *, again: bool, attended: bool) -> None:
    """One life of the run."""
    clock = Clock(last)
    sys.addaudithook(clock.audit)
    world, policy = (
        (Asked(folder / "log", clock), Looking(clock))
        if kind == "asked"
        else (Blind(folder / "log", clock), Repeating(clock))
    )
    person, run_dir = Person(world, policy) if attended else None, folder / "run"
    if again:
        agent = Agent.resume(run_dir, policy=policy, environment=world, approver=person)
    else:
        steps = STEPS if kind == "asked" else tuple(map(str, range(PRESSES)))
        task = Task(goal="all", steps=steps, limits=Limits(repeats=99, fruitless=99))
        agent = Agent(
            task, policy=policy, environment=world, run_dir=run_dir, approver=person, screen_tells=kind == "asked"
        )
    code = agent.run().exit_code
    (folder / "ticks").write_text(str(clock.ticks))
    os._exit(code)


def lives(kind: str, folder: Path, last: int, number: int) -> Lived:
    """Live until one life comes to its end."""
    folder.mkdir(parents=True)
    chance, found = random.Random(number), Lived()
    doubtful: set[tuple[int, int]] = set()
    for _ in range(MOST_LIVES):
        begun = (folder / "run" / "run.json").exists()
        child = os.fork()
        if child == 0:
            live(kind, folder, last, again=begun, attended=found.held > 0)
        _, status = os.waitpid(child, 0)
        if not os.WIFEXITED(status):
            found.kills += 1
            doubtful |= _open_intents(folder / "run")
            last = chance.randrange(1, 25) if found.kills < MOST_KILLS else 0
            continue
        if os.WEXITSTATUS(status) != HELD:
            found.exit = os.WEXITSTATUS(status)
            break
        found.held += 1
    return _told(found, folder, doubtful)


def _open_intents(run_dir: Path) -> set[tuple[int, int]]:
    """What was begun and has no end, at the moment of a kill."""
    journal = Journal(run_dir / JOURNAL)
    turns = range(1, 40)
    return {(turn, entry.index) for turn in turns for entry in journal.begun(turn) if not entry.is_done}


def _told(found: Lived, folder: Path, doubtful: set[tuple[int, int]]) -> Lived:
    run = read_run(folder / "run")
    numbers = [step.number for step in run.steps]
    found.gaps = [] if numbers == list(range(1, len(numbers) + 1)) else numbers
    found.log = (folder / "log").read_text().split() if (folder / "log").exists() else []
    found.doubtful = sorted(doubtful)
    did = {(step.number, index): one for step in run.steps for index, one in enumerate(step.did)}
    found.effects = {f"{turn}.{index}": did[turn, index].effect for turn, index in doubtful if (turn, index) in did}
    return found


def main(kind: str, folder: Path, first: int, points: int, stride: int) -> None:
    assert graph.build  # imported before the forks, because it takes a second
    whole = lives(kind, folder / f"whole-{first}", 0, 0)
    if whole.exit != 0 or len(whole.log) != PRESSES:
        raise SystemExit(f"the run that nobody kills does not come to its end: {whole}")
    ticks = int((folder / f"whole-{first}" / "ticks").read_text())
    for number in range(first, points, stride):
        last = 1 + number * ticks // points
        print(json.dumps(asdict(lives(kind, folder / str(number), last, number))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:6]))
