"""Playwright's own trace of a context, for its trace viewer: everything that pages showed, sent and were told."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from playwright.async_api import BrowserContext
from playwright.async_api import Error as PlaywrightError

STOP_S = 3.0
"""A trace that takes longer to write is given up, so that a run ends in time."""


async def begin_trace(context: BrowserContext, path: Path) -> None:
    """Begin one that goes to this file, whose folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    await context.tracing.start(screenshots=True, snapshots=True)


@asynccontextmanager
async def grouped(context: BrowserContext, name: str) -> AsyncGenerator[None]:
    """A group of the trace around what is done meanwhile; harmless where none is written, or the browser is gone."""
    with suppress(PlaywrightError):
        await context.tracing.group(name)
    try:
        yield
    finally:
        with suppress(PlaywrightError):
            await context.tracing.group_end()


async def end_trace(context: BrowserContext, path: Path) -> None:
    """Write the trace, beside those that are there already, for nobody else to read. A lost browser leaves none."""
    free = path
    for number in range(2, 1000):
        if not free.exists():
            break
        free = path.with_stem(f"{path.stem}-{number}")
    free.touch(mode=0o600)
    try:
        async with asyncio.timeout(STOP_S):
            await context.tracing.stop(path=free)
    except (PlaywrightError, TimeoutError):
        free.unlink()
