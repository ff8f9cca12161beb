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
    first: Observation

    async def step(self, action: Action) -> Observation:
        """Do it on an empty record."""
        self.log.write_text("")
        return await self.environment.step(action)

    def arrived(self, *kinds: str) -> list[dict[str, Any]]:
        events = [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]
        return [event for event in events if not kinds or event["is"] in kinds]

    async def landed(self) -> Point | None:
        """Where the last click arrived, in input units of the whole desktop."""
        clicks = self.arrived("button")
        return Point(clicks[-1]["x"], clicks[-1]["y"]) if clicks else None


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Generator[Desk]:
    log = tmp_path_factory.mktemp("target") / "log"
    environment = DesktopEnvironment(target(log), virtual_display=SIZE)
    yield Desk(environment, log, asyncio.run(environment.reset(TASK)))
    asyncio.run(environment.close())


@pytest.fixture
def new_desk(tmp_path: Path) -> Generator[Callable[..., DesktopEnvironment]]:
    """A fresh environment on a virtual display of its own, by default with the target window; closed at the end."""
    opened: list[DesktopEnvironment] = []

    def make(app: list[str] | None = None, **more: Any) -> DesktopEnvironment:
        shown = {"virtual_display": SIZE} if "display" not in more else {}
        opened.append(DesktopEnvironment(target(tmp_path / "log") if app is None else app, **shown | more))
        return opened[-1]

    yield make
    for environment in opened:
        asyncio.run(environment.close())
