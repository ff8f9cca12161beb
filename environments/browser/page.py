"""One page of a browser: its DevTools session, what it is still loading, and how its pixels relate to the screen."""

import asyncio
import time
from dataclasses import dataclass
from math import inf
from typing import Any

from playwright.async_api import CDPSession, Frame, Page

from ...screen import Box, Point
from .devtools import ask
from .frame_sessions import FrameSessions
from .loading import LoadingPage

FRESH_S = 1.0
"""How long a frame may take to be there as a whole: what is done before that may have to be done again."""
ASKING_S = 0.5
"""How long DevTools are waited for to say whose dialog it is that Playwright tells of; they do at once."""
RESCALE_S = 0.05
"""Three frames: how long another process takes to hear of a scale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How a page lies on the screen at this moment: all that is needed to convert between the two.

    `pixels_per_css` is the device scale times the pinch zoom. `offset` is where the visible part begins in the
    page's viewport, which only a pinch moves; `scrolled` is where it begins in the document. Both in CSS pixels.
    """

    pixels_per_css: float
    zoom: float
    offset: Point
    scrolled: Point

    def to_input(self, point: Point) -> Point:
        """Screenshot pixels to what mouse events take: CSS pixels of the visible part."""
        return point.scale(1 / self.pixels_per_css, 1 / self.pixels_per_css)

    def to_viewport(self, point: Point) -> Point:
        """Screenshot pixels to what `elementFromPoint` takes."""
        place = self.to_input(point)
        return Point(place.x + self.offset.x, place.y + self.offset.y)

    def to_screen(self, box: Box) -> Box:
        """What `getBoundingClientRect` gives to screenshot pixels."""
        left, top = self.offset.x, self.offset.y
        moved = Box(box.x1 - left, box.y1 - top, box.x2 - left, box.y2 - top)
        return moved.scale(self.pixels_per_css, self.pixels_per_css)

    def to_document(self, point: Point) -> Point:
        """Screenshot pixels to CSS pixels from the beginning of the document."""
        place = self.to_input(point)
        return Point(place.x + self.scrolled.x, place.y + self.scrolled.y)


class BrowserPage(LoadingPage):
    """A page that is asked through DevTools.

    `shape` is what Playwright emulates of a screen, in the words of DevTools; none where the page has a real one.
    """

    def __init__(self, page: Page, device_scale: float, shape: dict[str, Any] | None = None) -> None:
        super().__init__(page)
        self.own_scale = 1.0
        """Pixels per CSS pixel in the pictures that our session takes, unless it asks for more."""
        self.frame_id = ""
        """DevTools' name of its main frame, which it keeps for as long as it lives."""
        self.frame_sessions = FrameSessions(page)
        self.remembered: frozenset[str] = frozenset()
        """DevTools' names of the frames of which it is known what they were as the last picture was taken."""
        self.has_slow_frames = False
        """Whether that is not known of some, which did not answer in time."""
        self._frames_came_s = self._rescaled_s = -inf
        self._asking: asyncio.Queue[str] = asyncio.Queue()
        """The address of the document whose dialog is open."""
        self._device_scale = device_scale
        self._shape = shape
        self._session: CDPSession | None = None
        self._preparing = asyncio.Lock()
        self._downloading: dict[str, str] = {}

    async def prepare(self) -> None:
        """Open the DevTools session; harmless when called again."""
        async with self._preparing:
            if self._session is None:
                self._session = await self._opened()

    async def _opened(self) -> CDPSession:
        session = await self.page.context.new_cdp_session(self.page)
        session.on("Page.windowOpen", self._expect_popup)
        session.on("Page.frameRequestedNavigation", self._expect_navigation)
        session.on("Page.frameNavigated", self._count)
        session.on("Page.downloadWillBegin", self._begin_download)
        session.on("Page.downloadProgress", self._grow_download)
        session.on("Page.javascriptDialogOpening", self._hear_dialog)
        session.on("Page.javascriptDialogClosed", self._forget_dialog)
        await ask(session, "Page.enable")
        if self._shape is not None:
            # Else each picture would switch the emulation off and on again, which pages hear, and after which
            # clicks into a frame of another process have been seen to land elsewhere.
            await ask(session, "Emulation.setDeviceMetricsOverride", **self._shape)
            self.own_scale = self._device_scale
        return session

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        """One DevTools command and its answer."""
        await self.prepare()
        if self._session is None:
            raise AssertionError("prepare opens the session or raises")
        return await ask(self._session, method, **params)

    async def asking(self) -> str:
        """The address of the document that has opened the dialog, in whatever frame; empty where nobody tells."""
        try:
            async with asyncio.timeout(ASKING_S):
                return await self._asking.get()
        except TimeoutError:
            return ""

    def knows(self, frame_id: str) -> bool:
        """Whether a frame can be compared with what it was, or that it was not there."""
        return frame_id == self.frame_id or frame_id in self.remembered or not self.has_slow_frames

    async def evaluate(self, expression: str) -> Any:
        answer = await self.send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        return answer["result"].get("value")

    async def stop(self) -> None:
        await self.send("Page.stopLoading")

    async def scale_new_frames(self) -> None:
        """Have frames of other processes that have come since hear of an emulated scale, before something points there.

        Chromium leaves such a frame with a scale of 1, so that what is done in it lands elsewhere, until a picture
        with a scale of its own is taken of the page.
        """
        if self._device_scale != 1 and self._rescaled_s < self._frames_came_s + FRESH_S:
            self._rescaled_s = time.monotonic()
            clip = {"x": 0, "y": 0, "width": 1, "height": 1, "scale": 1.5}
            await self.send("Page.captureScreenshot", format="png", clip=clip)
            await asyncio.sleep(RESCALE_S)

    async def view(self) -> View:
        seen = (await self.send("Page.getLayoutMetrics"))["cssVisualViewport"]
        offset = Point(float(seen["offsetX"]), float(seen["offsetY"]))
        return self.view_at(float(seen["scale"]), offset, Point(float(seen["pageX"]), float(seen["pageY"])))

    def view_at(self, zoom: float, offset: Point, scrolled: Point) -> View:
        pixels_per_css = self._device_scale * zoom
        return View(pixels_per_css=pixels_per_css, zoom=zoom, offset=offset, scrolled=scrolled)

    async def let_go(self) -> None:
        await super().let_go()
        session, self._session = self._session, None
        if session is not None:
            await session.detach()

    def _expect_popup(self, _: object) -> None:
        self._popups_expected += 1
        self._changed.set()

    def _expect_navigation(self, asked: dict[str, Any]) -> None:
        # The page itself tells this, in order with its answers: the request comes later, from the browser. Of a link
        # that downloads no request is told at all.
        if asked.get("disposition") == "download":
            self._downloads_expected += 1
        elif asked.get("disposition") == "currentTab":
            self._is_leaving = True
        self._changed.set()

    def _count(self, arrived: dict[str, Any]) -> None:
        if "parentId" not in arrived["frame"]:
            self._begin_document()

    def _hear_dialog(self, opened: dict[str, Any]) -> None:
        self._asking.put_nowait(str(opened["url"]))

    def _forget_dialog(self, _: object) -> None:
        while not self._asking.empty():
            self._asking.get_nowait()

    def _begin_download(self, begun: dict[str, Any]) -> None:
        self._downloading[str(begun["guid"])] = str(begun["url"])

    def _grow_download(self, told: dict[str, Any]) -> None:
        guid = str(told["guid"])
        url = self._downloading.get(guid)
        if told["state"] != "inProgress":
            self._downloading.pop(guid, None)
        elif url is not None and self.on_download_grown is not None:
            self.on_download_grown(url, max(told["totalBytes"], told["receivedBytes"]))

    def _arrive(self, frame: Frame) -> None:
        super()._arrive(frame)
        self.frame_sessions.arrive(frame)
        if frame != self.page.main_frame:
            self._frames_came_s = time.monotonic()
