"""A suite without a browser, for the runner itself: buttons to press, and everything that can go wrong in a worker.

Two buttons stand somewhere on a small screen; the right one is the one that the goal names. `press` is that alone.
In `wait` every action takes `delay_ms`, in `hang` it never returns, in `die` the worker ends itself with SIGKILL, in
`lose` the screen is lost, in `fault` the stage has a fault of its own. `once` names a folder: there these happen the
first time only.
"""

import asyncio
import os
import random
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ...environments import Environment, Facts, MemoryEnvironment, MemoryItem
from ...errors import UsageError
from ...screen import Box, Observation, Size
from ...tools import Action, Click, Finish, Limits, Task
from ..row import Key
from ..suite import Choice, Scored
from .settings import number, require_known

TASKS = ("press", "wait", "hang", "die", "lose", "fault")
NAMES = ("Save", "Send", "Print", "Close", "Open", "Share")
SIZE = Size(336, 224)
DELAY_MS = 500.0


class Rehearsal:
    """Implements `OnlineSuite`."""

    metric = "success rate"

    def __init__(self, choice: Choice) -> None:
        require_known(choice.settings, "delay_ms", "once")
        self._choice = choice

    def keys(self) -> Sequence[Key]:
        names = self._choice.tasks or ("press",)
        if unknown := [name for name in names if name not in TASKS]:
            raise UsageError(f"the rehearsal has no task {unknown[0]!r}; it has {', '.join(TASKS)}")
        return self._choice.keys(names)

    def stage(self) -> "RehearsalStage":
        return RehearsalStage(self._choice)


class RehearsalStage:
    """Implements `Stage`."""

    def __init__(self, choice: Choice) -> None:
        self._delay_s = number(choice.settings, "delay_ms", DELAY_MS, least=0) / 1000
        self._once = Path(choice.settings["once"]) if "once" in choice.settings else None
        self._screen = _Screen(_buttons(random.Random(0)))
        self._right = ""

    @property
    def environment(self) -> Environment:
        return self._screen

    async def begin(self, key: Key) -> Task:
        chance = random.Random(f"{key.task} {key.seed}")
        buttons = _buttons(chance)
        self._right = chance.choice(buttons).name
        self._screen = _Screen(buttons, fault=self._fault(key), delay_s=self._delay_s)
        return Task(goal=f"Press the button {self._right}.", limits=Limits(steps=10))

    async def is_over(self) -> bool:
        return bool(self._screen.pressed)

    async def oracle(self) -> Action | None:
        return None if self._screen.pressed else Click(point=self._screen.box(self._right).center)

    async def score(self, finish: Finish | None) -> Scored:
        pressed = self._screen.pressed
        is_right = pressed == [self._right]
        why = "" if is_right else f"{self._right} was to be pressed, and {' and '.join(pressed) or 'nothing'} was"
        return Scored(score=float(is_right), success=is_right, reason=why)

    async def close(self) -> None:
        await self._screen.close()

    def _fault(self, key: Key) -> str:
        """What is to go wrong; nothing where it is to happen once and has happened."""
        if key.task == "press" or self._once is None:
            return "" if key.task == "press" else key.task
        done = self._once / f"{key.task}-{key.seed}-{key.repeat}"
        if done.exists():
            return ""
        done.touch()
        return key.task


class _Screen(MemoryEnvironment):
    """Where the buttons are, and where it goes wrong. It has no address, as a desktop has none."""

    def __init__(self, buttons: Sequence[MemoryItem], *, fault: str = "", delay_s: float = 0.0) -> None:
        super().__init__(buttons, size=SIZE)
        self._fault, self._delay_s = fault, delay_s

    @property
    def pressed(self) -> list[str]:
        return [name for _, name in self.clicks if name]

    async def step(self, action: Action) -> Observation:
        """Do the action, or what goes wrong with it."""
        match self._fault:
            case "wait":
                await asyncio.sleep(self._delay_s)
            case "hang":
                await asyncio.Event().wait()
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "lose":
                self.lose()
            case "fault":
                raise ValueError("a fault in the stage itself")
            case _:
                pass
        return replace(await super().step(action), url="")

    async def reset(self, task: Task) -> Observation:
        return replace(await super().reset(task), url="")

    async def observe(self) -> Observation:
        return replace(await super().observe(), url="")

    async def facts(self, action: Action) -> Facts:
        return replace(await super().facts(action), url="")


def _buttons(chance: random.Random) -> list[MemoryItem]:
    """Two of them, at places where they do not touch."""
    names = chance.sample(NAMES, 2)
    tops = [chance.randrange(0, 80), chance.randrange(120, 190)]
    lefts = [chance.randrange(0, 230) for _ in names]
    return [
        MemoryItem(name=name, box=Box(left, top, left + 90, top + 28))
        for name, left, top in zip(names, lefts, tops, strict=True)
    ]
