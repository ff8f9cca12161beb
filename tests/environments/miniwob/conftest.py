"""MiniWoB++ environments in the browser that all tests share."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest_asyncio
from clickwright.environments import Chromium, MiniWobEnvironment


@pytest_asyncio.fixture(loop_scope="session")
async def miniwob(chromium: Chromium) -> AsyncGenerator[Callable[..., MiniWobEnvironment]]:
    """Makes an environment, and closes it after the test."""
    made: list[MiniWobEnvironment] = []

    def make(*given: Any, **options: Any) -> MiniWobEnvironment:
        made.append(MiniWobEnvironment(*given, chromium=chromium, **options))
        return made[-1]

    yield make
    for environment in made:
        await environment.close()
