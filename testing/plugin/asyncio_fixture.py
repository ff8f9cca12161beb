"""The fixture `async_ui` where pytest-asyncio runs the tests."""

import pytest_asyncio

from .fixtures import opened

async_ui = pytest_asyncio.fixture(name="async_ui")(opened)
