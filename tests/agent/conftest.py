"""A small shop in memory, and agents that work in it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from clickwright.agent import Agent
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.environments.memory.screen import MemoryItem, MemoryPage
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.screen import Box, Size
from clickwright.tools import Task

NEXT = Box(20, 20, 100, 50)
FIELD = Box(20, 60, 200, 90)
SECRET = Box(20, 100, 200, 130)
PAY = Box(20, 140, 120, 170)
NOTHING = Box(240, 150, 300, 170)

PAGES = (
    MemoryPage(
        name="start",
        items=(
            MemoryItem(name="Next", box=NEXT, leads_to="second"),
            MemoryItem(name="Words", box=FIELD, role="textbox"),
            MemoryItem(name="Password", box=SECRET, role="textbox", secret=True),
            MemoryItem(name="Pay now", box=PAY, leads_to="third"),
        ),
    ),
    MemoryPage(name="second", background="#ddeeff", items=(MemoryItem(name="Next", box=NEXT, leads_to="third"),)),
    MemoryPage(name="third", background="#ffeedd", items=(MemoryItem(name="Back", box=NEXT, leads_to="start"),)),
)


@pytest.fixture
def pages() -> tuple[MemoryPage, ...]:
    return PAGES


@pytest.fixture
def shop() -> MemoryEnvironment:
    return MemoryEnvironment(PAGES, size=Size(320, 180))


@pytest.fixture
def make(tmp_path: Path, shop: MemoryEnvironment) -> Callable[..., Agent]:
    """An agent that plays a script in the shop, in a run folder of its own."""

    def build(script: list[Any], task: Task | str = "go on", **more: Any) -> Agent:
        policy = more.pop("policy", None) or ScriptedPolicy(script)
        environment = more.pop("environment", shop)
        return Agent(task, policy=policy, environment=environment, run_dir=tmp_path / "run", **more)

    return build
