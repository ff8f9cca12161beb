"""Virtual displays with real programs on them; a module shares one where it can."""

import asyncio
import json
import sys
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from clickwright.environments import DesktopEnvironment
from clickwright.environments.desktop.requests import MoveTo
from clickwright.screen import Observation, Point, Size
from clickwright.tools import Action, Task

SIZE = Size(1000, 700)
TASK = Task(goal="try")
TARGET = Path(__file__).with_name("target.py")


def target(log: Path) -> list[str]:
    log.touch()
    return [sys.executable, str(TARGET), str(log)]


@dataclass
class Desk:
    """An environment with the target window on it, and what arrived there."""

    environment: DesktopEnvironment
    log: Path
    task: Task = TASK
    steps: int = 0

    async def step(self, action: Action) -> Observation:
        """Do it on an empty record, and wait until all of it is written down."""
        self.log.write_text("")
        seen = await self.environment.step(action)
        await self.catch_up()
        return seen

    async def catch_up(self) -> None:
        """Events arrive in order: one last move of the pointer, and when that is written down all others are."""
        desktop = self.environment.desktop
        window = await desktop.find("Target")
        self.steps += 1
        x, y = window.x + 5 + self.steps % 50, window.y + window.height - 5
        await desktop.backend.ask(MoveTo(x=x, y=y))
        for _ in range(1000):
            if any((event["x"], event["y"]) == (x, y) for event in self.events()):
                return
            await asyncio.sleep(0.01)
        raise AssertionError("the target window is told nothing any more")

    def events(self) -> list[dict[str, Any]]:
        text = self.log.read_text("utf-8")
        return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]

    def arrived(self, *kinds: str) -> list[dict[str, Any]]:
        """All but the last move."""
        events = self.events()[:-1]
        return [event for event in events if not kinds or event["is"] in kinds]

    async def landed(self) -> Point | None:
        """Where the last click arrived, in input units of the whole desktop."""
        await self.catch_up()
        clicks = self.arrived("button")
        return Point(clicks[-1]["x"], clicks[-1]["y"]) if clicks else None


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Generator[Desk]:
    log = tmp_path_factory.mktemp("target") / "log"
    environment = DesktopEnvironment(target(log), virtual_display=SIZE)
    asyncio.run(environment.reset(TASK))
    yield Desk(environment, log)
    asyncio.run(environment.close())


@pytest.fixture
def new_desk(tmp_path: Path) -> Generator[Callable[..., Desk]]:
    """A fresh environment on a virtual display of its own, by default with the target window; closed at the end."""
    opened: list[DesktopEnvironment] = []

    def make(app: list[str] | None = None, **more: Any) -> Desk:
        shown = {"virtual_display": SIZE} if "display" not in more else {}
        opened.append(DesktopEnvironment(target(tmp_path / "log") if app is None else app, **shown | more))
        return Desk(opened[-1], tmp_path / "log")

    yield make
    for environment in opened:
        asyncio.run(environment.close())
