"""DevTools of the frames that have a process of their own, opened once, so that what a script keeps in mind stays."""

import asyncio

from playwright.async_api import CDPSession, Frame, Page
from playwright.async_api import Error as PlaywrightError

from .devtools import ask

OPEN_S = 1.0
"""How long a frame's session may take: one that takes longer is there the next time."""
ANSWER_S = 0.5
"""How long a process is asked whether it still shows a frame: one that hangs does."""


class FrameSessions:
    """A session for every frame of another process than the page's; none for the others."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._known: dict[Frame, asyncio.Future[CDPSession | None]] = {}
        self._moved: set[Frame] = set()
        """Frames with another document than when they were last asked for, perhaps in another process."""

    def arrive(self, frame: Frame) -> None:
        """Another document has come in the frame."""
        if frame in self._known:
            self._moved.add(frame)

    async def now(self, most: int) -> list[CDPSession]:
        """Of the first so many frames of the page, as they are now. One that does not answer at once is left out."""
        frames = self._page.frames[1:most]
        for gone in self._known.keys() - set(frames):
            self._moved.discard(gone)
            del self._known[gone]
        found = await asyncio.gather(*map(self._soon, frames))
        return [session for session in found if session is not None]

    async def _soon(self, frame: Frame) -> CDPSession | None:
        try:
            async with asyncio.timeout(OPEN_S):
                return await self._of(frame)
        except TimeoutError:
            return None

    async def _of(self, frame: Frame) -> CDPSession | None:
        known = self._known.get(frame)
        if known is None or (frame in self._moved and not await _lives(await asyncio.shield(known))):
            known = self._known[frame] = asyncio.ensure_future(self._open(frame))
        self._moved.discard(frame)
        return await asyncio.shield(known)  # whoever gives up waiting leaves it to the next

    async def _open(self, frame: Frame) -> CDPSession | None:
        try:
            return await self._page.context.new_cdp_session(frame)
        except PlaywrightError:  # it is of the same process as the page, or went away
            return None


async def _lives(session: CDPSession | None) -> bool:
    if session is None:
        return False
    try:
        async with asyncio.timeout(ANSWER_S):
            await ask(session, "Page.getFrameTree")
    except TimeoutError:
        return True
    except PlaywrightError:
        return False
    return True
