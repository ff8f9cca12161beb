"""One page of a browser: its DevTools session, what it is still loading, and how its pixels relate to the screen."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from playwright.async_api import CDPSession, Frame, Page, Request
from playwright.async_api import Error as PlaywrightError

from ...screen import Box, Point
from .devtools import ask

_ENDLESS = frozenset({"eventsource", "media", "ping", "websocket"})
"""Requests that a page keeps open for as long as it lives."""


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


class BrowserPage:
    """A page whose requests are counted from the moment it exists."""

    def __init__(self, page: Page, device_scale: float) -> None:
        self.page = page
        self.title = ""
        """As it was when the page was last shown."""
        self.frame_id = ""
        """DevTools' name of its main frame, which it keeps for as long as it lives."""
        self.documents = 0
        """How many documents it has shown."""
        self._popups_expected = 0
        self._downloads_expected = 0
        self.is_uploading = False
        """Whether the next file chooser is being answered."""
        self._device_scale = device_scale
        self._session: CDPSession | None = None
        self._requests: set[Request] = set()
        self._downloading: dict[str, str] = {}
        self.on_download_grown: Callable[[str, float], None] | None = None
        """Told the address of a download and how many bytes it has or will have, while it comes."""
        self._changed = asyncio.Event()
        self._listeners: list[tuple[Any, Callable[..., None]]] = [
            ("request", self._begin),
            ("requestfinished", self._end),
            ("requestfailed", self._end),
            ("framenavigated", self._arrive),
        ]
        for event, listener in self._listeners:
            page.on(event, listener)

    async def prepare(self) -> None:
        """Open the DevTools session; harmless when called again."""
        if self._session is None:
            session = await self.page.context.new_cdp_session(self.page)
            session.on("Page.windowOpen", self._expect_popup)
            session.on("Page.frameRequestedNavigation", self._expect_download)
            session.on("Page.frameNavigated", self._count)
            session.on("Page.downloadWillBegin", self._begin_download)
            session.on("Page.downloadProgress", self._grow_download)
            await ask(session, "Page.enable")
            self._session = session

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        """One DevTools command and its answer."""
        await self.prepare()
        if self._session is None:
            raise AssertionError("prepare opens the session or raises")
        return await ask(self._session, method, **params)

    async def evaluate(self, expression: str) -> Any:
        """The value of a script, or of its promise. Does not return while the page is being left."""
        answer = await self.send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        return answer["result"].get("value")

    async def view(self) -> View:
        seen = (await self.send("Page.getLayoutMetrics"))["cssVisualViewport"]
        offset = Point(float(seen["offsetX"]), float(seen["offsetY"]))
        return self.view_at(float(seen["scale"]), offset, Point(float(seen["pageX"]), float(seen["pageY"])))

    def view_at(self, zoom: float, offset: Point, scrolled: Point) -> View:
        pixels_per_css = self._device_scale * zoom
        return View(pixels_per_css=pixels_per_css, zoom=zoom, offset=offset, scrolled=scrolled)

    @property
    def is_navigating(self) -> bool:
        """Whether the document of the page is on its way."""
        return any(request.is_navigation_request() and self._is_main(request) for request in self._requests)

    @property
    def is_loading(self) -> bool:
        """Whether anything is on its way that may change the picture."""
        return bool(self._requests) or self._popups_expected > 0 or self._downloads_expected > 0

    async def change(self, timeout_s: float, *, beside: "asyncio.Future[Any] | None" = None) -> None:
        """Wait until a request begins or ends, a popup arrives, the other work is done, or the time is over."""
        self._changed.clear()
        changed = asyncio.ensure_future(self._changed.wait())
        try:
            waited = {changed} if beside is None else {changed, beside}
            await asyncio.wait(waited, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            changed.cancel()

    def popup_arrived(self) -> None:
        self._popups_expected = max(0, self._popups_expected - 1)
        self._changed.set()

    def download_arrived(self) -> None:
        self._downloads_expected = max(0, self._downloads_expected - 1)
        self._changed.set()

    async def let_go(self) -> None:
        """Hear no more of a page that goes on without us."""
        for event, listener in self._listeners:
            self.page.remove_listener(event, listener)
        session, self._session = self._session, None
        if session is not None:
            await session.detach()

    def expect_nothing(self) -> None:
        """Popups and downloads that did not come in reasonable time will not come."""
        self._popups_expected = self._downloads_expected = 0

    def _expect_popup(self, _: object) -> None:
        self._popups_expected += 1
        self._changed.set()

    def _expect_download(self, asked: dict[str, Any]) -> None:
        # Of a link that downloads no request is told, only that it was followed.
        if asked.get("disposition") == "download":
            self._downloads_expected += 1
            self._changed.set()

    def _count(self, arrived: dict[str, Any]) -> None:
        if "parentId" not in arrived["frame"]:
            self.documents += 1

    def _begin_download(self, begun: dict[str, Any]) -> None:
        self._downloading[str(begun["guid"])] = str(begun["url"])

    def _grow_download(self, told: dict[str, Any]) -> None:
        guid = str(told["guid"])
        url = self._downloading.get(guid)
        if told["state"] != "inProgress":
            self._downloading.pop(guid, None)
        elif url is not None and self.on_download_grown is not None:
            self.on_download_grown(url, max(told["totalBytes"], told["receivedBytes"]))

    def _is_main(self, request: Request) -> bool:
        try:
            return request.frame == self.page.main_frame
        except PlaywrightError:  # the first request of a tab comes before its frame
            return True

    def _begin(self, request: Request) -> None:
        if request.resource_type not in _ENDLESS:
            self._requests.add(request)
            self._changed.set()

    def _end(self, request: Request) -> None:
        self._requests.discard(request)
        self._changed.set()

    def _arrive(self, frame: Frame) -> None:
        """A new document: what the old one was loading no longer counts."""
        if frame == self.page.main_frame:
            self._requests.clear()
            self._changed.set()


async def quietly(work: Coroutine[Any, Any, object]) -> None:
    """Do it; a page that closed meanwhile needs no answer."""
    try:
        await work
    except PlaywrightError:
        return
