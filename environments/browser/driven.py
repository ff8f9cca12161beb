"""What every browser has in common that Playwright's driver starts: its time, its event loop, its end."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Any, Self

from playwright.async_api import BrowserContext, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from ...errors import EnvironmentLost, UsageError
from .faults import reason_of

LAUNCH_S = 60.0
"""The first start of Playwright's driver on a cold disk took 8 s, a launch 2 s."""
CLOSE_S = 5.0
RECOVERY_CLOSE_S = 2.0
"""A context that hangs closes in half a second; a browser that was stopped never does it."""
_GONE = "Connection closed while reading from the driver"
"""How Playwright says that its driver went."""


class Driven(ABC):
    """A browser that is started when first needed, started again when it was killed, and never left behind.

    Belongs to the event loop in which it is first used.
    """

    def __init__(self, launch_s: float) -> None:
        self.launch_s = launch_s
        self._loop: asyncio.AbstractEventLoop | None = None
        self._driver: Playwright | None = None
        self._starting = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the process, by force where it does not answer, and the driver with it."""
        await self._end_all()
        self._loop = None

    async def discard(self) -> None:
        """End a process that no longer answers, by force, and the driver, which may be flooded with what it told."""
        self._end_by_force()
        await self._end_all()

    def require_own_loop(self) -> None:
        """Raises UsageError in any other event loop than the first."""
        loop = asyncio.get_running_loop()
        if self._loop is not None and self._loop is not loop:
            raise UsageError("a browser belongs to the event loop it was started in: close it there first")
        self._loop = loop

    @property
    @abstractmethod
    def _failed(self) -> str:
        """What is said of a browser that does not come."""

    @abstractmethod
    def _end_by_force(self) -> None:
        """The process, without asking it."""

    @abstractmethod
    async def _kill(self) -> None:
        """The process, by force where it does not close in time."""

    async def _open(self, opening: Callable[[Playwright], Awaitable[BrowserContext]]) -> BrowserContext:
        """Raises EnvironmentLost when there is no browser, or it does not start within `launch_s`."""
        async with self._starting:
            try:
                async with asyncio.timeout(self.launch_s):
                    return await self._open_with_a_driver(opening)
            except TimeoutError:
                await self._kill()
                self._end_by_force()  # what was still starting
                raise EnvironmentLost(f"{self._failed} within {self.launch_s:g} s") from None
            except PlaywrightError as error:
                raise EnvironmentLost(f"{self._failed}: {reason_of(error)}") from error

    async def _open_with_a_driver(self, opening: Callable[[Playwright], Awaitable[BrowserContext]]) -> BrowserContext:
        """With a new driver where the old one has died, of which Playwright tells nothing but that calls fail."""
        had_driver = self._driver is not None
        try:
            return await opening(await self._started())
        except PlaywrightError as error:
            if not had_driver or "has been closed" not in str(error):
                raise
        await self.discard()
        return await opening(await self._started())

    async def _started(self) -> Playwright:
        if self._driver is None:
            loop = asyncio.get_running_loop()
            if loop.get_exception_handler() is None:
                loop.set_exception_handler(_complain)
            self._driver = await async_playwright().start()
        return self._driver

    async def _end_all(self) -> None:
        await self._kill()
        driver, self._driver = self._driver, None
        if driver is not None:
            await ended_within(CLOSE_S, driver.stop)


def _complain(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """As asyncio does, but not of a driver that went, as after Ctrl-C: every call tells of that.

    Playwright leaves it in a future besides, which nobody reads.
    """
    if str(context.get("exception")) != _GONE:
        loop.default_exception_handler(context)


async def ended_within(seconds: float, end: Callable[[], Awaitable[object]]) -> bool:
    """Whether it ended well and in time."""
    try:
        async with asyncio.timeout(seconds):
            await end()
    except (TimeoutError, PlaywrightError):
        return False
    return True
