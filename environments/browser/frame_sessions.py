"""DevTools of the frames that have a process of their own, opened once, so that what a script keeps in mind stays."""

from playwright.async_api import CDPSession, Frame, Page
from playwright.async_api import Error as PlaywrightError

from .devtools import ask


class FrameSessions:
    """A session for every frame of another process than the page's; none for the others."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._known: dict[Frame, CDPSession | None] = {}
        self._moved: set[Frame] = set()
        """Frames with another document than when they were last asked for, perhaps in another process."""

    def arrive(self, frame: Frame) -> None:
        """Another document has come in the frame."""
        if frame in self._known:
            self._moved.add(frame)

    async def now(self, most: int) -> list[CDPSession]:
        """Of the first so many frames of the page, as they are now."""
        frames = self._page.frames[1:most]
        for gone in self._known.keys() - set(frames):
            self._moved.discard(gone)
            del self._known[gone]
        for frame in frames:
            if frame not in self._known or (frame in self._moved and not await _lives(self._known[frame])):
                self._known[frame] = await self._open(frame)
            self._moved.discard(frame)
        return [session for frame in frames if (session := self._known[frame]) is not None]

    async def _open(self, frame: Frame) -> CDPSession | None:
        try:
            return await self._page.context.new_cdp_session(frame)
        except PlaywrightError:  # it is of the same process as the page, or went away
            return None


async def _lives(session: CDPSession | None) -> bool:
    if session is None:
        return False
    try:
        await ask(session, "Page.getFrameTree")
    except PlaywrightError:
        return False
    return True
