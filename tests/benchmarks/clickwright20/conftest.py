"""The applications, fetched once into pytest's cache, and a stage that plays one episode after another."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio
from clickwright.benchmarks.suites.clickwright20.install import install_apps
from clickwright.benchmarks.suites.clickwright20.stage import AppStage


@pytest.fixture(scope="session")
def apps(pytestconfig: pytest.Config) -> Path:
    return install_apps(pytestconfig.cache.mkdir("clickwright-20"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage(apps: Path) -> AsyncGenerator[AppStage]:
    made = AppStage(apps)
    yield made
    await made.close()
